import { z } from 'zod';
import { AwsError } from '../../../local/aws-error';
import { simulatedClock } from '../../../local/clock';
import { seededRandom } from '../../../local/random';
import { type Metric, Runtime } from '../../../local/runtime';
import { type Service, jsonErrors } from '../../../local/service';
import { events } from '../../../local/services/events';
import { entryParents } from '../../../local/services/events/entry';
import { runUntil } from '../../../local/simulation';

const account = '000000000000';
const busArn = `arn:aws:events:eu-west-1:${account}:event-bus/orders`;
const ruleArn = `arn:aws:events:eu-west-1:${account}:rule/orders/created`;
const queueArn = (name: string) => `arn:aws:sqs:eu-west-1:${account}:${name}`;

interface Message {
  readonly queue: string;
  readonly body: string;
  readonly attributes: Record<string, string>;
  readonly group: string | undefined;
  readonly principal: unknown;
  readonly parents: readonly number[];
  readonly time: number;
}

const sendInput = z.object({
  QueueUrl: z.string(),
  MessageBody: z.string().min(1),
  MessageAttributes: z.record(z.string(), z.object({ DataType: z.string(), StringValue: z.string() })).optional(),
  MessageGroupId: z.string().optional(),
});

/** A queue service that records what it receives and fails as told. */
function recordingQueues(runtime: Runtime, messages: Message[], failures: Map<string, AwsError>): Service {
  return {
    name: 'sqs',
    resources: {},
    errors: { ...jsonErrors, accessDenied: { code: 'AccessDenied', status: 403 } },
    operations: {
      SendMessage: {
        input: sendInput,
        permissions: (input: z.output<typeof sendInput>) => [
          { action: 'sqs:SendMessage', resource: queueArn(input.QueueUrl.split('/').at(-1)!) },
        ],
        run(input: z.output<typeof sendInput>, call) {
          const queue = input.QueueUrl.replace(`${runtime.endpoint}/${account}/`, '');
          const failure = failures.get(queue);
          if (failure) throw failure;
          call.record({ resource: queueArn(queue), summary: 'message' });
          const attributes = Object.entries(input.MessageAttributes ?? {}).map(([name, { StringValue: v }]) => [
            name,
            v,
          ]);
          messages.push({
            queue,
            body: input.MessageBody,
            attributes: Object.fromEntries(attributes),
            group: input.MessageGroupId,
            principal: call.principal,
            parents: call.parents,
            time: runtime.clock.now(),
          });
          return {};
        },
      },
    },
  };
}

function setUp() {
  const clock = simulatedClock();
  const runtime = new Runtime({ clock, random: seededRandom(1), region: 'eu-west-1' });
  runtime.endpoint = 'http://127.0.0.1:4566';
  const messages: Message[] = [];
  const failures = new Map<string, AwsError>();
  const metrics: Metric[] = [];
  runtime.onMetric((metric) => metrics.push(metric));
  for (const name of ['queue', 'other', 'dlq', 'queue.fifo']) allowService(runtime, queueArn(name));
  runtime.register(recordingQueues(runtime, messages, failures));
  runtime.register({ name: 'sts', operations: {}, resources: {}, errors: jsonErrors });
  const service = events(runtime);
  runtime.register(service);

  const create = async (type: string, settings: object) => {
    const resource = service.resources[type]!;
    return resource.create({
      address: `stack/${type}.it`,
      stack: 'stack',
      type,
      name: 'it',
      arguments: resource.arguments.parse(settings),
    });
  };
  const call = (operation: string, input: object) =>
    runtime.call({ service: 'events', operation, input, principal: runtime.administrator });
  const put = (...entries: object[]) => call('PutEvents', { Entries: entries });
  const settle = () => runUntil(runtime, clock, () => false, 10);
  const hops = (operation: string) => runtime.timeline.hops.filter((hop) => hop.operation === operation);
  const named = (name: string) => metrics.filter((metric) => metric.name === name);
  return { clock, runtime, service, messages, failures, create, call, put, settle, hops, named };
}

function allowService(runtime: Runtime, resource: string): void {
  runtime.iam.setResourcePolicy(resource, {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: resource,
        Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
      },
    ],
  });
}

type Setup = ReturnType<typeof setUp>;

async function withRule(target: object = {}, pattern: object = { source: ['order.event'] }): Promise<Setup> {
  const all = setUp();
  await all.create('aws_cloudwatch_event_bus', { name: 'orders' });
  await all.create('aws_cloudwatch_event_rule', {
    name: 'created',
    event_bus_name: 'orders',
    event_pattern: JSON.stringify(pattern),
  });
  await all.create('aws_cloudwatch_event_target', {
    rule: 'created',
    event_bus_name: 'orders',
    target_id: 'queue',
    arn: queueArn('queue'),
    ...target,
  });
  return all;
}

function order(id: number, more: object = {}): object {
  return {
    EventBusName: 'orders',
    Source: 'order.event',
    DetailType: 'OrderDetailsChanged',
    Detail: JSON.stringify({ id, name: 'a "quoted" name' }),
    ...more,
  };
}

