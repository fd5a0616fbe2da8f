import { z } from 'zod';
import type { Graph } from '../graph';
import type { Model } from '../model';
import { ActionError, type Answer, awsErrors, check } from './action';
import { nextHop, patience } from './next-hop';

const aTime = 'must be epoch milliseconds or a time such as 2026-01-01T00:00:00Z';
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

const time = z
  .union([z.number(), z.string().regex(isoTime).transform(Date.parse)], aTime)
  .refine((milliseconds) => !Number.isNaN(new Date(milliseconds).getTime()), aTime);

/** The last time that there is in JavaScript, and as far from 1970 as the first. */
const timesEnd = 8.64e15;

const replayInput = z.strictObject({
  node: z.string(),
  from: time.default(-timesEnd),
  to: time.default(timesEnd),
  /** Nodes. @default all rules of the bus */
  rules: z.array(z.string()).default([]),
});

/** The archives that a node stands for, itself or those of the bus, each with its bus; that of a bus that is not on the map is none. */
export function archivesOf({ nodes, edges }: Graph, id: string): { readonly archive: string; readonly bus: string }[] {
  const of = (type: string) => new Set(nodes.filter((node) => node.type === type).map((node) => node.id));
  const archives = of('aws_cloudwatch_event_archive');
  const buses = of('aws_cloudwatch_event_bus');
  return edges
    .filter(({ from, to }) => buses.has(from) && archives.has(to) && (from === id || to === id))
    .map(({ from, to }) => ({ archive: to, bus: from }));
}

/** Puts the events of an archive on its bus again: all that it keeps, for all rules, unless told otherwise. */
export async function replay({ local, places, graph }: Model, input: unknown): Promise<Answer> {
  const { node, from, to, rules } = check(replayInput, input);
  const [found, another] = archivesOf(graph, node);
  if (!found)
    throw new ActionError(`There is no archive at ${node}: choose an archive of a bus on the map, or that bus`);
  if (another) throw new ActionError(`${node} has several archives: choose one of them`);
  const { archive, bus } = found;
  const ofBus = new Set(graph.edges.filter((edge) => edge.from === bus).map((edge) => edge.to));
  const own = graph.nodes.filter(({ id, type }) => type === 'aws_cloudwatch_event_rule' && ofBus.has(id));
  const stranger = rules.find((rule) => !own.some(({ id }) => id === rule));
  if (stranger !== undefined) throw new ActionError(`${stranger} is no rule of ${bus}`);
  const name = `console-${local.runtime.random.uuid().slice(0, 8)}`;
  const { arn } = places.get(archive)!;
  const ended = nextHop(
    local,
    ({ operation, resource, summary }) =>
      operation === 'replay-end' && resource === arn && summary.startsWith(`${name} `),
  );
  try {
    const request = {
      ReplayName: name,
      EventSourceArn: arn,
      EventStartTime: from / 1000,
      EventEndTime: to / 1000,
      Destination: { Arn: places.get(bus)!.arn, FilterArns: rules.map((id) => places.get(id)!.arn) },
    };
    await awsErrors(local.call('events', 'StartReplay', request));
    const end = await ended.hop;
    if (!end) return { text: `The replay ${name} still runs after ${patience / 1000} s; Events show how it goes on` };
    return { text: `The replay ${end.summary}`, hop: end.parents[0]! };
  } finally {
    ended.cancel();
  }
}
