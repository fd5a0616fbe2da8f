import { mappingFixture as setUp, queueArn } from './queue-fixture';

let fixture: Awaited<ReturnType<typeof setUp>>;
afterEach(async () => fixture.close());

const reports = { function_response_types: ['ReportBatchItemFailures'] };

test('brings messages as AWS does, deletes them after, and names their causes', async () => {
  fixture = await setUp('export const handler = async (event) => { console.log(JSON.stringify(event)); };');
  await fixture.runtime.start();
  fixture.send('a', 'b');
  await fixture.runtime.idle();
  expect(fixture.messages).toEqual([]);
  const line = (await fixture.lines('consumer')).find((text) => text.includes('Records'))!;
  expect(JSON.parse(line.slice(line.indexOf('{')))).toEqual({
    Records: ['a', 'b'].map((body) => ({
      messageId: `m-${body}`,
      receiptHandle: `handle-m-${body}`,
      body,
      attributes: { ApproximateReceiveCount: '1' },
      messageAttributes: {
        kind: { stringValue: 'order', stringListValues: [], binaryListValues: [], dataType: 'String' },
      },
      md5OfBody: 'md5',
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: 'eu-west-1',
    })),
  });
  expect(fixture.starts()).toMatchObject([{ summary: 'consumer: 2 messages, cold start', parents: [1, 2] }]);
});

test('polls once at the start and then only when the queue signals', async () => {
  fixture = await setUp('export const handler = async () => {};');
  await fixture.runtime.start();
  await fixture.runtime.idle();
  expect(fixture.receives).toEqual([0]);
  expect(fixture.clock.step(Infinity)).toBe(false);
});

test.each([
  ['null', 0],
  ['undefined', 0],
  ['{}', 0],
  ['""', 0],
  ['{ batchItemFailures: null }', 0],
  ['{ batchItemFailures: [] }', 0],
  ['{ batchItemFailures: [{ itemIdentifier: "m-b" }] }', 1],
  ['{ batchItemFailures: [{ itemIdentifier: "m-b" }, { itemIdentifier: "m-b" }] }', 1],
  ['{ batchItemFailures: [{ itemIdentifier: "m-a" }, { itemIdentifier: "m-c" }] }', 2],
  ['{ batchItemFailures: [{ itemIdentifier: "nobody" }] }', 3],
  ['{ batchItemFailures: [{ itemIdentifier: "" }] }', 3],
  ['{ batchItemFailures: [{ itemIdentifier: null }] }', 3],
  ['{ batchItemFailures: [{ id: "m-a" }] }', 3],
  ['{ batchItemFailures: [null] }', 3],
  ['{ batchItemFailures: "m-a" }', 3],
  ['"m-a"', 3],
  ['(() => { throw new Error("all"); })()', 3],
])('answer %s leaves %i of 3 messages', async (answer, left) => {
  fixture = await setUp(`export const handler = async () => (${answer});`, reports);
  await fixture.runtime.start();
  fixture.send('a', 'b', 'c');
  await fixture.runtime.idle();
  expect(fixture.messages).toHaveLength(left);
  const failed = fixture.runtime.timeline.hops.filter((hop) => hop.outcome === 'failed');
  expect(failed).toHaveLength(left > 0 ? 1 : 0);
});

test('without ReportBatchItemFailures the answer does not matter', async () => {
  fixture = await setUp('export const handler = async () => ({ batchItemFailures: [{ itemIdentifier: "m-a" }] });');
  await fixture.runtime.start();
  fixture.send('a');
  await fixture.runtime.idle();
  expect(fixture.messages).toEqual([]);
});

test('failed messages come again after the visibility timeout, not before', async () => {
  fixture = await setUp(
    'export const handler = async ({ Records }) => ({ batchItemFailures: Records.filter((r) => r.attributes.ApproximateReceiveCount < 3).map((r) => ({ itemIdentifier: r.messageId })) });',
    reports,
  );
  await fixture.runtime.start();
  const start = fixture.clock.now();
  fixture.send('a');
  expect(await fixture.until(() => fixture.messages.length === 0)).toBe(true);
  expect(fixture.starts().map((hop) => hop.time - start)).toEqual([0, 30_000, 60_000]);
});

