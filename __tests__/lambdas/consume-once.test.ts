import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { consumeOnce } from '../../lambdas/shared/consume-once';

const effect = { Put: { TableName: 'effects', Item: { id: { S: '1' } } } };
const described = { eventId: 'event-1', occurredAt: 5, ids: { userId: 'ada' } };
const send = jest.spyOn(DynamoDBClient.prototype, 'send');
process.env['INBOX_TABLE'] = 'inbox';
const consume = consumeOnce('mailer', (event) => {
  if (event === 'bad') throw new TypeError('no event');
  return { ...described, effect };
});

afterEach(() => send.mockReset());

test('the effect is written with a record of the event, once', async () => {
  send.mockImplementation(async () => ({}));
  expect(await consume('good')).toEqual({ ...described, outcome: 'processed' });
  const [{ input }] = send.mock.calls[0] as unknown as [{ input: { TransactItems: unknown[] } }];
  expect(input.TransactItems).toEqual([
    {
      Put: expect.objectContaining({
        TableName: 'inbox',
        Item: expect.objectContaining({ id: { S: 'mailer#event-1' } }),
      }),
    },
    effect,
  ]);
  send.mockImplementation(async () => {
    const CancellationReasons = [{ Code: 'ConditionalCheckFailed' }, { Code: 'None' }];
    throw new TransactionCanceledException({ $metadata: {}, message: 'cancelled', CancellationReasons });
  });
  expect(await consume('good')).toEqual({ ...described, outcome: 'duplicate' });
});

test('an event that cannot be read writes nothing', async () => {
  await expect(consume('bad')).rejects.toThrow('no event');
  expect(send).not.toHaveBeenCalled();
});
