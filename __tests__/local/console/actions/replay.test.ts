import { archivesOf } from '../../../../local/console/actions/replay';
import type { Graph } from '../../../../local/console/graph';
import { nodeId, startSystem, type System } from '../system';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(async () => system.stop());

/** Asks for a replay and lets time pass until it ends. */
const replayed = async (input: object) => {
  const before = system.local.timeline.hops.at(-1)!.id;
  const answer = system.act('replay', input);
  await system.local.timeline.waitFor(({ id, operation }) => id > before && operation === 'replay-end');
  return answer;
};

test('a replay of the archive, or of its bus, tells how many events went their way again', async () => {
  const [archive, bus, rule, other] = [
    'aws_cloudwatch_event_archive.',
    'aws_cloudwatch_event_bus.',
    'aws_cloudwatch_event_rule.order-created',
    'aws_cloudwatch_event_rule.user-created',
  ].map((begin) => nodeId(system.local, begin));
  const arnOf = (node: string) => system.local.resources.find(({ address }) => address === node)!.attributes.arn;
  const { time } = await system.read('status');
  const put = async (Time: number) => {
    const entry = { EventBusName: arnOf(bus!), Source: 'user.event', DetailType: 'UserUpdated', Detail: '{}', Time };
    await system.local.call('events', 'PutEvents', { Entries: [entry] });
  };
  const at = Math.ceil(time / 1000) + 86_400;
  for (const seconds of [0, 1, 2]) await put(at + seconds);
  const range = { from: (at + 1) * 1000, to: new Date((at + 2) * 1000).toISOString() };
  const { status, body } = await replayed({ node: archive, ...range });
  expect([status, body.text]).toEqual([
    200,
    expect.stringMatching(/^The replay console-\w{8} completed: 1 event of outbox-dev-events replayed$/),
  ]);
  const journey = await system.read(`journey?id=${body.hop}`);
  expect(journey.hops.map(({ operation }: { operation: string }) => operation)).toEqual(
    expect.arrayContaining(['StartReplay', 'replay', 'match', 'replay-end']),
  );
  expect(journey.verdicts).toContainEqual({
    level: 'note',
    text: expect.stringMatching(/^Replayed: UserUpdated from user\.event by console-\w{8}$/),
  });
  const from = at * 1000;
  const ofBus = await replayed({ node: bus, from, rules: [rule, other] });
  expect(ofBus.body.text).toContain('completed: 3 events');
  const { hops } = await system.read(`journey?id=${ofBus.body.hop}`);
  expect(hops.filter(({ summary }: { summary: string }) => summary.startsWith('none of the 2 rules'))).toHaveLength(3);
});

test('an archive belongs to its bus, not to whatever else names it, and not to a bus that is not on the map', () => {
  const node = (type: string) => ({ id: `core/${type}.it`, type });
  const bus = node('aws_cloudwatch_event_bus');
  const archive = node('aws_cloudwatch_event_archive');
  const handler = node('aws_lambda_function');
  const nodes = [bus, archive, handler];
  const ways = [
    [handler, archive],
    [bus, archive],
    [bus, handler],
  ] as const;
  const edges = ways.map(([from, to]) => ({ from: from.id, to: to.id }));
  const archivesAt = (graph: object, { id }: { id: string }) => archivesOf(graph as Graph, id);
  const found = [{ archive: archive.id, bus: bus.id }];
  expect(nodes.map((one) => archivesAt({ nodes, edges }, one))).toEqual([found, found, []]);
  expect(archivesAt({ nodes, edges: edges.slice(0, 1) }, archive)).toEqual([]);
});

test('a replay that cannot be is refused, with what is allowed', async () => {
  const archive = nodeId(system.local, 'aws_cloudwatch_event_archive.');
  const table = nodeId(system.local, 'aws_dynamodb_table.orders');
  const refusal = async (input: object) => (await system.act('replay', input)).body.error as string;
  expect(await refusal({ node: table })).toBe(
    `There is no archive at ${table}: choose an archive of a bus on the map, or that bus`,
  );
  expect(await refusal({ node: archive, rules: [table] })).toMatch(
    /is no rule of outbox-core\/aws_cloudwatch_event_bus/,
  );
  expect(await refusal({ node: archive, from: 'yesterday', to: 1e20 })).toBe(
    'from: must be epoch milliseconds or a time such as 2026-01-01T00:00:00Z; to: must be epoch milliseconds or a time such as 2026-01-01T00:00:00Z',
  );
  expect(await refusal({ node: archive, from: 2000, to: 1000 })).toMatch(/^ValidationException: .*EventStartTime must/);
  expect((await system.local.call('events', 'ListReplays', { NamePrefix: 'console-' })).Replays).toHaveLength(2);
});
