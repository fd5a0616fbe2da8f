import { alphabetical, gathered, pipeFixture, readQueue } from './fixture';

let fixture: Awaited<ReturnType<typeof pipeFixture>>;
beforeEach(async () => {
  fixture = await pipeFixture();
});
afterEach(async () => fixture.close());

const enrichment = 'arn:aws:lambda:eu-west-1:000000000000:function:enrich';

/** A pipe whose enrichment is the function with this code. */
const started = async (code: string, given: object = {}) => {
  await fixture.addFunction('enrich', code);
  await fixture.createPipe({ enrichment, ...gathered, ...given });
  await fixture.runtime.start();
};
/** A pipe whose enrichment answers this for any records. */
const answering = async (expression: string, given: object = {}) =>
  started(`export const handler = async (records) => (${expression});`, given);
const details = () => fixture.events().map(({ detail }) => detail);
const total = (name: string) => fixture.total(name);

describe('the answer', () => {
  test('is made of the list of the records; each item is an event', async () => {
    await started(
      'export const handler = async (records) => records.map(({ body, eventSource }) => ({ body, eventSource }));',
    );
    await fixture.send('a', 'b', 'c');
    await fixture.runtime.idle();
    expect(
      details()
        .map(({ body }) => body as string)
        .toSorted(alphabetical),
    ).toEqual(['a', 'b', 'c']);
    expect(details()[0]).toEqual({ body: expect.any(String), eventSource: 'aws:sqs' });
    expect(await fixture.left()).toBe(0);
    const [invocation, ...others] = fixture.hops('lambda', 'Invoke');
    expect(others).toEqual([]);
    expect(invocation!.principal).toContain('assumed-role/pipe/claims');
    expect(invocation!.parents).toEqual(fixture.hops('pipes', 'batch').map(({ id }) => id));
    expect(fixture.causes()).toEqual([[invocation!.id], [invocation!.id], [invocation!.id]]);
  });

  test.each([
    ['{ claim: 1 }', [{ claim: 1 }]],
    ['[{}]', [{}]],
    ['[{ claim: 1 }, { claim: 2 }]', [{ claim: 1 }, { claim: 2 }]],
    ['""', []],
    ['{}', []],
    ['[]', []],
    ['null', []],
    ['undefined', []],
  ])('%s: the bus gets %j, and the message is done', async (answer, expected) => {
    await answering(answer);
    await fixture.send('a');
    await fixture.pass(120_000);
    expect(details()).toEqual(expected);
    expect(await fixture.left()).toBe(0);
    expect(await fixture.messages('dead')).toEqual([]);
    expect(fixture.hops('lambda', 'Invoke')).toHaveLength(1);
    expect(total('ExecutionFailed')).toBe(0);
  });

  test('gives the parameters of the target', async () => {
    const parameters = { source: '$.metadata.source', detail_type: '$.metadata.type' };
    await answering(`records.map(({ body }) => ({ metadata: { source: 'claims', type: body }, data: 1 }))`, {
      target_parameters: { eventbridge_event_bus_parameters: parameters },
    });
    await fixture.send('ClaimStored');
    await fixture.until(() => fixture.events().length === 1);
    expect(fixture.events()).toMatchObject([
      { source: 'claims', 'detail-type': 'ClaimStored', detail: { metadata: { type: 'ClaimStored' }, data: 1 } },
    ]);
  });

  test('longer than what the target takes: not invoked, and the batch fails', async () => {
    await answering('Array.from({ length: 11 }, () => ({ claim: 1 }))');
    await fixture.send('a');
    await fixture.pass(300_000);
    expect(fixture.hops('events', 'PutEvents')).toEqual([]);
    expect(await fixture.messages('dead')).toHaveLength(1);
    expect(fixture.hops('pipes', 'retry')[0]!.summary).toContain(
      'the enrichment answered 11 events, the target takes at most 10 at once',
    );
    expect(total('TargetStageFailed')).toBe(3);
  });

  test('larger than 6 MB: an error', async () => {
    await answering('["a".repeat(6_300_000)]');
    await fixture.send('a');
    await fixture.pass(300_000);
    expect(fixture.events()).toEqual([]);
    expect(await fixture.messages('dead')).toHaveLength(1);
    expect(fixture.hops('pipes', 'retry')[0]!.summary).toContain('Function.ResponseSizeTooLarge');
  });

  test('nested too deeply to be followed: an error', async () => {
    await answering('JSON.parse("[".repeat(2000) + "]".repeat(2000))');
    await fixture.send('a');
    await fixture.pass(300_000);
    expect(fixture.events()).toEqual([]);
    expect(await fixture.messages('dead')).toHaveLength(1);
    expect(fixture.hops('pipes', 'retry')[0]!.summary).toContain('InvalidEnrichmentResponse');
  });

  test('that is no event is refused by the target', async () => {
    await answering('["text"]');
    await fixture.send('a');
    await fixture.pass(300_000);
    expect(fixture.hops('pipes', 'retry')[0]!.summary).toContain('MalformedDetail');
    expect(await fixture.messages('dead')).toHaveLength(1);
  });
});

