import type { Principal } from '../../../local/principal';
import { kms } from '../../../local/services/kms';
import { embeddedMetrics } from '../../../local/services/cloudwatch/embedded-metrics';
import { account, functionFixture, role } from './function-fixture';

type Fixture = ReturnType<typeof functionFixture>;
let fixture: Fixture;
beforeEach(() => {
  fixture = functionFixture();
});
afterEach(async () => fixture.close());

const group = 'orders';
const stream = 'one';
const names = { logGroupName: group, logStreamName: stream };
const call = async (operation: string, input: object) => fixture.call('logs', operation, input);
const makeGroup = async (given: object = {}) =>
  fixture.create('aws_cloudwatch_log_group', group, { name: group, ...given });
const put = async (...messages: string[]) =>
  call('PutLogEvents', {
    ...names,
    logEvents: messages.map((message, index) => ({ timestamp: fixture.clock.now() + index, message })),
  });
const messages = async (input: object = {}) =>
  (await call('FilterLogEvents', { logGroupName: group, ...input })).events.map(
    (event: { message: string }) => event.message,
  );

describe('aws_cloudwatch_log_group', () => {
  test('attributes; described with the ARN that ends in :*', async () => {
    const arn = `arn:aws:logs:eu-west-1:${account}:log-group:orders`;
    expect(await makeGroup({ retention_in_days: 30 })).toMatchObject({ arn, id: 'orders', name: 'orders' });
    const { logGroups } = await call('DescribeLogGroups', { logGroupNamePrefix: 'ord' });
    expect(logGroups).toMatchObject([
      { logGroupName: 'orders', arn: `${arn}:*`, logGroupArn: arn, retentionInDays: 30, storedBytes: 0 },
    ]);
    expect((await call('DescribeLogGroups', { logGroupNamePattern: 'x' })).logGroups).toEqual([]);
  });

  test.each([
    [{ retention_in_days: 2 }, 'one of 0, 1, 3'],
    [{ name: 'a b' }, 'letters'],
    [{ log_group_class: 'INFREQUENT_ACCESS' }, 'only STANDARD'],
    [{ name_prefix: 'x' }, 'name_prefix'],
  ])('refuses %j', async (given, message) => {
    await expect(makeGroup(given)).rejects.toThrow(message);
  });

  test("keeps events for its retention, by the runtime's clock", async () => {
    await makeGroup({ retention_in_days: 1 });
    await call('CreateLogStream', names);
    await put('old');
    fixture.clock.moveTo(fixture.clock.now() + 86_400_000);
    await put('new');
    expect(await messages()).toEqual(['old', 'new']);
    fixture.clock.moveTo(fixture.clock.now() + 1);
    expect(await messages()).toEqual(['new']);
  });
});