const retryPolicy = { maximum_event_age_in_seconds: 400, maximum_retry_attempts: 4 };
const withDlq = { dead_letter_config: { arn: queueArn('dlq') } };

describe('PutEvents', () => {
  test('delivers the whole envelope as the service, for the rule', async () => {
    const { put, settle, messages } = await withRule();
    const answer = await put(order(1, { Resources: ['r'], Time: 1_767_225_599.9 }));
    expect(messages).toEqual([]);
    await settle();
    expect(answer).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
    expect(messages).toHaveLength(1);
    expect(JSON.parse(messages[0]!.body)).toEqual({
      version: '0',
      id: answer.Entries[0].EventId,
      'detail-type': 'OrderDetailsChanged',
      source: 'order.event',
      account,
      time: '2025-12-31T23:59:59Z',
      region: 'eu-west-1',
      resources: ['r'],
      detail: { id: 1, name: 'a "quoted" name' },
    });
    expect(messages[0]!.principal).toEqual({ kind: 'service', service: 'events.amazonaws.com', sourceArn: ruleArn });
    expect(messages[0]!.group).toBeUndefined();
  });

  test('makes a tree of hops, with the parents of each entry', async () => {
    const { put, settle, hops, runtime } = await withRule();
    const one = runtime.timeline.record({ service: 'test', operation: 'one', resource: '*', summary: '' });
    const two = runtime.timeline.record({ service: 'test', operation: 'two', resource: '*', summary: '' });
    await put(order(1, { [entryParents]: [one] }), order(2, { [entryParents]: [two] }));
    await settle();
    const steps = ['PutEvents', 'match', 'deliver', 'SendMessage'];
    for (const root of [one, two]) {
      const descendants = runtime.timeline.descendants(root);
      expect(descendants.slice(1).map((hop) => hop.operation)).toEqual(steps);
      expect(descendants.slice(2).map((hop) => hop.parents)).toEqual(descendants.slice(1, -1).map((hop) => [hop.id]));
    }
    expect(hops('PutEvents')[0]).toMatchObject({
      resource: busArn,
      summary: 'OrderDetailsChanged from order.event',
      outcome: 'ok',
    });
    expect(hops('match')[0]).toMatchObject({ resource: ruleArn, summary: 'created matches' });
  });

  test.each([
    [
      'Source',
      { Source: undefined },
      'InvalidArgument',
      'Parameter Source is not valid. Reason: Source is a required argument.',
    ],
    ['DetailType', { DetailType: '' }, 'InvalidArgument', 'Parameter DetailType is not valid.'],
    ['Detail', { Detail: undefined }, 'InvalidArgument', 'Parameter Detail is not valid.'],
    ['long DetailType', { DetailType: 'x'.repeat(129) }, 'InvalidArgument', 'DetailType'],
    ['text for Detail', { Detail: 'text' }, 'MalformedDetail', 'Detail is malformed.'],
    ['a list for Detail', { Detail: '[]' }, 'MalformedDetail', 'Detail is malformed.'],
    ['null for Detail', { Detail: 'null' }, 'MalformedDetail', 'Detail is malformed.'],
    ['bottomless Detail', { Detail: `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}` }, 'MalformedDetail', 'malformed'],
    ['reserved source', { Source: 'aws.s3' }, 'NotAuthorizedForSourceException', 'Not authorized for the source.'],
  ])('fails an entry by itself: %s', async (_, more, code, message) => {
    const { put, settle, messages, hops } = await withRule();
    const answer = await put(order(1, more), order(2));
    await settle();
    expect(answer).toEqual({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: code, ErrorMessage: expect.stringContaining(message) }, { EventId: expect.any(String) }],
    });
    expect(messages.map(({ body }) => JSON.parse(body).detail.id)).toEqual([2]);
    expect(hops('PutEvents').map((hop) => hop.outcome)).toEqual(['failed', 'ok']);
  });

  test('a fault fails some entries and takes the others, the same ones for the same seed', async () => {
    const answers = async () => {
      const { runtime, put, settle, messages } = await withRule();
      runtime.faults.add({ service: 'events', operation: 'PutEvents', effect: 'partial', times: 30 });
      const codes: (string | undefined)[][] = [];
      for (let request = 0; request < 30; request++) {
        const { FailedEntryCount: failed, Entries } = await put(order(0), order(1), order(2));
        const taken = [0, 1, 2].filter((index) => Entries[index].EventId);
        await settle();
        const delivered = messages.splice(0).map(({ body }) => JSON.parse(body).detail.id);
        expect(new Set(delivered)).toEqual(new Set(taken));
        expect(failed).toBe(3 - taken.length);
        codes.push(Entries.map(({ ErrorCode: code }: { ErrorCode?: string }) => code));
      }
      return codes;
    };
    const codes = await answers();
    expect(new Set(codes.flat())).toEqual(new Set([undefined, 'InternalFailure', 'ThrottlingException']));
    expect(new Set(codes.map((one) => one.filter(Boolean).length))).toEqual(new Set([1, 2]));
    expect(await answers()).toEqual(codes);
  });

  test('a fault that fails in part fails a request of one entry', async () => {
    const { runtime, put, hops } = await withRule();
    runtime.faults.add({ service: 'events', operation: 'PutEvents', effect: 'partial' });
    expect(await put(order(1))).toEqual({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: expect.any(String), ErrorMessage: expect.any(String) }],
    });
    expect(hops('PutEvents')).toMatchObject([{ resource: busArn, outcome: 'failed' }]);
    expect(await put(order(1))).toMatchObject({ FailedEntryCount: 0 });
  });

  test.each([
    ['no entries', { Entries: [] }],
    ['eleven entries', { Entries: Array.from({ length: 11 }, (_, id) => order(id)) }],
    ['an endpoint', { Entries: [order(1)], EndpointId: 'abcde.veo' }],
    ['numbers as names', { Entries: [order(1, { Source: 5 })] }],
    ['an object as detail', { Entries: [order(1, { Detail: { id: 1 } })] }],
    ['no object', { Entries: ['x'] }],
  ])('refuses the call: %s', async (_, input) => {
    const { call, messages } = await withRule();
    await expect(call('PutEvents', input)).rejects.toMatchObject({ code: 'ValidationException', status: 400 });
    expect(messages).toEqual([]);
  });

  test('takes less than 1 MiB in all', async () => {
    const { put, settle, messages } = await withRule();
    const fixed = 'order.event'.length + 'OrderDetailsChanged'.length + '{"x":""}'.length + 14;
    const filled = (size: number) =>
      order(1, { Time: 1, Detail: JSON.stringify({ x: 'é'.repeat((size - fixed) / 2) }) });
    await expect(put(filled(1_048_576))).rejects.toMatchObject({
      code: 'ValidationException',
      message: 'Total size of the entries in the request is over the limit.',
    });
    await put(filled(1_048_574));
    await settle();
    expect(messages).toHaveLength(1);
  });

  test('to a bus that does not exist succeeds as on AWS, and says that the event is lost', async () => {
    const { put, settle, messages, hops } = await withRule();
    await expect(put(order(1, { EventBusName: 'nothing' }))).resolves.toMatchObject({ FailedEntryCount: 0 });
    await settle();
    expect(messages).toEqual([]);
    expect(hops('PutEvents')).toMatchObject([
      { outcome: 'failed', summary: expect.stringContaining('event-bus/nothing does not exist') },
    ]);
  });

  test('needs permission on the bus of each entry', async () => {
    const { runtime } = await withRule();
    const roleArn = `arn:aws:iam::${account}:role/pipe`;
    const trustPolicy = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'pipes.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    };
    runtime.iam.putRole({ arn: roleArn, name: 'pipe', trustPolicy });
    runtime.iam.putRolePolicy(roleArn, 'put', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: busArn }],
    });
    const principal = { kind: 'role', roleArn, arn: `arn:aws:sts::${account}:assumed-role/pipe/x` } as const;
    const attempt = (...Entries: object[]) =>
      runtime.call({ service: 'events', operation: 'PutEvents', input: { Entries }, principal });
    await expect(attempt(order(1))).resolves.toMatchObject({ FailedEntryCount: 0 });
    await expect(attempt(order(1, { EventBusName: busArn }))).resolves.toMatchObject({ FailedEntryCount: 0 });
    await expect(attempt(order(1), order(2, { EventBusName: 'default' }))).rejects.toMatchObject({
      code: 'AccessDeniedException',
      message: expect.stringContaining('event-bus/default'),
    });
  });
});

