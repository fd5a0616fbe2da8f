import { fixture, handler, mapped, started } from './mapped-stream';

test('brings records as AWS does, in order, and names their causes', async () => {
  await mapped('export const handler = async (event) => { console.log(JSON.stringify(event)); };');
  await fixture.runtime.start();
  await fixture.put('a', { n: { N: '1' } });
  await fixture.runtime.idle();
  const line = (await fixture.lines('relay')).find((text) => text.includes('Records'))!;
  expect(JSON.parse(line.slice(line.indexOf('{')))).toEqual({
    Records: [
      {
        eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
        eventName: 'INSERT',
        eventVersion: '1.1',
        eventSource: 'aws:dynamodb',
        awsRegion: 'eu-west-1',
        dynamodb: {
          ApproximateCreationDateTime: 1_767_225_600,
          Keys: { id: { S: 'a' } },
          NewImage: { id: { S: 'a' }, n: { N: '1' } },
          SequenceNumber: expect.stringMatching(/^\d+$/),
          SizeBytes: expect.any(Number),
          StreamViewType: 'NEW_AND_OLD_IMAGES',
        },
        eventSourceARN: fixture.table.stream_arn,
      },
    ],
  });
  const write = fixture.runtime.timeline.hops.find((hop) => hop.operation === 'PutItem');
  expect(fixture.starts('relay')).toMatchObject([{ parents: [write!.id], summary: 'relay: 1 record, cold start' }]);
  expect(fixture.clock.step(Infinity)).toBe(false);
});

test('LATEST begins at the start, even if the first record comes after the iterator has expired', async () => {
  await mapped(handler(), { starting_position: 'LATEST' });
  await fixture.put('before');
  await fixture.pass(2000);
  await fixture.runtime.start();
  await fixture.runtime.idle();
  await fixture.pass(20 * 60_000);
  await fixture.put('after');
  await fixture.pass(1);
  expect(await fixture.batches()).toEqual([['after']]);
});

test('batches are full, or gathered in the window', async () => {
  await started(handler(), { batch_size: 3, maximum_batching_window_in_seconds: 5 });
  expect(await fixture.batches()).toEqual([['a', 'b', 'c']]);
  await fixture.pass(5000);
  expect(await fixture.batches()).toEqual([['a', 'b', 'c'], ['d']]);
});

test('an event stays below 6 MB', async () => {
  await mapped(handler(), { maximum_batching_window_in_seconds: 1 });
  const payload = { S: 'x'.repeat(390_000) };
  for (let i = 0; i < 20; i++) await fixture.put(`p${i}`, { payload });
  await fixture.runtime.start();
  await fixture.pass(1000);
  expect((await fixture.batches()).map((batch) => batch.length)).toEqual([16, 4]);
});

test('filters see the whole record; what does not fit only advances', async () => {
  await mapped(handler(), {
    metrics_config: { metrics: ['EventCount'] },
    filter_criteria: {
      filter: [
        { pattern: JSON.stringify({ eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: ['user'] } } } }) },
        { pattern: JSON.stringify({ eventName: ['REMOVE'], userIdentity: { principalId: [{ exists: false }] } }) },
      ],
    },
  });
  await fixture.put('a', { kind: { S: 'user' } });
  await fixture.put('b', { kind: { S: 'robot' } });
  await fixture.call('dynamodb', 'DeleteItem', { TableName: 'users', Key: { id: { S: 'a' } } });
  await fixture.runtime.start();
  await fixture.runtime.idle();
  expect(await fixture.batches()).toEqual([['a', 'a']]);
  expect(fixture.hops('filter')).toMatchObject([{ outcome: 'filtered', summary: 'relay filters INSERT out' }]);
  expect(fixture.total('PolledEventCount')).toBe(3);
  expect(fixture.total('FilteredOutEventCount')).toBe(1);
  expect(fixture.total('InvokedEventCount')).toBe(2);
});

test('switched off and on again, it goes on where it stopped', async () => {
  await started(handler(), { batch_size: 2 });
  const input = { UUID: fixture.mapping.uuid };
  await fixture.call('lambda', 'UpdateEventSourceMapping', { ...input, Enabled: false });
  await fixture.put('e');
  await fixture.runtime.idle();
  expect(await fixture.batches()).toHaveLength(2);
  await fixture.call('lambda', 'UpdateEventSourceMapping', { ...input, Enabled: true });
  await fixture.runtime.idle();
  expect((await fixture.batches()).flat()).toEqual(['a', 'b', 'c', 'd', 'e']);
});