describe('PutLogEvents', () => {
  beforeEach(async () => {
    await makeGroup();
    await call('CreateLogStream', names);
  });

  test('refuses what AWS refuses', async () => {
    const at = (...times: number[]) =>
      call('PutLogEvents', { ...names, logEvents: times.map((timestamp) => ({ timestamp, message: 'x' })) });
    const now = fixture.clock.now();
    await expect(at(now + 1, now)).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: expect.stringContaining('chronological order'),
    });
    await expect(at(now - 86_400_001, now)).rejects.toMatchObject({ message: expect.stringContaining('24 hours') });
    await expect(put('x'.repeat(1_048_576))).rejects.toMatchObject({
      message: expect.stringContaining('Upload too large'),
    });
    await expect(
      call('PutLogEvents', { ...names, logStreamName: 'two', logEvents: [{ timestamp: now, message: 'x' }] }),
    ).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await expect(call('CreateLogStream', names)).rejects.toMatchObject({ code: 'ResourceAlreadyExistsException' });
    await expect(call('CreateLogGroup', { logGroupName: group })).rejects.toMatchObject({
      code: 'ResourceAlreadyExistsException',
    });
    await expect(call('CreateLogStream', { logGroupName: 'none', logStreamName: 'x' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    expect(await messages()).toEqual([]);
  });

  test('leaves out what is too old or too new, and says so', async () => {
    const now = fixture.clock.now();
    const old = now - 15 * 86_400_000;
    expect(await call('PutLogEvents', { ...names, logEvents: [{ timestamp: old, message: 'x' }] })).toMatchObject({
      rejectedLogEventsInfo: { tooOldLogEventEndIndex: 0 },
    });
    const logEvents = [
      { timestamp: now, message: 'kept' },
      { timestamp: now + 7_200_001, message: 'x' },
    ];
    expect(await call('PutLogEvents', { ...names, logEvents })).toMatchObject({
      rejectedLogEventsInfo: { tooNewLogEventStartIndex: 1 },
    });
    expect(await messages()).toEqual(['kept']);
  });

  test('sorts by time, across streams', async () => {
    const now = fixture.clock.now();
    await call('CreateLogStream', { ...names, logStreamName: 'two' });
    await call('PutLogEvents', {
      ...names,
      logEvents: [
        { timestamp: now, message: 'a' },
        { timestamp: now + 2, message: 'c' },
      ],
    });
    await call('PutLogEvents', { ...names, logStreamName: 'two', logEvents: [{ timestamp: now + 1, message: 'b' }] });
    expect(await messages()).toEqual(['a', 'b', 'c']);
    expect(await messages({ logStreamNames: ['two'] })).toEqual(['b']);
    expect(await messages({ logStreamNamePrefix: 'o' })).toEqual(['a', 'c']);
    expect(await messages({ startTime: now + 1, endTime: now + 1 })).toEqual(['b']);
    const { logStreams } = await call('DescribeLogStreams', {
      logGroupName: group,
      orderBy: 'LastEventTime',
      descending: true,
    });
    expect(logStreams).toMatchObject([
      { logStreamName: 'one', firstEventTimestamp: now, lastEventTimestamp: now + 2 },
      { logStreamName: 'two' },
    ]);
  });

  test('measures embedded metrics', async () => {
    const document = {
      _aws: {
        Timestamp: 0,
        CloudWatchMetrics: [
          {
            Namespace: 'Orders',
            Dimensions: [['service'], []],
            Metrics: [{ Name: 'processed', Unit: 'Count' }, { Name: 'age' }],
          },
        ],
      },
      service: 'confirmation',
      processed: 2,
      age: [1, 2.5],
    };
    await put('plain', JSON.stringify(document));
    const of = (dimensions: object) => [
      { namespace: 'Orders', name: 'processed', dimensions, value: 2 },
      { namespace: 'Orders', name: 'age', dimensions, value: 1 },
      { namespace: 'Orders', name: 'age', dimensions, value: 2.5 },
    ];
    expect(fixture.metrics).toEqual([...of({ service: 'confirmation' }), ...of({})]);
    for (const line of ['{"_aws":1}', '{"_aws":', '"_aws"']) expect(embeddedMetrics(line)).toEqual([]);
  });

  test('keeps a bounded number of events', async () => {
    for (let batch = 0; batch < 12; batch++) {
      await put(...Array.from({ length: 10_000 }, (_, i) => `${batch}-${i}`));
      fixture.clock.moveTo(fixture.clock.now() + 10_000);
    }
    const [first] = await messages({ limit: 1 });
    expect(first).not.toBe('0-0');
    const { logGroups } = await call('DescribeLogGroups', {});
    expect(logGroups[0].storedBytes).toBeGreaterThan(0);
  });
});

describe('reading', () => {
  beforeEach(async () => {
    await makeGroup();
    await call('CreateLogStream', names);
  });

  test('GetLogEvents pages both ways', async () => {
    await put('a', 'b', 'c', 'd', 'e');
    const get = async (more: object) => {
      const answer = await call('GetLogEvents', { ...names, limit: 2, ...more });
      return { ...answer, texts: answer.events.map((event: { message: string }) => event.message).join('') };
    };
    expect((await get({})).texts).toBe('de');
    const head = await get({ startFromHead: true });
    expect(head.texts).toBe('ab');
    const next = await get({ nextToken: head.nextForwardToken });
    expect(next.texts).toBe('cd');
    expect((await get({ nextToken: next.nextBackwardToken })).texts).toBe('ab');
    const last = await get({ nextToken: next.nextForwardToken });
    expect(last.texts).toBe('e');
    const end = await get({ nextToken: last.nextForwardToken });
    expect(end).toMatchObject({ texts: '', nextForwardToken: last.nextForwardToken });
    await expect(get({ nextToken: 'x' })).rejects.toMatchObject({ code: 'InvalidParameterException' });
  });

  test('FilterLogEvents filters and pages', async () => {
    await put('ERROR one', 'INFO two', 'ERROR three');
    expect(await messages({ filterPattern: 'ERROR' })).toEqual(['ERROR one', 'ERROR three']);
    const first = await call('FilterLogEvents', {
      logGroupIdentifier: `arn:aws:logs:eu-west-1:${account}:log-group:orders`,
      limit: 2,
    });
    expect(first.events).toHaveLength(2);
    expect(await messages({ limit: 2, nextToken: first.nextToken })).toEqual(['ERROR three']);
    await expect(messages({ filterPattern: '[a, b]' })).rejects.toMatchObject({ code: 'InvalidParameterException' });
  });
});

describe('rights', () => {
  const asRole: Principal = { kind: 'role', roleArn: role, arn: `arn:aws:sts::${account}:assumed-role/function/test` };
  const write = async (principal: Principal) => {
    await fixture.runtime.call({ service: 'logs', operation: 'CreateLogStream', input: names, principal });
    await fixture.runtime.call({
      service: 'logs',
      operation: 'PutLogEvents',
      input: { ...names, logEvents: [{ timestamp: fixture.clock.now(), message: 'x' }] },
      principal,
    });
  };
  const allowOn = (Resource: string) =>
    fixture.runtime.iam.putRolePolicy(role, 'all', {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource },
    });
  const arn = `arn:aws:logs:eu-west-1:${account}:log-group:orders`;

  beforeEach(async () => makeGroup());

  test.each([`${arn}:*`, `${arn}:log-stream:*`, `${arn}:log-stream:one`])(
    'a role may write with %s',
    async (resource) => {
      allowOn(resource);
      await write(asRole);
      expect(await messages()).toEqual(['x']);
    },
  );

  test.each([arn, `${arn}:log-stream:two`, `${arn}-2:*`])('a role may not write with %s', async (resource) => {
    allowOn(resource);
    await expect(write(asRole)).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });

  test('a service may write if a resource policy of the account says so', async () => {
    const delivery: Principal = {
      kind: 'service',
      service: 'delivery.logs.amazonaws.com',
      sourceArn: 'arn:aws:pipes:x',
    };
    await expect(write(delivery)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    const policy = (name: string, Service: string) =>
      fixture.create('aws_cloudwatch_log_resource_policy', name, {
        policy_name: name,
        policy_document: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'Write',
              Effect: 'Allow',
              Principal: { Service },
              Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              Resource: `${arn}:*`,
            },
          ],
        }),
      });
    await policy('events', 'events.amazonaws.com');
    await expect(write(delivery)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    expect(await policy('delivery', 'delivery.logs.amazonaws.com')).toMatchObject({ id: 'delivery' });
    await write(delivery);
    await expect(write({ ...delivery, service: 'es.amazonaws.com' })).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
  });

  test('a policy that is none is refused', async () => {
    const create = fixture.create('aws_cloudwatch_log_resource_policy', 'p', {
      policy_name: 'p',
      policy_document: '{"Statement":[{"Effect":"Perhaps","Principal":"*","Action":"logs:*","Resource":"*"}]}',
    });
    await expect(create).rejects.toThrow('Effect: Invalid option');
  });
});

