import { array, assert, asyncProperty, constantFrom, integer } from 'fast-check';
import { AwsError } from '../../../local/aws-error';
import { entryParents } from '../../../local/services/events/entry';
import { type Entry, Harness, type Line, bus, pipeArn, queue, role, stream } from './pipes/harness';

const deadLetters = { dead_letter_config: [{ arn: queue }] };
const bisecting = { ...deadLetters, on_partial_batch_item_failure: 'AUTOMATIC_BISECT' };
const ids = (count: number) => Array.from({ length: count }, (_, i) => `o${i}`);

async function started(parameters: object = {}, rest: object = {}): Promise<Harness> {
  const harness = new Harness();
  await harness.pipe(parameters, rest);
  await harness.start();
  return harness;
}

describe('what the bus receives', () => {
  test('the bare record, under the names AWS gives', async () => {
    const harness = await started();
    const cause = harness.write('o1', { Status: { S: 'CREATED' } });
    await harness.until(() => harness.sent.length === 1);
    const entry = harness.sent[0]!.entries[0]!;
    expect(entry).toMatchObject({
      EventBusName: bus,
      Source: 'Pipe orders',
      DetailType: 'Event from aws:dynamodb',
      Resources: [],
    });
    expect(entry).not.toHaveProperty('Time');
    expect(JSON.parse(entry.Detail)).toEqual({
      eventID: 'e0',
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      eventSourceARN: stream,
      awsRegion: 'eu-west-1',
      dynamodb: {
        ApproximateCreationDateTime: 1_767_225_600,
        Keys: { id: { S: 'o1' } },
        NewImage: { id: { S: 'o1' }, Status: { S: 'CREATED' } },
        SequenceNumber: '1',
        SizeBytes: 26,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    });
    const [hop] = harness.hops('batch');
    expect(hop!.parents).toEqual([cause]);
    expect(entry[entryParents]).toEqual([hop!.id]);
  });

  test('parameters, as text and as paths', async () => {
    const parameters = {
      source: 'shop.orders',
      detail_type: '$.dynamodb.NewImage.type.S',
      time: '$.dynamodb.NewImage.at.S',
      resources: ['$.dynamodb.Keys.id.S'],
    };
    const harness = await started({}, { target_parameters: [{ eventbridge_event_bus_parameters: [parameters] }] });
    harness.write('o1', { type: { S: 'OrderPlaced' }, at: { S: '2026-01-02T00:00:00Z' } });
    await harness.until(() => harness.sent.length === 1);
    expect(harness.sent[0]!.entries[0]).toMatchObject({
      Source: 'shop.orders',
      DetailType: 'OrderPlaced',
      Time: Date.UTC(2026, 0, 2) / 1000,
      Resources: ['o1'],
    });
  });

  test('a path that leads nowhere fails that record only', async () => {
    const parameters = { detail_type: '$.dynamodb.NewImage.type.S' };
    const harness = await started(bisecting, { target_parameters: { eventbridge_event_bus_parameters: parameters } });
    harness.write('bad');
    harness.write('good', { type: { S: 'OrderPlaced' } });
    await harness.until(() => harness.deadLetters.length === 1);
    expect(harness.delivered).toEqual(['good']);
    expect(harness.deadLetters[0]!.body.DDBStreamBatchInfo.startSequenceNumber).toBe('1');
  });
});

describe('reading', () => {
  test('TRIM_HORIZON takes what was written before, LATEST does not', async () => {
    for (const [position, expected] of [
      ['TRIM_HORIZON', ['before', 'after']],
      ['LATEST', ['after']],
    ] as const) {
      const harness = new Harness();
      await harness.pipe({ starting_position: position });
      harness.write('before');
      await harness.start();
      await harness.runtime.idle();
      harness.write('after');
      await harness.until(() => harness.delivered.includes('after'));
      expect(harness.delivered).toEqual(expected);
    }
  });

  test('nothing is read and no timer is left while nothing is written', async () => {
    const harness = await started({ maximum_batching_window_in_seconds: 5 });
    await harness.runtime.idle();
    const reads = harness.reads;
    expect(harness.clock.step(Infinity)).toBe(false);
    expect(harness.reads).toBe(reads);
  });

  test('a failed read is tried again and loses nothing', async () => {
    const harness = await started();
    harness.runtime.faults.add({ operation: 'GetRecords', effect: 'throttle', times: 3 });
    for (const id of ids(3)) harness.write(id);
    expect(await harness.until(() => harness.delivered.length === 3)).toBe(true);
    expect(harness.delivered).toEqual(ids(3));
  });

  test('an iterator that expired is replaced', async () => {
    const harness = await started();
    harness.write('o1');
    await harness.until(() => harness.delivered.length === 1);
    const { GetRecords, GetShardIterator } = harness.runtime.service('dynamodbstreams').operations;
    const asked = jest.spyOn(GetShardIterator!, 'run');
    jest.spyOn(GetRecords!, 'run').mockImplementationOnce(() => {
      throw new AwsError('ExpiredIteratorException', 'Iterator expired');
    });
    harness.write('o2');
    await harness.until(() => harness.delivered.length === 2);
    expect(harness.delivered).toEqual(['o1', 'o2']);
    expect(asked.mock.calls[0]![0]).toMatchObject({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: '1' });
  });
});

describe('filter', () => {
  const filter = (...patterns: object[]) => ({
    source_parameters: {
      dynamodb_stream_parameters: { starting_position: 'TRIM_HORIZON', batch_size: 10, maximum_retry_attempts: 3 },
      filter_criteria: { filter: patterns.map((pattern) => ({ pattern: JSON.stringify(pattern) })) },
    },
  });

  test('any of the patterns lets a record through; the others leave a filtered hop', async () => {
    const harness = await started(
      {},
      filter({ eventName: ['INSERT'] }, { dynamodb: { NewImage: { vip: { BOOL: [true] } } } }),
    );
    harness.write('new');
    const cause = harness.write('changed', {}, 'MODIFY');
    harness.write('vip', { vip: { BOOL: true } }, 'MODIFY');
    await harness.until(() => harness.delivered.length === 2);
    expect(harness.delivered).toEqual(['new', 'vip']);
    expect(harness.hops('filter')).toMatchObject([{ outcome: 'filtered', parents: [cause] }]);
    expect(harness.total('EventCount')).toBe(2);
  });

  test('filtered records do not fill batches', async () => {
    const harness = await started({}, filter({ eventName: ['INSERT'] }));
    for (const id of ids(40)) harness.write(id, {}, 'MODIFY');
    harness.write('new');
    await harness.until(() => harness.delivered.length === 1);
    expect(harness.sent).toHaveLength(1);
    expect(harness.hops('filter')).toHaveLength(40);
  });

  test('a pattern that Pipes does not know is refused at create', async () => {
    await expect(
      new Harness().pipe({}, filter({ dynamodb: { NewImage: { S: [{ 'anything-but': { prefix: 'x' } }] } } })),
    ).rejects.toThrow('anything-but');
  });
});

describe('batches', () => {
  test('a full batch goes at once, the rest when its window ends', async () => {
    const harness = await started({ batch_size: 3, maximum_batching_window_in_seconds: 2 });
    const begin = harness.clock.now();
    for (const id of ids(4)) harness.write(id);
    await harness.until(() => harness.delivered.length === 4);
    expect(harness.sent.map(({ at, entries }) => [at - begin, entries.length])).toEqual([
      [0, 3],
      [2000, 1],
    ]);
  });

  test('the window begins with the first record', async () => {
    const harness = await started({ maximum_batching_window_in_seconds: 2 });
    const begin = harness.clock.now();
    harness.write('o0');
    await harness.runtime.idle();
    harness.clock.moveTo(begin + 1500);
    harness.write('o1');
    await harness.until(() => harness.delivered.length === 2);
    expect(harness.sent.map(({ at, entries }) => [at - begin, entries.length])).toEqual([[2000, 2]]);
  });

  test('without a window what is there goes at once', async () => {
    const harness = await started();
    const begin = harness.clock.now();
    harness.write('o0');
    await harness.until(() => harness.delivered.length === 1);
    expect(harness.clock.now()).toBe(begin);
  });

  test('backlog goes in full batches, in order', async () => {
    const harness = new Harness();
    await harness.pipe({ batch_size: 10 });
    for (const id of ids(35)) harness.write(id);
    await harness.start();
    await harness.until(() => harness.delivered.length === 35);
    expect(harness.delivered).toEqual(ids(35));
    expect(harness.sent.map(({ entries }) => entries.length)).toEqual([10, 10, 10, 5]);
  });

  test('with several lanes each item keeps its order', async () => {
    await assert(
      asyncProperty(
        array(constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1, maxLength: 60 }),
        integer({ min: 1, max: 10 }),
        integer({ min: 1, max: 10 }),
        integer({ min: 0, max: 4 }),
        async (items, lanes, size, throttles) => {
          const harness = await started({ parallelization_factor: lanes, batch_size: size });
          if (throttles > 0)
            harness.runtime.faults.add({ operation: 'PutEvents', effect: 'failBefore', times: throttles });
          items.forEach((item, n) => harness.write(item, { n: { N: String(n) } }));
          expect(await harness.until(() => harness.taken.length >= items.length)).toBe(true);
          for (const item of new Set(items)) {
            const expected = items.flatMap((id, n) => (id === item ? [String(n)] : []));
            const got = harness.taken
              .filter((detail) => detail.dynamodb.Keys.id.S === item)
              .map((detail) => detail.dynamodb.NewImage.n?.N);
            expect(got).toEqual(expected);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a lane that waits does not hold the others back', async () => {
    const harness = await started({ parallelization_factor: 10, batch_size: 1 });
    harness.refuse = (detail) => (detail.dynamodb.Keys.id.S === 'o0' ? 'InternalFailure' : undefined);
    for (const id of ids(10)) harness.write(id);
    await harness.pass(1);
    expect(harness.delivered.length).toBeGreaterThanOrEqual(5);
    expect(harness.delivered).not.toContain('o0');
  });
});

describe('failures', () => {
  test('bisect isolates a poison record; it alone ends in the dead-letter queue, later ones are delivered', async () => {
    const harness = await started(bisecting);
    harness.refuse = (detail) => (detail.dynamodb.Keys.id.S === 'o3' ? 'MalformedDetail' : undefined);
    for (const id of ids(12)) harness.write(id);
    await harness.until(() => harness.deadLetters.length === 1 && harness.delivered.length === 11);
    expect([...harness.delivered].sort()).toEqual(
      ids(12)
        .filter((id) => id !== 'o3')
        .sort(),
    );
    const alone = harness.sent.filter(({ entries }) => entries.some((entry) => entry.Detail.includes('"o3"')));
    expect(alone.map(({ entries }) => entries.length)).toEqual([10, 1, 1, 1]);
    expect(harness.deadLetters[0]).toMatchObject({
      QueueUrl: 'http://127.0.0.1:4566/000000000000/orders-dlq',
      body: {
        context: { partnerResourceArn: pipeArn, condition: 'RetryAttemptsExhausted' },
        version: '1.0',
        DDBStreamBatchInfo: {
          shardId: 'shard-1',
          startSequenceNumber: '4',
          endSequenceNumber: '4',
          approximateArrivalOfFirstRecord: '2026-01-01T00:00:00.000Z',
          approximateArrivalOfLastRecord: '2026-01-01T00:00:00.000Z',
          batchSize: 1,
          streamArn: stream,
        },
      },
    });
    expect(JSON.stringify(harness.deadLetters)).not.toContain('o3');
    expect(harness.hops('dead-letter')).toMatchObject([{ outcome: 'dead-lettered' }]);
  });

  test('a request refused as a whole is halved until the poison is alone', async () => {
    const harness = await started(bisecting);
    const { PutEvents } = harness.runtime.service('events').operations;
    const run = PutEvents!.run.bind(PutEvents);
    jest.spyOn(PutEvents!, 'run').mockImplementation((input: { Entries: Entry[] }, call) => {
      if (input.Entries.some((entry) => entry.Detail.includes('"o3"')))
        throw new AwsError('ValidationException', 'large');
      return run(input, call);
    });
    for (const id of ids(8)) harness.write(id);
    await harness.until(() => harness.deadLetters.length === 1 && harness.delivered.length === 7);
    expect(harness.delivered).toEqual(ids(8).filter((id) => id !== 'o3'));
    expect(harness.hops('bisect').map((hop) => Object(hop.data!['sequenceNumbers']).length)).toEqual([8, 4, 2]);
  });

  test('without bisect what failed is retried together, and blocks what is behind it', async () => {
    const harness = await started({ ...deadLetters, batch_size: 4, maximum_retry_attempts: 2 });
    harness.refuse = (detail) => (['o1', 'o2'].includes(detail.dynamodb.Keys.id.S) ? 'Refused' : undefined);
    for (const id of ids(5)) harness.write(id);
    await harness.until(() => harness.delivered.includes('o4'));
    expect(harness.sent.map(({ entries }) => entries.length)).toEqual([4, 2, 2, 1]);
    expect(harness.deadLetters[0]!.body.DDBStreamBatchInfo).toMatchObject({
      startSequenceNumber: '2',
      endSequenceNumber: '3',
      batchSize: 2,
    });
    expect(harness.deadLetters[0]!.at).toBeLessThanOrEqual(harness.sent[3]!.at);
  });

  test('the time between retries doubles', async () => {
    const harness = await started({ ...deadLetters, maximum_retry_attempts: 4 });
    harness.refuse = () => 'Refused';
    const begin = harness.clock.now();
    harness.write('o0');
    await harness.until(() => harness.deadLetters.length === 1);
    expect(harness.sent.map(({ at }) => (at - begin) / 1000)).toEqual([0, 1, 3, 7, 15]);
  });

  test.each(['throttle', 'failBefore'] as const)('%s does not count as an attempt', async (effect) => {
    const harness = await started({ ...deadLetters, maximum_retry_attempts: 1 });
    harness.runtime.faults.add({ operation: 'PutEvents', effect, times: 20 });
    harness.write('o0');
    await harness.until(() => harness.delivered.length === 1);
    expect(harness.deadLetters).toEqual([]);
    expect(harness.hops('retry')).toHaveLength(20);
    expect(harness.hops('bisect')).toEqual([]);
  });

  test('a throttled batch stays whole', async () => {
    const harness = await started(bisecting);
    harness.runtime.faults.add({ operation: 'PutEvents', effect: 'throttle', times: 2 });
    for (const id of ids(4)) harness.write(id);
    await harness.until(() => harness.delivered.length === 4);
    expect(harness.hops('bisect')).toEqual([]);
    expect(harness.sent.map(({ entries }) => entries.length)).toEqual([4]);
  });

  test('new records do not hurry a retry', async () => {
    const harness = await started(deadLetters);
    harness.refuse = () => 'Refused';
    const begin = harness.clock.now();
    harness.write('o0');
    await harness.runtime.idle();
    harness.clock.moveTo(begin + 500);
    harness.write('o1');
    await harness.until(() => harness.sent.length === 2);
    expect(harness.clock.now() - begin).toBe(1000);
  });

  test('what is behind a blocked batch is not read', async () => {
    const filter = { filter_criteria: { filter: [{ pattern: '{"eventName":["INSERT"]}' }] } };
    const dynamodb_stream_parameters = { starting_position: 'TRIM_HORIZON', batch_size: 1 };
    const harness = await started({}, { source_parameters: { dynamodb_stream_parameters, ...filter } });
    harness.refuse = () => 'Refused';
    harness.write('o0');
    for (const id of ids(5)) harness.write(id, {}, 'MODIFY');
    await harness.pass(600);
    expect(harness.hops('filter')).toEqual([]);
    harness.refuse = () => undefined;
    await harness.until(() => harness.hops('filter').length === 5);
    expect(harness.delivered).toEqual(['o0']);
  });

  test('internal errors of single entries do not count either', async () => {
    const harness = await started({ ...bisecting, maximum_retry_attempts: 1 });
    let left = 10;
    harness.refuse = () => (left-- > 0 ? 'InternalFailure' : undefined);
    harness.write('o0');
    harness.write('o1');
    await harness.until(() => harness.delivered.length === 2);
    expect(harness.deadLetters).toEqual([]);
  });

  test('a denied target counts', async () => {
    const harness = await started({ ...deadLetters, maximum_retry_attempts: 2 });
    harness.runtime.faults.add({ operation: 'PutEvents', effect: 'deny', times: 3 });
    harness.write('o0');
    await harness.until(() => harness.deadLetters.length === 1);
    expect(harness.deadLetters[0]!.body.context.condition).toBe('RetryAttemptsExhausted');
    expect(harness.runtime.timeline.hops.filter((hop) => hop.outcome === 'denied')).toHaveLength(3);
  });

  test('a record older than the maximum age is given up', async () => {
    const harness = await started({ ...deadLetters, maximum_record_age_in_seconds: 120 });
    harness.refuse = () => 'InternalFailure';
    harness.write('old');
    await harness.until(() => harness.deadLetters.length === 1);
    const { at, body } = harness.deadLetters[0]!;
    expect(body.context.condition).toBe('RecordAgeExceeded');
    expect(at - Date.UTC(2026, 0, 1)).toBeGreaterThan(120_000);
    expect(at - Date.UTC(2026, 0, 1)).toBeLessThanOrEqual(180_000);
    harness.refuse = () => undefined;
    harness.write('young');
    await harness.until(() => harness.delivered.length === 1);
    expect(harness.delivered).toEqual(['young']);
  });

  test('without a maximum age a record is lost when the stream forgets it', async () => {
    const harness = await started({ ...deadLetters, maximum_retry_attempts: -1 });
    harness.refuse = () => 'Refused';
    harness.write('o0');
    await harness.until(() => harness.hops('dead-letter').length === 1, 2 * 86_400_000);
    expect(harness.hops('dead-letter')[0]).toMatchObject({
      outcome: 'failed',
      summary: expect.stringContaining('dropped'),
    });
    expect(harness.clock.now() - Date.UTC(2026, 0, 1)).toBeGreaterThan(86_400_000);
    expect(harness.deadLetters).toEqual([]);
  });
});

describe('dead-letter queue', () => {
  test('one that refuses loses the record, says so, and the shard goes on', async () => {
    const harness = await started({ ...deadLetters, maximum_retry_attempts: 1, batch_size: 1 });
    harness.runtime.iam.putRolePolicy(role, 'all', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['dynamodb:*', 'events:*'], Resource: '*' }],
    });
    harness.refuse = (detail) => (detail.dynamodb.Keys.id.S === 'bad' ? 'Refused' : undefined);
    harness.write('bad');
    harness.write('good');
    await harness.until(() => harness.delivered.length === 1);
    expect(harness.hops('dead-letter')).toMatchObject([
      { outcome: 'failed', summary: expect.stringMatching(/1 record dropped: .*sqs:SendMessage/) },
    ]);
  });

  test('one that is out of order for a while gets the message later', async () => {
    const harness = await started({ ...deadLetters, maximum_retry_attempts: 1 });
    harness.refuse = () => 'Refused';
    harness.runtime.faults.add({ operation: 'SendMessage', effect: 'failBefore', times: 3 });
    harness.write('bad');
    expect(await harness.until(() => harness.deadLetters.length === 1)).toBe(true);
    expect(harness.sent).toHaveLength(2);
  });

  test('none: the record is dropped, and said so', async () => {
    const harness = await started({ maximum_retry_attempts: 1 });
    harness.refuse = () => 'Refused';
    harness.write('bad');
    await harness.until(() => harness.hops('dead-letter').length === 1);
    expect(harness.hops('dead-letter')[0]!.summary).toContain('no dead-letter queue');
  });
});

describe('role', () => {
  test.each([
    ['another service', { Service: 'lambda.amazonaws.com' }, undefined],
    ['another pipe', { Service: 'pipes.amazonaws.com' }, { ArnEquals: { 'aws:SourceArn': `${pipeArn}-other` } }],
  ])('a role that trusts %s: the pipe does not start', async (_, principal, condition) => {
    const harness = new Harness();
    harness.trust(principal, condition);
    await harness.pipe();
    await harness.start();
    harness.write('o0');
    await harness.pass(3600);
    expect(harness.sent).toEqual([]);
    expect(harness.runtime.timeline.hops.find((hop) => hop.operation === 'AssumeRole')).toMatchObject({
      outcome: 'denied',
    });
    const described = await describePipe(harness);
    expect(described).toMatchObject({
      CurrentState: 'START_FAILED',
      StateReason: expect.stringContaining('sts:AssumeRole'),
    });
  });

  test.each(['DescribeStream', 'GetShardIterator', 'GetRecords', 'ListStreams'])(
    'a role without dynamodb:%s delivers nothing',
    async (missing) => {
      const harness = new Harness();
      const actions = ['DescribeStream', 'GetShardIterator', 'GetRecords', 'ListStreams'].filter(
        (action) => action !== missing,
      );
      harness.runtime.iam.putRolePolicy(role, 'all', {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: ['events:*', ...actions.map((action) => `dynamodb:${action}`)], Resource: '*' },
        ],
      });
      await harness.pipe();
      harness.write('o0');
      await harness.start();
      await harness.pass(60);
      expect(harness.sent).toEqual([]);
      expect(
        harness.runtime.timeline.hops.some(
          (hop) => hop.outcome === 'denied' && hop.data!['action'] === `dynamodb:${missing}`,
        ),
      ).toBe(true);
    },
  );
});

