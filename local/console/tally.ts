import type { Local } from '../index';
import type { Hop } from '../timeline';
import type { Graph } from './graph';
import type { Places } from './places';

/** What is known of a node right now. */
export interface NodeStatus {
  /** Hops at the node since the start. */
  readonly hops: number;
  /** Of these, how many failed, were denied, throttled or dead-lettered. */
  readonly errors: number;
  /** Messages in a queue: visible and in flight. */
  readonly depth?: number;
  /** Age of a queue's oldest message, in seconds. */
  readonly age?: number;
  /** State of each alarm by its name: `OK`, `ALARM`, `INSUFFICIENT_DATA`. */
  readonly alarms?: Readonly<Record<string, string>>;
}

const errors: ReadonlySet<Hop['outcome']> = new Set(['failed', 'denied', 'throttled', 'dead-lettered']);

/** Counts hops by node, those before the page was opened too. */
export class Tally {
  private readonly counts = new Map<string, { hops: number; errors: number }>();
  /** Denied calls since the start. */
  denied = 0;

  constructor(
    private readonly local: Local,
    private readonly graph: Graph,
    private readonly places: Places,
  ) {
    for (const hop of local.timeline.hops) this.count(hop);
    local.timeline.subscribe((hop) => this.count(hop));
  }

  private count(hop: Hop): void {
    if (hop.outcome === 'denied') this.denied++;
    const node = this.places.find(hop.resource);
    if (!node) return;
    const counted = this.counts.get(node) ?? { hops: 0, errors: 0 };
    counted.hops++;
    if (errors.has(hop.outcome)) counted.errors++;
    this.counts.set(node, counted);
  }

  /** The status of each node, by its id. */
  async status(): Promise<Record<string, NodeStatus>> {
    const queues = this.queueGauges();
    const states = await this.alarmStates();
    return Object.fromEntries(
      this.graph.nodes.map(({ id, type, alarms }): [string, NodeStatus] => [
        id,
        {
          ...(this.counts.get(id) ?? { hops: 0, errors: 0 }),
          ...(type === 'aws_sqs_queue' && queues.get(this.places.get(id)!.name)),
          ...(alarms.length > 0 && {
            alarms: Object.fromEntries(alarms.map(({ name }) => [name, states.get(name) ?? 'INSUFFICIENT_DATA'])),
          }),
        },
      ]),
    );
  }

  /** Read where CloudWatch samples them: a call to the queue would use up the faults set on it. */
  private queueGauges(): Map<string, { depth?: number; age?: number }> {
    const found = new Map<string, { depth?: number; age?: number }>();
    for (const { namespace, name, dimensions, value } of this.local.runtime.gauges.sample()) {
      if (namespace !== 'AWS/SQS' || !dimensions.QueueName) continue;
      const queue = found.get(dimensions.QueueName) ?? {};
      if (/^ApproximateNumberOfMessages(Not)?Visible$/.test(name)) queue.depth = (queue.depth ?? 0) + value;
      if (name === 'ApproximateAgeOfOldestMessage') queue.age = value;
      found.set(dimensions.QueueName, queue);
    }
    return found;
  }

  private async alarmStates(): Promise<Map<string, string>> {
    const states = new Map<string, string>();
    let NextToken: unknown;
    do {
      const page = await this.local.call('cloudwatch', 'DescribeAlarms', { NextToken });
      for (const { AlarmName, StateValue } of page.MetricAlarms ?? []) states.set(AlarmName, StateValue);
      NextToken = page.NextToken;
    } while (NextToken);
    return states;
  }
}