describe('encryption', () => {
  const statement = (more: object) => ({
    Effect: 'Allow',
    Principal: { Service: 'logs.eu-west-1.amazonaws.com' },
    Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    Resource: '*',
    ...more,
  });
  const encrypted = async (more: object) => {
    const keys = kms(fixture.runtime);
    fixture.runtime.register(keys);
    const type = keys.resources['aws_kms_key']!;
    const root = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: 'kms:*',
      Resource: '*',
    };
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [root, statement(more)] });
    const key = await type.create({
      address: 'test/aws_kms_key.key',
      stack: 'test',
      type: 'aws_kms_key',
      name: 'key',
      arguments: type.arguments.parse({ policy }),
    });
    await makeGroup({ kms_key_id: key['arn'] });
    await call('CreateLogStream', names);
    await put('secret');
    return messages();
  };
  const groupArn = `arn:aws:logs:eu-west-1:${account}:log-group:orders`;

  test("works if the key's policy lets the service use it for this group", async () => {
    expect(await encrypted({ Condition: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': groupArn } } })).toEqual([
      'secret',
    ]);
  });

  test.each([
    ['another group', { Condition: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': `${groupArn}-2` } } }],
    ['another region', { Principal: { Service: 'logs.us-east-1.amazonaws.com' } }],
    ['too few actions', { Action: ['kms:Decrypt*'] }],
  ])('is refused for %s', async (_, more) => {
    await expect(encrypted(more)).rejects.toThrow('The specified KMS key is not allowed to be used with');
    expect(fixture.runtime.timeline.hops.at(-1)).toMatchObject({ outcome: 'denied' });
  });
});