const describePipe = (harness: Harness) =>
  harness.runtime.call({
    service: 'pipes',
    operation: 'DescribePipe',
    input: { Name: 'orders' },
    principal: harness.runtime.administrator,
  });
const ask = (harness: Harness, operation: string, input: object = { Name: 'orders' }) =>
  harness.runtime.call({ service: 'pipes', operation, input, principal: harness.runtime.administrator });

describe('operations', () => {
  test('stopped, a pipe keeps its place', async () => {
    const harness = await started({ batch_size: 1 });
    harness.write('o0');
    await harness.until(() => harness.delivered.length === 1);
    expect(await ask(harness, 'StopPipe')).toMatchObject({ CurrentState: 'STOPPED', DesiredState: 'STOPPED' });
    harness.write('o1');
    harness.write('o2');
    await harness.pass(600);
    expect(harness.delivered).toEqual(['o0']);
    expect(await ask(harness, 'StartPipe')).toMatchObject({ CurrentState: 'RUNNING' });
    await harness.until(() => harness.delivered.length === 3);
    expect(harness.delivered).toEqual(['o0', 'o1', 'o2']);
  });

  test('stopped during a retry, it goes on with the same record', async () => {
    const harness = await started(deadLetters);
    harness.refuse = () => 'InternalFailure';
    harness.write('o0');
    await harness.pass(10);
    await ask(harness, 'StopPipe');
    const tries = harness.sent.length;
    expect(harness.clock.step(Infinity)).toBe(false);
    expect(harness.sent).toHaveLength(tries);
    harness.refuse = () => undefined;
    await ask(harness, 'StartPipe');
    await harness.until(() => harness.delivered.length === 1);
    expect(harness.delivered).toEqual(['o0']);
  });

  test('a pipe may begin stopped', async () => {
    const harness = await started({}, { desired_state: 'STOPPED' });
    harness.write('o0');
    await harness.pass(60);
    expect(harness.delivered).toEqual([]);
    await ask(harness, 'StartPipe');
    expect(await harness.until(() => harness.delivered.length === 1)).toBe(true);
  });

  test('list, describe, and what does not exist', async () => {
    const harness = await started({ maximum_record_age_in_seconds: 3600, ...bisecting });
    const { Pipes } = await ask(harness, 'ListPipes', { NamePrefix: 'or' });
    expect(Pipes).toMatchObject([
      { Arn: pipeArn, Name: 'orders', CurrentState: 'RUNNING', DesiredState: 'RUNNING', Source: stream, Target: bus },
    ]);
    expect((await ask(harness, 'ListPipes', { NamePrefix: 'x' })).Pipes).toEqual([]);
    expect(await ask(harness, 'DescribePipe')).toMatchObject({
      RoleArn: role,
      SourceParameters: {
        DynamoDBStreamParameters: {
          BatchSize: 10,
          MaximumRecordAgeInSeconds: 3600,
          MaximumRetryAttempts: 3,
          OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          DeadLetterConfig: { Arn: queue },
        },
      },
    });
    await expect(ask(harness, 'DescribePipe', { Name: 'none' })).rejects.toMatchObject({
      code: 'NotFoundException',
      status: 404,
    });
  });
});

