import aslValidator from 'asl-validator';
import definition from '../../stacks/notifications/delivery.asl.json';
import { sendStatus } from '../../lambdas/notifications/send-status';
import type { AwsError } from '../../local/aws-error';
import { MessagesTable } from '../lambdas/messages-table';

const states = definition.States as Record<string, any>;
const values: Record<string, string> = {
  partition: 'aws',
  table: 'messages',
  breaker: 'outbox-dev-send-message-SendFailed',
  sender: 'arn:aws:lambda:eu-central-1:123456789012:function:outbox-dev-send-message',
};
const text = JSON.stringify(definition).replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values[name]!);

test('is valid Amazon States Language, in JSONPath', () => {
  const { isValid, errorsText } = aslValidator(JSON.parse(text));
  expect([isValid, errorsText()]).toEqual([true, '']);
  expect(text).not.toContain('QueryLanguage');
});

test('the validator would find a mistake', () => {
  const broken = { ...JSON.parse(text), StartAt: 'Nowhere' };
  expect(aslValidator(broken).isValid).toBe(false);
});

test('knows the statuses of the functions and no others', () => {
  const used = Object.values(states).flatMap(({ Parameters }) =>
    [':sending', ':successful', ':failure'].flatMap((name) => Parameters?.ExpressionAttributeValues?.[name]?.S ?? []),
  );
  expect(new Set(used)).toEqual(new Set([sendStatus.failure, sendStatus.sending, sendStatus.successful]));
});

const writes = Object.entries(states).filter(([, { Resource }]) => Resource?.endsWith(':dynamodb:updateItem'));

test.each(writes)('%s is tried until the execution ends, unless it has nothing to write', (_name, state) => {
  const [refused, others] = state.Retry;
  const ErrorEquals = ['DynamoDB.ConditionalCheckFailedException', 'States.ParameterPathFailure'];
  expect(refused).toEqual({ ErrorEquals, MaxAttempts: 0 });
  expect(others).toMatchObject({ ErrorEquals: ['States.ALL'], JitterStrategy: 'FULL', MaxAttempts: 1000 });
  expect(others.MaxDelaySeconds * others.MaxAttempts).toBeGreaterThan(definition.TimeoutSeconds);
  expect(state.Catch).toEqual([
    { ErrorEquals: ['DynamoDB.ConditionalCheckFailedException'], Next: expect.any(String) },
  ]);
});

test('a send is tried three times with growing pauses, unless nothing was or can be sent', () => {
  expect(states.Send.Retry).toEqual([
    { ErrorEquals: ['ClaimLost', 'UnsendableMessage', 'States.ParameterPathFailure'], MaxAttempts: 0 },
    {
      ErrorEquals: ['States.ALL'],
      IntervalSeconds: 2,
      BackoffRate: 2,
      MaxDelaySeconds: 30,
      MaxAttempts: 2,
      JitterStrategy: 'FULL',
    },
  ]);
});

test('no message travels through the state machine', () => {
  expect(states.Send.Parameters.Payload).toEqual({ 'id.$': '$.id', 'execution.$': '$$.Execution.Id' });
  for (const [, { ResultPath }] of writes) expect(ResultPath).toBeNull();
});

/** Parameters of a state with the values of an execution in place of paths. */
function parametersOf(name: string, context: Record<string, string>): object {
  const fill = (value: any): any =>
    Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (key.endsWith('.$')) return [key.slice(0, -2), context[inner as string]];
        return [key, typeof inner === 'object' ? fill(inner) : inner];
      }),
    );
  return { ...fill(states[name].Parameters), TableName: 'messages' };
}

/** An execution for a delivery of the message `1`. */
class Execution {
  constructor(
    private readonly messages: MessagesTable,
    private readonly arn: string,
    private readonly delivery = 1,
  ) {}

  /** @returns whether the state wrote */
  async does(state: string): Promise<boolean> {
    const input = parametersOf(state, {
      '$.id': '1',
      "States.Format('{}', $.delivery)": `${this.delivery}`,
      '$$.Execution.Id': this.arn,
      '$$.State.EnteredTime': this.messages.ago(0).S,
      '$.sent.messageId': `sns-${this.arn}`,
      '$.error.Error': 'NotFoundException',
    });
    return this.messages.database.call('UpdateItem', input).then(
      () => true,
      ({ code }: AwsError) => {
        if (code === 'ConditionalCheckFailedException') return false;
        throw new Error(`${state} failed with ${code}`);
      },
    );
  }
}

