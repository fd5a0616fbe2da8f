import { actions } from '../../../local/console/actions';
import { nodeId, startSystem, type System } from './system';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(async () => system.stop());

/** Expects that an action is refused as the person's mistake; gives the message. */
async function refused(action: string, input: unknown): Promise<string> {
  const { status, body } = await system.act(action, input);
  expect([action, status, body]).toEqual([action, 400, { error: expect.any(String) }]);
  return body.error;
}

const every = Object.keys(actions);

test.each(every)('%s takes an object, and says what it was given instead', async (action) => {
  const what = 'The body must be a JSON object with what the action needs, not';
  expect(await refused(action, null)).toBe(`${what} null`);
  expect(await refused(action, [])).toBe(`${what} an array`);
  expect(await refused(action, 12)).toBe(`${what} a number`);
  expect(await refused(action, 'text')).toBe(`${what} a string`);
});

test.each(every)('%s takes nothing that it does not know', async (action) => {
  expect(await refused(action, { another: 1 })).toContain('Unrecognized key: "another"');
});

test('each action names the node that is not there, or that is of another kind', async () => {
  for (const action of ['redrive', 'schedule'])
    expect(await refused(action, { node: 'orders/none' })).toBe('There is no orders/none');
  for (const begin of ['aws_dynamodb_table.orders', 'aws_cloudwatch_event_bus.', 'aws_pipes_pipe.orders']) {
    const node = nodeId(system.local, begin);
    expect(await refused('schedule', { node })).toMatch(/^\S+ \((?:table|bus|pipe)\) is not a schedule$/);
    expect(await refused('redrive', { node })).toMatch(
      /^\S+ \((?:table|bus|pipe)\) cannot be redriven: choose a queue/,
    );
  }
  const queue = nodeId(system.local, 'aws_sqs_queue.submission_queue');
  expect(await refused('redrive', { node: queue })).toBe(
    'submission (queue) cannot be redriven: choose a queue that takes the dead letters of a queue',
  );
});

describe('a fault', () => {
  const fault = (node: string, direction: string, call: string) => {
    const [service, operation] = call.split(' ');
    return { node, direction, service, operation, effect: 'throttle', times: 1, probability: 1 };
  };
  const table = () => nodeId(system.local, 'aws_dynamodb_table.orders');

  test.each([
    ['to', 'dynamo PutItem', 'The local runtime does not run the service dynamo'],
    ['to', 'dynamodb PutItems', 'dynamodb has no operation PutItems in the local runtime'],
    ['to', 'dynamodb constructor', 'dynamodb has no operation constructor in the local runtime'],
    [
      'to',
      'sqs SendMessage',
      'A fault cannot hit sqs SendMessage on orders (table): choose dynamodb TransactWriteItems,',
    ],
    ['by', 'dynamodb PutItem', 'A fault cannot hit dynamodb PutItem by orders (table): there are no such calls'],
  ])('%s a table cannot hit %s', async (direction, call, message) => {
    expect(await refused('fault', fault(table(), direction, call))).toContain(message);
    expect(system.local.faults.all).toEqual([]);
  });

  test('at a node that is not there is refused', async () => {
    expect(await refused('fault', fault('none', 'to', 'sqs SendMessage'))).toBe('There is no none');
  });

  test('that the page offers can be set, each of them', async () => {
    const { nodes } = await system.read('system');
    for (const { id, faults } of nodes)
      for (const { direction, service, operation } of faults)
        expect(await system.act('fault', fault(id, direction, `${service} ${operation}`))).toMatchObject({
          status: 200,
        });
    system.local.faults.clear();
  });
});

test('time is advanced by what is asked for, and no further than a week', async () => {
  expect(await refused('advance', { ms: 'an hour' })).toMatch(/^ms: /);
  expect(await refused('advance', { ms: 8 * 86_400_000 })).toMatch(/^Time can be advanced by 1 to 604,800,000/);
  const before = system.clock.now();
  const both = await Promise.all([system.act('advance', { ms: 5_400_000 }), system.act('advance', { ms: 5_400_000 })]);
  expect(both).toEqual(
    expect.arrayContaining([
      { status: 200, body: { text: expect.stringMatching(/^Time went on by 1 h 30 min: \d+ timers rang$/) } },
      { status: 400, body: { error: 'Time is being advanced already: wait until that has ended' } },
    ]),
  );
  expect(system.clock.now() - before).toBe(5_400_000);
  expect((await system.read('status')).time).toBe(system.clock.now());
});