describe('logs', () => {
  const group = 'arn:aws:logs:eu-west-1:000000000000:log-group:pipe';
  const logging = (level: string, data: object = {}) => ({
    log_configuration: [{ level, cloudwatch_logs_log_destination: [{ log_group_arn: group }], ...data }],
  });
  const delivery = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: group,
        Condition: {
          ArnLike: { 'aws:SourceArn': 'arn:aws:logs:eu-west-1:000000000000:*' },
          StringEquals: { 'aws:SourceAccount': '000000000000' },
        },
      },
    ],
  };
  const logged = async (level: string, refuse: string | undefined, data: object = {}) => {
    const harness = new Harness();
    harness.runtime.iam.setResourcePolicy(group, delivery);
    await harness.pipe({ maximum_retry_attempts: 1 }, logging(level, data));
    await harness.start();
    harness.refuse = (detail) => (detail.dynamodb.Keys.id.S === 'bad' ? refuse : undefined);
    harness.write('bad');
    await harness.pass(60);
    return harness.logged;
  };
  const steps = (lines: readonly Line[]) => lines.map((line) => line.messageType);

  test('each level logs its steps', async () => {
    expect(steps(await logged('OFF', 'Refused'))).toEqual([]);
    expect(steps(await logged('ERROR', undefined))).toEqual([]);
    const failed = ['TARGET_INVOCATION_FAILED', 'TARGET_STAGE_FAILED', 'EXECUTION_FAILED'];
    expect(steps(await logged('ERROR', 'Refused'))).toEqual([...failed, ...failed]);
    expect(steps(await logged('INFO', undefined))).toEqual([
      'EXECUTION_STARTED',
      'TARGET_STAGE_ENTERED',
      'TARGET_STAGE_SUCCEEDED',
      'EXECUTION_SUCCEEDED',
    ]);
    expect(steps(await logged('TRACE', undefined))).toHaveLength(6);
  });

  test('lines name the pipe and the error; payload only on demand', async () => {
    const [line] = await logged('ERROR', 'Refused');
    expect(line).toMatchObject({
      resourceArn: pipeArn,
      messageType: 'TARGET_INVOCATION_FAILED',
      logLevel: 'ERROR',
      error: { httpStatusCode: 400, message: 'refused', awsService: 'events' },
    });
    expect(JSON.stringify(await logged('TRACE', 'Refused'))).not.toContain('NewImage');
    expect(JSON.stringify(await logged('ERROR', 'Refused', { include_execution_data: ['ALL'] }))).toContain('NewImage');
  });

  test('a line that is too long loses the end of its data', async () => {
    const harness = new Harness();
    harness.runtime.iam.setResourcePolicy(group, delivery);
    await harness.pipe({}, logging('TRACE', { include_execution_data: ['ALL'] }));
    await harness.start();
    harness.write('big', { text: { S: '"'.repeat(300_000) } });
    await harness.until(() => harness.delivered.length === 1);
    const [first] = harness.logged;
    expect(first).toMatchObject({ messageType: 'EXECUTION_STARTED', truncatedFields: ['payload'] });
    expect(Math.max(...harness.logged.map((line) => Buffer.byteLength(JSON.stringify(line))))).toBeLessThanOrEqual(
      262_144,
    );
  });

  test('a log group without a policy for log delivery: denied, and the pipe runs', async () => {
    const harness = new Harness();
    await harness.pipe({}, logging('INFO'));
    await harness.start();
    harness.write('o0');
    await harness.until(() => harness.delivered.length === 1);
    expect(harness.logged).toEqual([]);
    expect(harness.runtime.timeline.hops).toContainEqual(
      expect.objectContaining({
        outcome: 'denied',
        principal: 'delivery.logs.amazonaws.com',
        data: { action: 'logs:CreateLogStream', sourceArn: expect.stringMatching(/^arn:aws:logs:/) },
      }),
    );
  });
});

test('metrics: failures, partial failures and throttles are counted apart', async () => {
  const harness = await started({ ...deadLetters, maximum_retry_attempts: 1 });
  harness.refuse = (detail) => (detail.dynamodb.Keys.id.S === 'bad' ? 'Refused' : undefined);
  harness.write('bad');
  harness.write('good');
  await harness.until(() => harness.deadLetters.length === 1);
  expect(harness.total('Invocations')).toBe(2);
  expect(harness.total('EventCount')).toBe(3);
  expect(harness.total('ExecutionPartiallyFailed')).toBe(1);
  expect(harness.total('ExecutionFailed')).toBe(1);
  expect(harness.total('TargetStageFailed')).toBe(1);
  harness.runtime.faults.add({ operation: 'PutEvents', effect: 'throttle' });
  harness.write('late');
  await harness.until(() => harness.delivered.includes('late'));
  expect(harness.total('ExecutionThrottled')).toBe(1);
  expect(harness.total('ExecutionFailed')).toBe(1);
  expect(harness.metrics[0]).toMatchObject({ namespace: 'AWS/EventBridge/Pipes', dimensions: { PipeName: 'orders' } });
});