describe('failures', () => {
  test('of the function fail the whole batch, as receives', async () => {
    await started(`export const handler = async (records) => {
      if (records.some(({ body }) => body === 'bad')) throw Object.assign(new Error('no'), { name: 'ThrottlingException' });
      return records;
    };`);
    await fixture.send('good', 'bad');
    await fixture.pass(300_000);
    expect(await fixture.dead()).toEqual(['bad', 'good']);
    expect(fixture.hops('pipes', 'retry')[0]!.summary).toBe(
      'claims: 2 messages left in the queue: Unhandled: ThrottlingException: no',
    );
    expect(total('EnrichmentStageFailed')).toBe(3);
    expect(total('ExecutionFailed')).toBe(3);
    expect(fixture.metrics.filter(({ name }) => name === 'TargetStageDuration')).toEqual([]);
  });

  test.each(['throttle', 'failBefore', 'failAfter'] as const)('inside Lambda (%s) count no receive', async (effect) => {
    await answering('records.map(({ body, attributes }) => ({ body, attributes }))');
    fixture.runtime.faults.add({ operation: 'Invoke', principal: 'role/pipe', effect, times: 3 });
    await fixture.send('a');
    await fixture.until(() => fixture.events().length === 1);
    expect(details()[0]!['attributes']).toMatchObject({ ApproximateReceiveCount: '1' });
  });

  test('without lambda:InvokeFunction: denied, as receives', async () => {
    await answering('records');
    fixture.allowPipe('events:PutEvents', ...readQueue);
    await fixture.send('a');
    await fixture.pass(300_000);
    expect(fixture.hops('lambda', 'InvokeFunction').map(({ outcome }) => outcome)).toEqual([
      'denied',
      'denied',
      'denied',
    ]);
    expect(await fixture.messages('dead')).toHaveLength(1);
  });

  test('of events that kept messageId leave just their messages', async () => {
    const parameters = { detail_type: '$.type' };
    await answering('records.map(({ messageId, body }) => ({ messageId, ...(body !== "bad" && { type: body }) }))', {
      target_parameters: { eventbridge_event_bus_parameters: parameters },
    });
    await fixture.send('good', 'bad', 'fine');
    await fixture.pass(300_000);
    expect(
      fixture
        .events()
        .map((event) => event['detail-type'])
        .toSorted(alphabetical),
    ).toEqual(['fine', 'good']);
    expect(await fixture.messages('dead')).toMatchObject([{ Body: 'bad' }]);
    expect(total('ExecutionPartiallyFailed')).toBe(1);
    expect(fixture.hops('lambda', 'Invoke')).toHaveLength(3);
  });

  test('of events that kept nothing leave the whole batch', async () => {
    const parameters = { detail_type: '$.type' };
    await answering('records.map(({ body }) => (body !== "bad" ? { type: body } : {}))', {
      target_parameters: { eventbridge_event_bus_parameters: parameters },
    });
    await fixture.send('good', 'bad');
    await fixture.pass(300_000);
    expect(fixture.events().map((event) => event['detail-type'])).toEqual(['good', 'good', 'good']);
    expect(await fixture.dead()).toEqual(['bad', 'good']);
  });
});

describe('an execution', () => {
  const slowBus = (seconds: number) =>
    fixture.slow('events', 'PutEvents', seconds, () => ({ FailedEntryCount: 0, Entries: [{ EventId: 'id' }] }));

  test('of more than five minutes fails', async () => {
    await answering('records');
    slowBus(301);
    await fixture.send('a');
    await fixture.until(() => total('ExecutionTimeout') === 1);
    expect(fixture.hops('pipes', 'retry').at(-1)!.summary).toContain('took longer than 300 seconds');
    expect(total('ExecutionFailed')).toBe(0);
  });

  test('that lasts longer than its message is hidden: the message comes again, and dies', async () => {
    await answering('records');
    const calls = slowBus(90);
    await fixture.send('a');
    await fixture.pass(600_000);
    expect(calls.map((time) => time - calls[0]!)).toEqual([0, 60_000, 120_000]);
    expect(await fixture.dead()).toEqual(['a']);
    expect(total('ExecutionFailed')).toBe(0);
  });

  test('of less than five minutes does not', async () => {
    await answering('records');
    slowBus(299);
    await fixture.send('a');
    await fixture.pass(310_000);
    expect(total('ExecutionTimeout')).toBe(0);
  });

  test('whose enrichment took too long does not go on to the target', async () => {
    await answering('records');
    const invocations = fixture.slow('lambda', 'Invoke', 301, () => ({ StatusCode: 200, Payload: '[{"claim":1}]' }));
    await fixture.send('a');
    await fixture.pass(900_000);
    expect(invocations).toHaveLength(3);
    expect(total('ExecutionTimeout')).toBe(3);
    expect(fixture.events()).toEqual([]);
  });
});