describe('matching', () => {
  test('one filtered hop for an event that no rule matches', async () => {
    const { put, settle, messages, hops } = await withRule();
    await put(order(1, { Source: 'else' }));
    await settle();
    expect(messages).toEqual([]);
    expect(hops('match')).toMatchObject([
      { outcome: 'filtered', resource: busArn, summary: 'no rule of orders matches OrderDetailsChanged from else' },
    ]);
  });

  test('every target of every matching rule gets the event; rules of other buses do not', async () => {
    const { create, put, settle, messages } = await withRule();
    const everything = '{"source":[{"prefix":""}]}';
    await create('aws_cloudwatch_event_target', {
      rule: 'created',
      event_bus_name: busArn,
      arn: queueArn('other'),
    });
    await create('aws_cloudwatch_event_rule', { name: 'created', event_pattern: everything });
    await create('aws_cloudwatch_event_target', { rule: 'created', arn: queueArn('queue'), input: '"default bus"' });
    await put(order(1));
    await settle();
    expect(messages.map(({ queue }) => queue).sort()).toEqual(['other', 'queue']);
    expect(new Set(messages.map(({ body }) => body)).size).toBe(1);
  });

  test('a disabled rule matches nothing until it is enabled', async () => {
    const { call, put, settle, messages } = await withRule();
    const rule = { Name: 'created', EventBusName: 'orders' };
    await call('DisableRule', rule);
    await expect(call('DescribeRule', rule)).resolves.toMatchObject({ State: 'DISABLED' });
    await put(order(1));
    await settle();
    expect(messages).toHaveLength(0);
    await call('EnableRule', rule);
    await put(order(2));
    await settle();
    expect(messages).toHaveLength(1);
  });

  test('keeps no order', async () => {
    const { put, settle, messages } = await withRule();
    await put(...Array.from({ length: 10 }, (_, id) => order(id)));
    await settle();
    const ids = messages.map(({ body }) => JSON.parse(body).detail.id as number);
    expect(ids).not.toEqual(ids.toSorted((a, b) => a - b));
    const atOnce = ids.filter((_, index) => messages[index]!.time === messages[0]!.time);
    expect(atOnce).not.toEqual(atOnce.toSorted((a, b) => a - b));
    expect(ids.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('a delivery that fails', () => {
  test('is retried with growing pauses, then dead-lettered', async () => {
    const { put, clock, runtime, messages, failures, hops, named } = await withRule({
      retry_policy: retryPolicy,
      ...withDlq,
    });
    failures.set('queue', new AwsError('InternalFailure', 'out of order', 500));
    await put(order(1));
    expect(await runUntil(runtime, clock, () => messages.length > 0)).toBe(true);
    expect(messages).toMatchObject([
      {
        queue: 'dlq',
        principal: { service: 'events.amazonaws.com', sourceArn: ruleArn },
        attributes: {
          RULE_ARN: ruleArn,
          TARGET_ARN: queueArn('queue'),
          ERROR_CODE: 'INTERNAL_ERROR',
          ERROR_MESSAGE: 'out of order',
          RETRY_ATTEMPTS: '4',
          EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
        },
      },
    ]);
    expect(JSON.parse(messages[0]!.body)).toMatchObject({ source: 'order.event', detail: { id: 1 } });
    const times = runtime.timeline.hops.filter((hop) => hop.outcome === 'failed').map((hop) => hop.time);
    expect(times).toHaveLength(5);
    times.slice(1).forEach((time, index) => {
      const pause = time - times[index]!;
      expect(pause).toBeGreaterThanOrEqual(500 * 2 ** index);
      expect(pause).toBeLessThanOrEqual(1000 * 2 ** index);
    });
    expect(hops('retry').map((hop) => hop.summary.slice(0, 12))).toEqual([
      'retry 1 of 4',
      'retry 2 of 4',
      'retry 3 of 4',
      'retry 4 of 4',
    ]);
    expect(hops('dead-letter')).toMatchObject([{ outcome: 'dead-lettered', resource: queueArn('dlq') }]);
    expect(runtime.timeline.descendants(1).map((hop) => hop.operation)).toEqual(
      runtime.timeline.hops.map((hop) => hop.operation),
    );
    expect(named('Invocations')).toHaveLength(1);
    expect(named('FailedInvocations')).toHaveLength(1);
    expect(named('InvocationsSentToDlq')).toHaveLength(1);
  });

  test('is delivered once the target works again', async () => {
    const { put, clock, runtime, messages, named } = await withRule({ retry_policy: retryPolicy, ...withDlq });
    runtime.faults.add({ service: 'sqs', operation: 'SendMessage', effect: 'throttle', times: 3 });
    await put(order(1));
    await runUntil(runtime, clock, () => messages.length > 0);
    await runtime.idle();
    expect(messages).toMatchObject([{ queue: 'queue' }]);
    expect(named('FailedInvocations')).toHaveLength(0);
    expect(named('Invocations')).toHaveLength(1);
    expect(runtime.timeline.descendants(1).at(-1)!.operation).toBe('SendMessage');
  });

  test('is dead-lettered when the event is too old', async () => {
    const policy = { maximum_event_age_in_seconds: 60, maximum_retry_attempts: 185 };
    const { put, clock, runtime, messages, failures } = await withRule({ retry_policy: policy, ...withDlq });
    failures.set('queue', new AwsError('RequestThrottled', 'Rate exceeded'));
    const started = clock.now();
    await put(order(1));
    await runUntil(runtime, clock, () => messages.length > 0);
    expect(messages[0]!.attributes).toMatchObject({
      ERROR_CODE: 'THROTTLING',
      EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
    });
    expect(messages[0]!.time - started).toBe(60_000);
  });

  test('of a target that says nothing is tried for about a day', async () => {
    const { put, clock, runtime, failures, hops } = await withRule();
    failures.set('queue', new AwsError('InternalFailure', 'out of order', 500));
    const started = clock.now();
    await put(order(1));
    await runUntil(runtime, clock, () => hops('drop').length > 0, 100_000_000);
    expect(clock.now() - started).toBeGreaterThan(22 * 3_600_000);
    expect(clock.now() - started).toBeLessThanOrEqual(24 * 3_600_000);
    expect(hops('retry').length).toBeGreaterThan(170);
    expect(hops('retry').length).toBeLessThanOrEqual(185);
  });

  test.each([
    ['permission', 'AccessDenied', 403, 'NO_PERMISSIONS'],
    ['queue', 'QueueDoesNotExist', 400, 'NO_RESOURCE'],
    ['queue, in the words of the query protocol', 'AWS.SimpleQueueService.NonExistentQueue', 400, 'NO_RESOURCE'],
    ['room in the queue', 'InvalidParameterValue', 400, 'INVALID_PARAMETER'],
  ])('for want of %s is not retried', async (_, code, status, expected) => {
    const { put, settle, clock, messages, failures, hops } = await withRule({ retry_policy: retryPolicy, ...withDlq });
    failures.set('queue', new AwsError(code, 'no', status));
    const started = clock.now();
    await put(order(1));
    await settle();
    expect(messages).toMatchObject([{ queue: 'dlq', attributes: { ERROR_CODE: expected, RETRY_ATTEMPTS: '0' } }]);
    expect(messages[0]!.attributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
    expect(messages[0]!.time - started).toBeLessThanOrEqual(2);
    expect(hops('retry')).toEqual([]);
  });

  test('a fault that denies is a missing permission', async () => {
    const { put, settle, runtime, messages } = await withRule(withDlq);
    runtime.faults.add({ service: 'sqs', resource: 'queue', effect: 'deny' });
    await put(order(1));
    await settle();
    expect(messages).toMatchObject([{ queue: 'dlq', attributes: { ERROR_CODE: 'NO_PERMISSIONS' } }]);
  });

  test('is dropped without a dead-letter queue, and says so', async () => {
    const { put, settle, failures, hops, named } = await withRule();
    failures.set('queue', new AwsError('QueueDoesNotExist', 'The specified queue does not exist.'));
    await put(order(1));
    await settle();
    expect(hops('drop')).toMatchObject([
      {
        outcome: 'failed',
        summary: 'dropped: NO_RESOURCE: The specified queue does not exist.; the target has no dead-letter queue',
      },
    ]);
    expect(named('FailedInvocations')).toHaveLength(1);
    expect(named('InvocationsFailedToBeSentToDlq')).toHaveLength(0);
  });

  test('is dropped if the dead-letter queue does not take it', async () => {
    const { put, settle, failures, hops, named } = await withRule(withDlq);
    failures.set('queue', new AwsError('QueueDoesNotExist', 'no queue'));
    failures.set('dlq', new AwsError('AccessDenied', 'no access', 403));
    await put(order(1));
    await settle();
    expect(hops('drop')).toMatchObject([
      {
        outcome: 'failed',
        summary: expect.stringContaining('then NO_PERMISSIONS at the dead-letter queue: no access'),
      },
    ]);
    expect(hops('dead-letter')).toEqual([]);
    expect(named('InvocationsFailedToBeSentToDlq')).toHaveLength(1);
    expect(named('InvocationsSentToDlq')).toHaveLength(0);
  });

  test('waits for a dead-letter queue that is busy', async () => {
    const { put, clock, runtime, messages, failures, hops } = await withRule(withDlq);
    failures.set('queue', new AwsError('QueueDoesNotExist', 'no queue'));
    runtime.faults.add({ service: 'sqs', resource: 'dlq', effect: 'throttle', times: 2 });
    await put(order(1));
    await runUntil(runtime, clock, () => messages.length > 0);
    await runtime.idle();
    expect(messages).toMatchObject([{ queue: 'dlq', attributes: { ERROR_CODE: 'NO_RESOURCE', RETRY_ATTEMPTS: '0' } }]);
    expect(hops('dead-letter')).toHaveLength(1);
  });

  test('is not tried any more once the runtime stops', async () => {
    const { put, clock, runtime, failures, hops } = await withRule();
    failures.set('queue', new AwsError('InternalFailure', 'out of order', 500));
    await put(order(1));
    await runUntil(runtime, clock, () => hops('retry').length > 0);
    await runtime.stop();
    expect(await runUntil(runtime, clock, () => hops('retry').length > 1)).toBe(false);
  });
});

describe('metrics', () => {
  test('carry rule and bus; on the default bus the rule only', async () => {
    const { create, put, settle, named } = await withRule();
    await create('aws_cloudwatch_event_rule', { name: 'r', event_pattern: '{"source":["order.event"]}' });
    await put(order(1), order(2, { EventBusName: undefined }));
    await settle();
    for (const name of ['MatchedEvents', 'TriggeredRules']) {
      expect(named(name)).toEqual([
        { namespace: 'AWS/Events', name, dimensions: { RuleName: 'created', EventBusName: 'orders' }, value: 1 },
        { namespace: 'AWS/Events', name, dimensions: { RuleName: 'r' }, value: 1 },
      ]);
    }
    expect(named('Invocations')).toHaveLength(1);
  });
});

describe('input of a target', () => {
  const deliver = async (target: object) => {
    const { put, settle, messages } = await withRule({ ...withDlq, ...target });
    await put(order(7));
    await settle();
    expect(messages).toHaveLength(1);
    return messages[0]!;
  };
  const transformer = (input_template: string, input_paths?: object) => ({
    input_transformer: { input_template, ...(input_paths && { input_paths }) },
  });

  test.each([
    ['constant', { input: '{"a":1}' }, '{"a":1}'],
    ['path', { input_path: '$.detail' }, '{"id":7,"name":"a \\"quoted\\" name"}'],
    ['path in brackets', { input_path: "$['detail-type']" }, '"OrderDetailsChanged"'],
    ['path to nothing', { input_path: '$.detail.toString' }, 'null'],
    [
      'value in JSON',
      transformer('{"n": <n>, "s": <s>}', { n: '$.detail.id', s: '$.source' }),
      '{"n": 7, "s": "order.event"}',
    ],
    ['value in text', transformer('"<s> number <n>"', { n: '$.detail.id', s: '$.source' }), '"order.event number 7"'],
    ['lines of text', transformer('"one <n>"\n"two"', { n: '$.detail.id' }), '"one 7"\n"two"'],
    ['object', transformer('{"d": <d>}', { d: '$.resources' }), '{"d": []}'],
    ['missing member', transformer('{"a":1,"x":<x>}', { x: '$.detail.x' }), '{"a":1}'],
    ['missing in text', transformer('{"a":"-<x>-"}', { x: '$.detail.x' }), '{"a":"--"}'],
    ['unknown variable', transformer('"<b>bold</b>"'), '"<b>bold</b>"'],
    [
      'rule',
      transformer('{"r":<aws.events.rule-arn>,"n":"<aws.events.rule-name>"}'),
      `{"r":"${ruleArn}","n":"created"}`,
    ],
    ['time', transformer('{"t":<aws.events.event.ingestion-time>}'), '{"t":"2026-01-01T00:00:00.000Z"}'],
  ])('%s', async (_, target, expected) => {
    const message = await deliver(target);
    expect(message).toMatchObject({ queue: 'queue', body: expected });
  });

  test('whole event, and event without its detail', async () => {
    const { body } = await deliver(transformer('{"all":<aws.events.event.json>,"envelope":<aws.events.event>}'));
    const { all, envelope } = JSON.parse(body);
    expect(all.detail.id).toBe(7);
    expect(envelope).toEqual({ ...all, detail: undefined });
  });

  test('a value that breaks the template is dead-lettered', async () => {
    const message = await deliver(transformer('{"name":"<n>"}', { n: '$.detail.name' }));
    expect(message).toMatchObject({ queue: 'dlq', attributes: { ERROR_CODE: 'INVALID_JSON' } });
    expect(JSON.parse(message.body).detail.id).toBe(7);
  });

  test('a FIFO queue gets its message group', async () => {
    const sqs_target = [{ message_group_id: 'orders' }];
    expect(await deliver({ arn: queueArn('queue.fifo'), sqs_target })).toMatchObject({
      queue: 'queue.fifo',
      group: 'orders',
    });
  });
});

describe('a target with a role', () => {
  const roleArn = `arn:aws:iam::${account}:role/deliver`;
  const trust = (service: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });

  test('is called as the role', async () => {
    const { runtime, put, settle, messages } = await withRule({ role_arn: roleArn });
    runtime.iam.putRole({ arn: roleArn, name: 'deliver', trustPolicy: trust('events.amazonaws.com') });
    runtime.iam.putRolePolicy(roleArn, 'send', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn('queue') }],
    });
    await put(order(1));
    await settle();
    expect(messages).toMatchObject([{ principal: { kind: 'role', roleArn } }]);
  });

  test('is dead-lettered if the role cannot be assumed', async () => {
    const { runtime, put, settle, messages } = await withRule({ role_arn: roleArn, ...withDlq });
    runtime.iam.putRole({ arn: roleArn, name: 'deliver', trustPolicy: trust('pipes.amazonaws.com') });
    await put(order(1));
    await settle();
    const attributes = {
      ERROR_CODE: 'FAILED_TO_ASSUME_ROLE',
      ERROR_MESSAGE: expect.stringContaining('sts:AssumeRole'),
    };
    expect(messages).toMatchObject([{ queue: 'dlq', attributes }]);
  });
});

describe('archives', () => {
  test('keep what fits until it is too old', async () => {
    const { create, call, put, clock } = await withRule();
    const archive = {
      name: 'kept',
      event_source_arn: busArn,
      retention_days: 2,
      event_pattern: '{"detail":{"id":[1,2]}}',
    };
    await expect(create('aws_cloudwatch_event_archive', archive)).resolves.toEqual({
      id: 'kept',
      name: 'kept',
      arn: `arn:aws:events:eu-west-1:${account}:archive/kept`,
    });
    await put(order(1), order(3), order(1, { EventBusName: 'default' }));
    clock.moveTo(clock.now() + 86_400_000);
    await put(order(2));
    const count = async () => (await call('DescribeArchive', { ArchiveName: 'kept' })).EventCount;
    expect(await count()).toBe(2);
    clock.moveTo(clock.now() + 86_400_000);
    expect(await count()).toBe(1);
    await expect(call('ListArchives', { EventSourceArn: busArn })).resolves.toMatchObject({
      Archives: [{ ArchiveName: 'kept', EventSourceArn: busArn, State: 'ENABLED', RetentionDays: 2, EventCount: 1 }],
    });
    await expect(call('ListArchives', { EventSourceArn: `${busArn}s` })).resolves.toEqual({ Archives: [] });
  });

  test('keep the newest when there are too many', async () => {
    const { create, call, put } = await withRule();
    await create('aws_cloudwatch_event_archive', { name: 'all', event_source_arn: busArn });
    for (let i = 0; i < 1050; i++) await put(...Array.from({ length: 10 }, (_, id) => order(id, { Source: 'x' })));
    await expect(call('DescribeArchive', { ArchiveName: 'all' })).resolves.toMatchObject({
      EventCount: 10_000,
      RetentionDays: 0,
    });
  });
});

describe('operations', () => {
  test('show buses, rules and targets', async () => {
    const { call, runtime, create } = await withRule({ retry_policy: retryPolicy, ...withDlq });
    await create('aws_cloudwatch_event_bus_policy', {
      event_bus_name: 'orders',
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 'events:PutEvents',
            Resource: busArn,
            Condition: { StringEquals: { 'events:source': 'x' } },
          },
        ],
      }),
    });
    const { EventBuses: buses } = await call('ListEventBuses', {});
    expect(buses).toMatchObject([
      { Name: 'default' },
      { Name: 'orders', Arn: busArn, Policy: expect.stringContaining('Deny') },
    ]);
    await expect(call('DescribeEventBus', {})).resolves.toMatchObject({ Name: 'default' });
    await expect(call('ListRules', { EventBusName: 'orders', NamePrefix: 'cre' })).resolves.toEqual({
      Rules: [
        {
          Name: 'created',
          Arn: ruleArn,
          EventPattern: '{"source":["order.event"]}',
          State: 'ENABLED',
          EventBusName: 'orders',
        },
      ],
    });
    await expect(call('ListRules', {})).resolves.toEqual({ Rules: [] });
    await expect(call('ListTargetsByRule', { Rule: 'created', EventBusName: 'orders' })).resolves.toEqual({
      Targets: [
        {
          Id: 'queue',
          Arn: queueArn('queue'),
          RetryPolicy: { MaximumRetryAttempts: 4, MaximumEventAgeInSeconds: 400 },
          DeadLetterConfig: { Arn: queueArn('dlq') },
        },
      ],
    });
    expect(runtime.timeline.hops).toEqual([]);
    await expect(call('PutEvents', { Entries: [order(1, { Source: 'x' })] })).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
  });

  test('cut long lists into pages', async () => {
    const { call, create } = await withRule();
    await create('aws_cloudwatch_event_rule', {
      name: 'second',
      event_bus_name: 'orders',
      event_pattern: '{"a":["b"]}',
    });
    const first = await call('ListRules', { EventBusName: 'orders', Limit: 1 });
    const second = await call('ListRules', { EventBusName: 'orders', Limit: 1, NextToken: first.NextToken });
    expect([...first.Rules, ...second.Rules].map(({ Name }: { Name: string }) => Name)).toEqual(['created', 'second']);
    expect(second.NextToken).toBeUndefined();
  });

  test('TestEventPattern answers or says what is wrong', async () => {
    const { call } = await withRule();
    const EventPattern = '{"source":[{"prefix":"order."}]}';
    await expect(call('TestEventPattern', { EventPattern, Event: '{"source":"order.event"}' })).resolves.toEqual({
      Result: true,
    });
    await expect(call('TestEventPattern', { EventPattern, Event: '{"source":"x"}' })).resolves.toEqual({
      Result: false,
    });
    await expect(call('TestEventPattern', { EventPattern: '{"source":"x"}', Event: '{}' })).rejects.toMatchObject({
      code: 'InvalidEventPatternException',
      message: 'Event pattern is not valid. Reason: "source" must be an object or an array',
    });
    await expect(call('TestEventPattern', { EventPattern, Event: '[]' })).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });

  test.each([
    ['DescribeEventBus', { Name: 'x' }, 'Event bus x does not exist.'],
    ['ListRules', { EventBusName: 'x' }, 'Event bus x does not exist.'],
    ['DescribeRule', { Name: 'x', EventBusName: 'orders' }, 'Rule x does not exist on EventBus orders.'],
    ['DescribeRule', { Name: 'created' }, 'Rule created does not exist on EventBus default.'],
    ['ListTargetsByRule', { Rule: 'x' }, 'Rule x does not exist on EventBus default.'],
    ['EnableRule', { Name: 'x' }, 'Rule x does not exist on EventBus default.'],
    ['DescribeArchive', { ArchiveName: 'x' }, 'Archive x does not exist.'],
  ])('%s answers what does not exist', async (operation, input, message) => {
    const { call } = await withRule();
    await expect(call(operation, input)).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      status: 400,
      message,
    });
  });
});

