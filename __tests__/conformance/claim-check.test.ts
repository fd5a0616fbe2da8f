import { seededRandom } from '../../local/random';
import {
  audited,
  claimFailures,
  claimIdOf,
  heldBack,
  messagesClaimed,
  outcomes,
  payloadBucket,
  scan,
  submission,
  submit,
  taken,
} from './claim-flows';
import { dev, type Orders, startOrders } from './orders';

let local: Orders;
beforeEach(async () => {
  local = await startOrders();
});
afterEach(async () => local.stop());

const forEver = { times: Number.POSITIVE_INFINITY } as const;

test('messages of all sizes have an outcome, claims travel, and nothing is denied', async () => {
  await messagesClaimed(local);
  expect(local.timeline.hops.filter(({ outcome }) => outcome === 'denied')).toEqual([]);
});

test('what cannot be processed or delivered is kept for a person, and the next message is not held up', async () => {
  await claimFailures(local);
  await submit(local, submission('next', 1000));
  await local.pass(10_000);
  expect(await outcomes(local)).toEqual({ next: 'inline' });
});

test('a payload that is tampered with and a claim that has expired end in the dead letters, with the reason', async () => {
  const tampered = submission('tampered', 900_000);
  const expired = submission('expired', 1000);
  const stopped = heldBack(local);
  await submit(local, tampered);
  await submit(local, expired);
  await local.pass(10_000);
  stopped();
  const Body = submission('tampered', 900_001);
  await local.call('s3', 'PutObject', { Bucket: payloadBucket, Key: claimIdOf(tampered), Body });
  await local.call('dynamodb', 'UpdateItem', {
    TableName: dev('claims'),
    Key: { claimId: { S: claimIdOf(expired) } },
    UpdateExpression: 'SET expiresAt = :past',
    ExpressionAttributeValues: { ':past': { N: '1' } },
  });
  await local.pass(10 * 60_000);
  expect(await outcomes(local)).toEqual({});
  const codes = (await taken(local, 'processing-dlq')).map(({ code }) => code);
  // The row may be gone by then: DynamoDB deletes what has expired when it comes to it.
  expect(new Set(codes)).toEqual(new Set([expect.stringMatching(/^Claim(Expired|Missing)$/), 'PayloadTampered']));
});

test('what the bus refuses of a batch comes back alone', async () => {
  const pipe = dev('submission-pipe');
  // So that there are messages for whole batches when the pipe looks.
  local.faults.add({ service: 'sqs', operation: 'ReceiveMessage', principal: pipe, effect: 'throttle' });
  local.faults.add({ service: 'events', operation: 'PutEvents', principal: pipe, effect: 'partial', times: 5 });
  const ids = Array.from({ length: 20 }, (_, index) => `m-${index}`);
  for (const id of ids) await submit(local, submission(id, 1000));
  await local.pass(3_600_000);
  expect(Object.keys(await outcomes(local)).sort()).toEqual(ids.sort());
  const entries = local.timeline.hops.filter(
    ({ operation, principal }) => operation === 'PutEvents' && principal?.includes(pipe),
  );
  const [published, refused] = ['ok', 'failed'].map((outcome) => entries.filter((entry) => entry.outcome === outcome));
  expect(refused).toHaveLength(5);
  expect(published).toHaveLength(ids.length);
});

test('200 messages through throttles, failures and kills: each has one outcome, and only claims were on the bus', async () => {
  for (const effect of ['throttle', 'failBefore', 'failAfter', 'kill', 'killAfter'] as const)
    for (const principal of ['store-payload', 'retrieve-payload'])
      local.faults.add({ ...forEver, principal: dev(principal), effect, probability: 0.01 });
  for (const pipe of ['submission-pipe', 'processing-pipe'])
    for (const effect of ['throttle', 'failAfter'] as const)
      local.faults.add({ ...forEver, principal: dev(pipe), effect, probability: 0.02 });
  const random = seededRandom(4);
  const bodies = Array.from({ length: 200 }, (_, index) => {
    const largest = index % 20 === 0 ? 900_000 : index % 10 === 0 ? 300_000 : 5000;
    return submission(`m-${index}`, 300 + Math.floor(random.next() * largest));
  });
  for (let index = 0; index < bodies.length; index += 20) {
    for (const body of bodies.slice(index, index + 20)) {
      await submit(local, body);
      if (random.next() < 0.1) await submit(local, body);
    }
    await local.pass(1000);
  }
  await local.pass(2 * 3_600_000);

  const recorded = await scan(local, 'claim-outcomes');
  expect(new Set(recorded.map(({ sha256 }) => sha256.S))).toEqual(new Set(bodies.map(claimIdOf)));
  expect(recorded).toHaveLength(bodies.length);
  for (const queue of ['submission-dlq', 'processing-dlq', 'payload-claimed-rule-dlq'])
    expect([queue, await local.depth(queue)]).toEqual([queue, 0]);
  const events = await audited(local);
  expect(events.length).toBeGreaterThan(bodies.length);
  const executions = local.timeline.hops.filter(({ operation }) => operation === 'StartExecution');
  expect(executions.length).toBeGreaterThan(bodies.length);
  for (const event of events) expect(event).not.toContain('ZZ');
});