describe('on a table', () => {
  let messages: MessagesTable;
  let first: Execution;
  const status = async () => (await messages.item('1'))?.['sendStatus']?.S;

  beforeEach(async () => {
    messages = await new MessagesTable().make({ id: { S: '1' }, message: { S: 'hello' } });
    first = new Execution(messages, 'e1');
  });

  /** Lets the claim end, and claims the message for its next delivery. */
  async function claimAgain(): Promise<Execution> {
    messages.pass(900);
    for await (const message of messages.store.undelivered()) {
      return new Execution(messages, `e${message.deliveries! + 1}`, await messages.store.claim(message));
    }
    throw new Error('There is nothing to deliver again');
  }

  test('a message is claimed, sent and marked; who sent it stays known', async () => {
    expect(await first.does('Claim')).toBe(true);
    expect(await messages.item('1')).toEqual({
      id: { S: '1' },
      message: { S: 'hello' },
      sendStatus: { S: 'Sending' },
      deliveries: { N: '1' },
      execution: { S: 'e1' },
      claimedAt: messages.ago(0),
    });
    expect(await first.does('MarkSuccessful')).toBe(true);
    expect(await messages.item('1')).toMatchObject({
      sendStatus: { S: 'Successful' },
      messageId: { S: 'sns-e1' },
      sentAt: messages.ago(0),
    });
  });

  test('a write whose answer was lost may be repeated; a failure is counted once', async () => {
    for (const _ of [1, 2]) expect(await first.does('Claim')).toBe(true);
    expect(await first.does('MarkFailure')).toBe(true);
    expect(await first.does('MarkFailure')).toBe(false);
    expect(await messages.item('1')).toMatchObject({ attempts: { N: '1' }, reason: { S: 'NotFoundException' } });

    const second = await claimAgain();
    expect(await second.does('Claim')).toBe(true);
    for (const _ of [1, 2]) expect(await second.does('MarkSuccessful')).toBe(true);
    const item = await messages.item('1');
    expect(item).toMatchObject({ sendStatus: { S: 'Successful' }, attempts: { N: '1' } });
    expect(item).not.toHaveProperty('reason');
  });

  test('a message that is held back counts no attempt', async () => {
    await first.does('Claim');
    expect(await first.does('MarkHeldBack')).toBe(true);
    const item = await messages.item('1');
    expect(item).toMatchObject({ sendStatus: { S: 'Failure' }, reason: { S: 'CircuitOpen' } });
    expect(item).not.toHaveProperty('attempts');
  });

  test('a second execution for the same delivery does nothing', async () => {
    const other = new Execution(messages, 'other');
    await first.does('Claim');
    for (const state of ['Claim', 'MarkFailure', 'MarkHeldBack']) expect(await other.does(state)).toBe(false);
    await first.does('MarkSuccessful');
    for (const [state] of writes) expect(await other.does(state)).toBe(false);
  });

  test.each(['MarkSuccessful', 'MarkFailure', 'MarkHeldBack'])('after %s it cannot be claimed again', async (mark) => {
    await first.does('Claim');
    await first.does(mark);
    expect(await first.does('Claim')).toBe(false);
  });

  test('an execution that is late for its delivery does nothing', async () => {
    await first.does('Claim');
    const second = await claimAgain();
    for (const state of ['Claim', 'MarkFailure', 'MarkHeldBack']) expect(await first.does(state)).toBe(false);
    expect(await second.does('Claim')).toBe(true);
    for (const state of ['Claim', 'MarkFailure', 'MarkHeldBack']) expect(await first.does(state)).toBe(false);
    expect(await second.does('MarkSuccessful')).toBe(true);
    for (const [state] of writes) expect(await first.does(state)).toBe(false);
    expect(await messages.item('1')).toMatchObject({ messageId: { S: 'sns-e2' } });
  });

  test('unless its message is out: then nobody is to send it again', async () => {
    await first.does('Claim');
    const second = await claimAgain();
    expect(await first.does('MarkSuccessful')).toBe(true);
    for (const state of ['Claim', 'MarkFailure', 'MarkHeldBack']) expect(await second.does(state)).toBe(false);
    expect(await status()).toBe('Successful');
  });

  test('an execution that was killed leaves a claim that ends, and an attempt', async () => {
    await first.does('Claim');
    const second = await claimAgain();
    await second.does('Claim');
    await second.does('MarkSuccessful');
    expect(await messages.item('1')).toMatchObject({ deliveries: { N: '2' }, attempts: { N: '1' } });
  });

  test('an abandoned message, and one that is gone, stay as they are', async () => {
    const { sendStatus: _, ...fresh } = (await messages.item('1'))!;
    await messages.put({ ...fresh, sendStatus: { S: 'Abandoned' } });
    expect(await first.does('Claim')).toBe(false);
    await messages.database.call('DeleteItem', { TableName: 'messages', Key: { id: { S: '1' } } });
    for (const [state] of writes) expect(await first.does(state)).toBe(false);
    expect(await messages.item('1')).toBeUndefined();
  });
});
