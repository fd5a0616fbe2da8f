import { existsSync, readdirSync } from 'node:fs';
import { nextHop } from '../../../local/console/actions/next-hop';
import { showing } from '../../../local/console/showing';
import { nodeId, startSystem, type System } from './system';

let system: System;
afterEach(async () => system.stop());

/** Reads the stream of events until it ends or holds the text. */
async function streamed(text: string): Promise<string> {
  const end = new AbortController();
  const response = await fetch(`${system.page.url}/api/events`, { signal: end.signal });
  let held = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream() as any) as any) {
    held += chunk;
    if (held.includes(text)) break;
  }
  end.abort();
  return held;
}

const runOf = (held: string) => /"run":"([\w-]+)"/.exec(held)![1]!;

async function sendOrder(): Promise<void> {
  const { samples } = await system.read('system');
  const { id, body } = samples.find(({ title }: { title: string }) => title === 'POST /createId');
  expect(await system.act('send', { sample: id, body })).toMatchObject({ status: 200 });
}

test('everything is as after the start, at the same ports', async () => {
  system = await startSystem();
  const { endpoint, apis } = system.local;
  const first = system.local;
  await sendOrder();
  await system.local.timeline.waitFor(({ operation }) => operation === 'DeleteMessage');
  const node = nodeId(system.local, 'aws_cloudwatch_event_bus.');
  const fault = { node, direction: 'to', service: 'events', operation: 'PutEvents' };
  await system.act('fault', { ...fault, effect: 'deny', times: 5, probability: 1 });
  const listening = streamed('never');
  const before = await streamed('"run"');

  expect(await system.act('reset', {})).toEqual({ status: 200, body: { text: 'Everything is as after the start' } });

  expect(await listening).toMatch(/event: restart\ndata: \{\}\n\n$/);
  expect(system.local).not.toBe(first);
  expect([system.local.endpoint, system.local.apis]).toEqual([endpoint, apis]);
  const { faults, nodes, denied } = await system.read('status');
  expect([faults, denied]).toEqual([[], 0]);
  expect(nodes[nodeId(system.local, 'aws_dynamodb_table.orders')].hops).toBe(0);
  for (const { type, attributes } of system.local.resources) {
    if (type !== 'aws_dynamodb_table') continue;
    expect(await system.local.call('dynamodb', 'Scan', { TableName: attributes.name })).toMatchObject({ Count: 0 });
  }
  const { run } = await system.read('system');
  expect(run).not.toBe(runOf(before));
  expect(runOf(await streamed('"run"'))).toBe(run);
  const { timeline } = first;
  const { length } = timeline.hops;
  await sendOrder();
  await system.local.timeline.waitFor(({ operation }) => operation === 'DeleteMessage');
  expect(timeline.hops).toHaveLength(length);
});

/** Threads of this process; Linux tells. */
const threads = () => (existsSync('/proc/self/task') ? readdirSync('/proc/self/task').length : 0);
const servers = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;

test('again and again, nothing of the runs before is left', async () => {
  system = await startSystem();
  const left: number[][] = [];
  for (let time = 0; time < 4; time++) {
    await sendOrder();
    await system.local.timeline.waitFor(({ operation }) => operation === 'DeleteMessage');
    expect(await system.act('reset', {})).toMatchObject({ status: 200 });
    left.push([threads(), servers(), process.listenerCount('exit'), process.listenerCount('SIGINT')]);
  }
  expect(left.slice(1)).toEqual([left[0], left[0], left[0]]);
});

test('two at once: the system begins anew, and both are told', async () => {
  system = await startSystem();
  const answers = await Promise.all([system.act('reset', {}), system.act('reset', {})]);
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
  for (const { status, body } of answers)
    if (status !== 200) expect(body.error).toBe('The system was reset already: load the page again');
  await sendOrder();
});

test('two of one page at once: one begins anew, the other is told', async () => {
  system = await startSystem();
  let restarts = 0;
  const shown = showing(system.local, async (before) => {
    restarts++;
    return before.restart();
  });
  const model = await shown();
  expect(await Promise.all([model.reset(), model.reset()])).toEqual([true, false]);
  expect(restarts).toBe(1);
  await (await shown()).local.stop();
});

test('what was started again neither stops nor starts again: that is for what runs now', async () => {
  system = await startSystem();
  const second = await system.local.restart();
  await system.local.stop();
  await expect(system.local.restart()).rejects.toThrow('The system was started again already');
  const third = await second.restart();
  expect(third.endpoint).toBe(system.local.endpoint);
  await third.stop();
});

test('what waits for a hop when the runtime stops waits for ten real seconds at most', async () => {
  system = await startSystem();
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance'] });
  try {
    const next = nextHop(system.local, () => false);
    await system.local.runtime.stop();
    jest.advanceTimersByTime(10_000);
    expect(await next.hop).toBeUndefined();
    next.cancel();
  } finally {
    jest.useRealTimers();
  }
});

test('a system that cannot start again is reported, with why', async () => {
  system = await startSystem(async (before) => {
    await before.stop();
    throw new Error('port 4566 is in use');
  });
  const { status, body } = await system.act('reset', {});
  expect([status, body.error]).toEqual([
    400,
    'The system cannot be started again, and nothing runs any more: port 4566 is in use. Start it with npm start.',
  ]);
  expect((await fetch(system.page.url)).status).toBe(500);
});