describe('what is told of it', () => {
  const group = 'arn:aws:logs:eu-west-1:000000000000:log-group:/aws/vendedlogs/pipes/claims';
  const steps = async (level: string, code: string) => {
    await fixture.create('aws_cloudwatch_log_group', 'claims', { name: '/aws/vendedlogs/pipes/claims' });
    await fixture.create('aws_cloudwatch_log_resource_policy', 'claims', {
      policy_name: 'claims',
      policy_document: JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 'delivery.logs.amazonaws.com' },
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: `${group}:*`,
        },
      }),
    });
    await started(code, {
      log_configuration: {
        level,
        include_execution_data: ['ALL'],
        cloudwatch_logs_log_destination: { log_group_arn: group },
      },
    });
    await fixture.send('a');
    await fixture.until(() => total('EventCount') === 1);
    await fixture.runtime.idle();
    const { events } = await fixture.call('logs', 'FilterLogEvents', { logGroupName: '/aws/vendedlogs/pipes/claims' });
    return (events as { message: string }[]).map(({ message }) => JSON.parse(message));
  };
  const named = (lines: { messageType: string }[]) => lines.map(({ messageType }) => messageType);

  test('each stage is logged, with its request, answer and events', async () => {
    const lines = await steps('TRACE', 'export const handler = async () => [{ claim: 1 }];');
    expect(named(lines)).toEqual([
      'EXECUTION_STARTED',
      'ENRICHMENT_STAGE_ENTERED',
      'ENRICHMENT_INVOCATION_STARTED',
      'ENRICHMENT_INVOCATION_SUCCEEDED',
      'ENRICHMENT_STAGE_SUCCEEDED',
      'TARGET_STAGE_ENTERED',
      'TARGET_INVOCATION_STARTED',
      'TARGET_INVOCATION_SUCCEEDED',
      'TARGET_STAGE_SUCCEEDED',
      'EXECUTION_SUCCEEDED',
    ]);
    expect(lines[0].payload).toContain('"body":"a"');
    expect(lines[3]).toMatchObject({ awsRequest: expect.stringContaining(enrichment) });
    expect(JSON.parse(lines[3].awsResponse)).toEqual({ StatusCode: 200, Payload: '[{"claim":1}]' });
    expect(lines[4].payload).toBe('[{"claim":1}]');
    expect(lines[8].payload).toBe('[{"claim":1}]');
  });

  test('so is its failure', async () => {
    const lines = await steps('ERROR', 'export const handler = async () => { throw new Error("no"); };');
    expect(named(lines)).toEqual(['ENRICHMENT_INVOCATION_FAILED', 'ENRICHMENT_STAGE_FAILED', 'EXECUTION_FAILED']);
    expect(lines[2].error).toEqual({
      httpStatusCode: 400,
      message: 'Error: no',
      details: 'Unhandled',
      awsService: 'lambda',
    });
  });

  test('and that the target is skipped', async () => {
    expect(named(await steps('TRACE', 'export const handler = async () => [];')).slice(-2)).toEqual([
      'TARGET_STAGE_SKIPPED',
      'EXECUTION_SUCCEEDED',
    ]);
  });

  test('DescribePipe and ListPipes name the function', async () => {
    await answering('records');
    expect(await fixture.describe()).toMatchObject({ Enrichment: enrichment, EnrichmentParameters: {} });
    const { Pipes } = await fixture.call('pipes', 'ListPipes', {});
    expect(Pipes).toMatchObject([{ Name: 'claims', Enrichment: enrichment }]);
  });
});

describe('records of a stream', () => {
  test('are enriched too; a failed event that kept eventID is bisected out', async () => {
    const table = await fixture.create('aws_dynamodb_table', 'claims', {
      name: 'claims',
      billing_mode: 'PAY_PER_REQUEST',
      hash_key: 'id',
      attribute: [{ name: 'id', type: 'S' }],
      stream_enabled: true,
      stream_view_type: 'NEW_AND_OLD_IMAGES',
    });
    const failures = await fixture.queue('failures');
    const parameters = {
      starting_position: 'TRIM_HORIZON',
      batch_size: 10,
      maximum_retry_attempts: 1,
      maximum_batching_window_in_seconds: 1,
      dead_letter_config: { arn: failures },
    };
    await answering(
      'records.map(({ eventID, dynamodb }) => ({ eventID, ...(dynamodb.Keys.id.S !== "bad" && { type: dynamodb.Keys.id.S }) }))',
      {
        source: table.stream_arn,
        source_parameters: { dynamodb_stream_parameters: parameters },
        target_parameters: { eventbridge_event_bus_parameters: { detail_type: '$.type' } },
      },
    );
    for (const id of ['good', 'bad', 'fine']) {
      await fixture.call('dynamodb', 'PutItem', { TableName: 'claims', Item: { id: { S: id } } });
    }
    await fixture.pass(60_000);
    expect(
      fixture
        .events()
        .map((event) => event['detail-type'])
        .toSorted(alphabetical),
    ).toEqual(['fine', 'good']);
    expect(await fixture.messages('failures')).toHaveLength(1);
  });
});
