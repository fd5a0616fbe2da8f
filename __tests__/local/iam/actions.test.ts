import { account, ask, queue, region, type Statement } from './account';

describe('actions and resources', () => {
  test.each<[Statement, string, string, boolean]>([
    [{ Action: '*', Resource: '*' }, 'sqs:SendMessage', queue, true],
    [{ Action: 'sqs:*', Resource: '*' }, 'sqs:SendMessage', queue, true],
    [{ Action: 'SQS:sendmessage', Resource: '*' }, 'sqs:SendMessage', queue, true],
    [{ Action: 'sqs:Send*', Resource: '*' }, 'sqs:SendMessage', queue, true],
    [{ Action: 'sqs:send*', Resource: '*' }, 'sqs:SendMessage', queue, true],
    [{ Action: 'sqs:?endMessage', Resource: '*' }, 'sqs:SendMessage', queue, true],
    [{ Action: 'sqs:SendMessage?', Resource: '*' }, 'sqs:SendMessage', queue, false],
    [{ Action: 'sns:*', Resource: '*' }, 'sqs:SendMessage', queue, false],
    [{ Action: ['sqs:ReceiveMessage', 'sqs:SendMessage'], Resource: '*' }, 'sqs:SendMessage', queue, true],
    [{ NotAction: 'sqs:DeleteQueue', Resource: '*' }, 'sqs:SendMessage', queue, true],
    [{ NotAction: 'sqs:Send*', Resource: '*' }, 'sqs:SendMessage', queue, false],
    [{ Action: '*', Resource: queue.toUpperCase().replace('ARN:AWS', 'arn:aws') }, 'sqs:SendMessage', queue, false],
    [{ Action: '*', Resource: `arn:aws:sqs:*:${account}:orders` }, 'sqs:SendMessage', queue, true],
    [{ Action: '*', Resource: 'arn:aws:sqs:*:*:*' }, 'sqs:SendMessage', queue, true],
    [{ Action: '*', Resource: 'arn:aws:sqs:eu-*:orders:*' }, 'sqs:SendMessage', `${queue}:x`, true],
    [{ Action: '*', Resource: `arn:aws:sqs:${region}:${account}:order?` }, 'sqs:SendMessage', queue, true],
    [{ Action: '*', Resource: `arn:aws:sqs:${region}:${account}:order.` }, 'sqs:SendMessage', queue, false],
    [{ Action: '*', Resource: `${queue}*` }, 'sqs:SendMessage', `${queue}-dlq`, true],
    [{ Action: '*', Resource: queue }, 'sqs:SendMessage', `${queue}-dlq`, false],
    [{ Action: '*', Resource: queue }, 'sqs:ListQueues', '*', false],
    [
      { Action: '*', Resource: `arn:aws:dynamodb:${region}:${account}:table/orders*stream/*` },
      'dynamodb:GetRecords',
      `arn:aws:dynamodb:${region}:${account}:table/orders/stream/2026-01-01T00:00:00.000`,
      true,
    ],
    [{ Action: '*', NotResource: queue }, 'sqs:SendMessage', queue, false],
    [{ Action: '*', NotResource: `${queue}-dlq` }, 'sqs:SendMessage', queue, true],
  ])('%j on %s %s', (statement, action, resource, expected) => {
    expect(ask({ identity: [{ Effect: 'Allow', ...statement }] }, { action, resource }).allowed).toBe(expected);
  });
});