describe('Terraform', () => {
  test('attributes', async () => {
    const { create } = setUp();
    await expect(create('aws_cloudwatch_event_bus', { name: 'orders', tags: { a: 'b' } })).resolves.toEqual({
      id: 'orders',
      name: 'orders',
      arn: busArn,
    });
    const rule = { name: 'created', event_pattern: '{"a":["b"]}' };
    await expect(create('aws_cloudwatch_event_rule', { ...rule, event_bus_name: 'orders' })).resolves.toEqual({
      id: 'orders/created',
      name: 'created',
      arn: ruleArn,
      event_bus_name: 'orders',
    });
    await expect(create('aws_cloudwatch_event_rule', rule)).resolves.toMatchObject({
      id: 'created',
      arn: `arn:aws:events:eu-west-1:${account}:rule/created`,
    });
    const target = { rule: 'created', event_bus_name: 'orders', target_id: 't', arn: queueArn('queue') };
    await expect(create('aws_cloudwatch_event_target', target)).resolves.toEqual({
      id: 'orders-created-t',
      target_id: 't',
      arn: queueArn('queue'),
      rule: 'created',
    });
    await expect(
      create('aws_cloudwatch_event_target', { rule: 'created', arn: queueArn('queue') }),
    ).resolves.toMatchObject({
      target_id: expect.stringMatching(/^terraform-/),
    });
  });

  const kinesis = `arn:aws:kinesis:eu-west-1:${account}:stream/f`;
  const target = { rule: 'created', event_bus_name: 'orders', arn: queueArn('queue') };
  test.each([
    ['bus', { name: 'default' }, 'default already'],
    ['bus', { name: 'a/b' }, 'letters'],
    ['bus', { name: 'orders' }, 'already exists'],
    ['bus', { name: 'x', kms_key_identifier: 'k' }, 'kms_key_identifier'],
    ['bus', { name: 'x', dead_letter_config: { arn: 'a' } }, 'dead_letter_config'],
    ['bus', { name: 'x', event_source_name: 'aws.partner/x' }, 'event_source_name'],
    ['bus_policy', { event_bus_name: 'x', policy: '{}' }, 'Event bus x does not exist'],
    ['bus_policy', { policy: '{' }, 'not JSON'],
    ['archive', { name: 'x', event_source_arn: `${busArn}s` }, 'does not exist'],
    ['archive', { name: 'x', event_source_arn: busArn, kms_key_identifier: 'k' }, 'kms_key_identifier'],
    ['archive', { name: 'x', event_source_arn: busArn, event_pattern: '{}' }, 'Empty objects are not allowed'],
    ['rule', { name: 'x', event_bus_name: 'x', event_pattern: '{"a":["b"]}' }, 'Event bus x does not exist'],
    ['rule', { name: 'created', event_bus_name: 'orders', event_pattern: '{"a":["b"]}' }, 'has a rule created already'],
    ['rule', { name: 'x', event_pattern: '{"a":"b"}' }, 'must be an object or an array'],
    ['rule', { name: 'x', event_pattern: JSON.stringify({ a: ['x'.repeat(2048)] }) }, 'at most 2048 characters'],
    ['rule', { name: 'x', schedule_expression: 'rate(1 minute)' }, 'schedules of rules are not modelled'],
    ['rule', { name: 'x' }, 'no event_pattern'],
    ['rule', { name: 'x', event_pattern: '{"a":["b"]}', state: 'ON' }, 'ENABLED or DISABLED'],
    ['rule', { name: 'x', event_pattern: '{"a":["b"]}', role_arn: 'r' }, 'role_arn'],
    ['target', { ...target, rule: 'x' }, 'Rule x does not exist on EventBus orders'],
    ['target', { rule: 'created', arn: queueArn('queue') }, 'Rule created does not exist on EventBus default'],
    ['target', { ...target, arn: kinesis }, 'not modelled; targets may be of sqs'],
    ['target', { ...target, arn: 'queue' }, 'not modelled'],
    ['target', { ...target, arn: `arn:aws:sqs:us-east-1:${account}:q` }, 'another region'],
    ['target', { ...target, arn: queueArn('q.fifo') }, 'message_group_id'],
    ['target', { ...target, target_id: 'queue' }, 'has a target queue already'],
    ['target', { ...target, input: 'text' }, 'must be JSON'],
    ['target', { ...target, input: '1', input_path: '$' }, 'only one of'],
    ['target', { ...target, input_path: 'detail' }, 'must be a path'],
    ['target', { ...target, input_path: '$..id' }, 'must be a path'],
    ['target', { ...target, input_transformer: { input_template: '<aws.events.x>' } }, 'unknown <aws...>'],
    ['target', { ...target, retry_policy: { maximum_retry_attempts: 4 } }, 'give both limits'],
    ['target', { ...target, retry_policy: { ...retryPolicy, maximum_retry_attempts: 186 } }, '185'],
    ['target', { ...target, dead_letter_config: { arn: queueArn('d.fifo') } }, 'standard SQS queue'],
    ['target', { ...target, ecs_target: {} }, 'ecs_target'],
  ])('refuses %s %j', async (type, settings, message) => {
    const { create } = await withRule();
    await expect(create(`aws_cloudwatch_event_${type}`, settings)).rejects.toThrow(message);
  });

  test('refuses a sixth target', async () => {
    const { create } = await withRule();
    for (let i = 0; i < 4; i++) await create('aws_cloudwatch_event_target', target);
    await expect(create('aws_cloudwatch_event_target', target)).rejects.toThrow('has 5 targets already');
  });
});
