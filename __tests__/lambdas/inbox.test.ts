import {
  type TransactWriteItem,
  type TransactWriteItemsCommand,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { dynamoInbox } from '../../lambdas/shared/inbox';

const effect: TransactWriteItem = { Put: { TableName: 'effects', Item: { id: { S: '1' } } } };

function canceled(...codes: string[]): TransactionCanceledException {
  return new TransactionCanceledException({
    $metadata: {},
    message: 'cancelled',
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
}

/** An inbox over a client that answers each call in turn with what is given. */
function inboxWith(...answers: (Error | undefined)[]) {
  const sent: TransactWriteItem[][] = [];
  const pauses: number[] = [];
  const client = {
    async send(command: TransactWriteItemsCommand) {
      sent.push(command.input.TransactItems!);
      const answer = answers[sent.length - 1];
      if (answer) throw answer;
      return {};
    },
  };
  const inbox = dynamoInbox({
    client: client as never,
    tableName: 'inbox',
    consumer: 'mailer',
    clock: { now: () => 1_000_000, jitter: async (longest) => void pauses.push(longest) },
  });
  return { inbox, sent, pauses };
}

test('effect and inbox record are one transaction, the record keyed by consumer and event', async () => {
  const { inbox, sent } = inboxWith();
  await expect(inbox.once('event-1', effect)).resolves.toBe('processed');
  expect(sent).toEqual([
    [
      {
        Put: {
          TableName: 'inbox',
          Item: { id: { S: 'mailer#event-1' }, expiresAt: { N: String(1000 + 60 * 86_400) } },
          ConditionExpression: 'attribute_not_exists(id)',
        },
      },
      effect,
    ],
  ]);
});

test('an event that is in the inbox is a duplicate, not an error', async () => {
  const { inbox } = inboxWith(canceled('ConditionalCheckFailed', 'None'));
  await expect(inbox.once('event-1', effect)).resolves.toBe('duplicate');
});

test('a failed condition of the effect itself is an error, never taken for a duplicate', async () => {
  const { inbox } = inboxWith(canceled('None', 'ConditionalCheckFailed'));
  await expect(inbox.once('event-1', effect)).rejects.toThrow('cancelled');
});

test('conflicting transactions are tried again', async () => {
  const { inbox, sent, pauses } = inboxWith(
    canceled('None', 'TransactionConflict'),
    canceled('TransactionConflict', 'None'),
  );
  await expect(inbox.once('event-1', effect)).resolves.toBe('processed');
  expect(sent).toHaveLength(3);
  expect(pauses).toHaveLength(2);
});

test('conflicts without end are given back after six tries', async () => {
  const { inbox, sent } = inboxWith(...Array.from({ length: 10 }, () => canceled('None', 'TransactionConflict')));
  await expect(inbox.once('event-1', effect)).rejects.toThrow(TransactionCanceledException);
  expect(sent).toHaveLength(6);
});

test('any other failure is passed on at once', async () => {
  const failure = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
  const { inbox, sent } = inboxWith(failure);
  await expect(inbox.once('event-1', effect)).rejects.toBe(failure);
  expect(sent).toHaveLength(1);
});