test('takes no more at once than its concurrency, and all in the end', async () => {
  const code = 'export const handler = async () => { await new Promise((done) => setTimeout(done, 30)); };';
  fixture = await setUp(code, { batch_size: 1, scaling_config: { maximum_concurrency: 2 } });
  await fixture.runtime.start();
  fixture.send('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
  await fixture.runtime.idle();
  expect(fixture.messages).toEqual([]);
  expect(fixture.starts()).toHaveLength(8);
  expect(
    Math.max(...fixture.metrics.filter(({ name }) => name === 'ConcurrentExecutions').map(({ value }) => value)),
  ).toBe(2);
});

test('gathers a batch within the window', async () => {
  fixture = await setUp('export const handler = async () => {};', {
    batch_size: 25,
    maximum_batching_window_in_seconds: 5,
  });
  await fixture.runtime.start();
  const start = fixture.clock.now();
  fixture.send('a', 'b');
  await fixture.runtime.idle();
  fixture.clock.step(Infinity);
  fixture.send('c');
  await fixture.runtime.idle();
  expect(fixture.starts()).toMatchObject([{ summary: 'consumer: 2 messages, cold start', time: start + 5000 }]);
  expect(await fixture.until(() => fixture.messages.length === 0)).toBe(true);
  fixture.send(...Array.from({ length: 30 }, (_, i) => `n${i}`));
  await fixture.runtime.idle();
  expect(fixture.starts()[2]).toMatchObject({ summary: 'consumer: 25 messages' });
  expect(await fixture.until(() => fixture.messages.length === 0)).toBe(true);
  expect(fixture.starts()[3]).toMatchObject({ summary: 'consumer: 5 messages' });
});

test('filters: what does not fit is deleted and never delivered', async () => {
  const pattern = (value: object) => ({ pattern: JSON.stringify({ body: value }) });
  fixture = await setUp('export const handler = async () => {};', {
    filter_criteria: { filter: [pattern({ kind: ['order'] }), pattern({ size: [{ numeric: ['>', 5] }] })] },
  });
  await fixture.runtime.start();
  fixture.send('{"kind":"order"}', '{"kind":"user"}', 'no json', '{"size":6}');
  await fixture.runtime.idle();
  expect(fixture.messages).toEqual([]);
  expect(fixture.starts()).toMatchObject([{ summary: 'consumer: 2 messages, cold start', parents: [1, 4] }]);
  expect(fixture.runtime.timeline.hops.filter((hop) => hop.outcome === 'filtered').map((hop) => hop.parents)).toEqual([
    [2],
    [3],
  ]);
});

test('counts events if asked', async () => {
  fixture = await setUp('export const handler = async () => ({ batchItemFailures: [{ itemIdentifier: "m-b" }] });', {
    ...reports,
    metrics_config: { metrics: ['EventCount'] },
  });
  await fixture.runtime.start();
  fixture.send('a', 'b', 'c');
  await fixture.runtime.idle();
  const counted = fixture.metrics.filter(
    ({ dimensions }) => dimensions['EventSourceMappingUUID'] === fixture.mapping.uuid,
  );
  expect(Object.fromEntries(counted.map(({ name, value }) => [name, value]))).toEqual({
    PolledEventCount: 3,
    InvokedEventCount: 3,
    FailedInvokeEventCount: 1,
    DeletedEventCount: 2,
  });
});

test('splits what exceeds the size of an event', async () => {
  fixture = await setUp('export const handler = async ({ Records }) => { };');
  await fixture.runtime.start();
  fixture.send(...Array.from({ length: 8 }, (_, i) => `${i}`.repeat(1_000_000)));
  await fixture.runtime.idle();
  expect(fixture.messages).toEqual([]);
  expect(fixture.starts().map((hop) => hop.summary)).toEqual([
    'consumer: 6 messages, cold start',
    expect.stringMatching(/2 messages/),
  ]);
});
