import { simulatedClock } from '../../../../local/clock';
import { seededRandom } from '../../../../local/random';
import { Runtime } from '../../../../local/runtime';
import type { Service } from '../../../../local/service';
import { events } from '../../../../local/services/events';
import { kms } from '../../../../local/services/kms';
import { sqs } from '../../../../local/services/sqs';
import { sts } from '../../../../local/services/sts';
import { runUntil } from '../../../../local/simulation';

export const arn = (suffix: string) => `arn:aws:events:eu-west-1:000000000000:${suffix}`;
export const bus = arn('event-bus/shop');
export const archive = arn('archive/kept');
/** Seconds since the epoch at which the simulated clock starts. */
export const start = Date.UTC(2026, 0, 1) / 1000;

/** A bus with an archive, on a simulated clock. */
export async function setUp(seed = 1) {
  const clock = simulatedClock();
  const runtime = new Runtime({ clock, random: seededRandom(seed), region: 'eu-west-1' });
  runtime.endpoint = 'http://127.0.0.1:4566';
  const services: Service[] = [kms(runtime), sts(runtime), sqs(runtime), events(runtime)];
  for (const service of services) runtime.register(service);
  const create = async (type: string, given: object): Promise<any> => {
    const resource = services.find((one) => type in one.resources)!.resources[type]!;
    const address = { address: `test/${type}.it`, stack: 'test', type, name: 'it' };
    return resource.create({ ...address, arguments: resource.arguments.parse(given) });
  };
  const call = async (operation: string, input: object, service = 'events'): Promise<any> =>
    runtime.call({ service, operation, input, principal: runtime.administrator });
  const mayReceive = (queue: string, Effect: 'Allow' | 'Deny' = 'Allow') => {
    const Principal = { Service: 'events.amazonaws.com' };
    const Statement = [{ Effect, Principal, Action: 'sqs:SendMessage', Resource: queue }];
    runtime.iam.setResourcePolicy(queue, { Version: '2012-10-17', Statement });
  };
  /** Makes a rule, and a queue of the same name as its target. */
  const rule = async (name: string, pattern: object, more: object = {}) => {
    const queue = await create('aws_sqs_queue', { name });
    const made = await create('aws_cloudwatch_event_rule', {
      name,
      event_bus_name: 'shop',
      event_pattern: JSON.stringify(pattern),
    });
    mayReceive(queue.arn);
    await create('aws_cloudwatch_event_target', {
      rule: name,
      event_bus_name: 'shop',
      target_id: 'it',
      arn: queue.arn,
      ...more,
    });
    return { rule: made.arn as string, queue: queue.arn as string };
  };
  await create('aws_cloudwatch_event_bus', { name: 'shop' });
  await create('aws_cloudwatch_event_archive', { name: 'kept', event_source_arn: bus, retention_days: 1 });

  /** Puts events that carry these times, in seconds from the start; the detail has the place in the list. */
  const put = async (...times: number[]) => {
    for (const [index, time] of times.entries()) {
      const Detail = JSON.stringify({ index });
      const entry = { EventBusName: 'shop', Source: 'users', DetailType: 'UserCreated', Resources: ['r'] };
      await call('PutEvents', { Entries: [{ ...entry, Detail, Time: start + time }] });
    }
    await pass(10);
  };
  const pass = async (ms: number) => {
    const end = clock.now() + ms;
    await runUntil(runtime, clock, () => false, ms);
    clock.moveTo(end);
  };
  /** Lets time pass until it holds. */
  const until = async (done: () => boolean) => expect(await runUntil(runtime, clock, done)).toBe(true);
  /** Replays from and to these seconds from the start. */
  const replay = async (name: string, from: number, to: number, more: object = {}, FilterArns?: string[]) =>
    call('StartReplay', {
      ReplayName: name,
      EventSourceArn: archive,
      EventStartTime: start + from,
      EventEndTime: start + to,
      Destination: { Arn: bus, ...(FilterArns && { FilterArns }) },
      ...more,
    });
  const ended = async (name: string) => {
    await until(() => hops('replay-end').some(({ summary }) => summary.startsWith(`${name} `)));
    await pass(10);
    return call('DescribeReplay', { ReplayName: name });
  };
  const hops = (operation: string) => runtime.timeline.hops.filter((hop) => hop.operation === operation);
  /** Takes all messages out of a queue and parses them. */
  const taken = async (queue: string): Promise<any[]> => {
    const QueueUrl = `${runtime.endpoint}/000000000000/${queue}`;
    const all: any[] = [];
    for (;;) {
      const { Messages = [] } = await call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 }, 'sqs');
      if (Messages.length === 0) return all.sort((a, b) => a.detail.index - b.detail.index);
      for (const { Body, ReceiptHandle } of Messages) {
        all.push(JSON.parse(Body));
        await call('DeleteMessage', { QueueUrl, ReceiptHandle }, 'sqs');
      }
    }
  };
  return { clock, runtime, create, call, mayReceive, rule, put, pass, until, replay, ended, hops, taken };
}

/** Pattern of the events that `put` puts. */
export const users = { source: ['users'] };
