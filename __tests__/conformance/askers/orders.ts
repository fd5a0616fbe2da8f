import { dev } from '../orders';
import { arn } from '../questions';
import {
  type Askers,
  encryption,
  forStranger,
  observed,
  opensStream,
  readsQueue,
  readsStream,
  ruleArn,
  stranger,
  service,
  role,
  key,
} from './asker';

const consumer = (table: string, queue: string, log: string) => [
  'dynamodb:PutItem order-inbox',
  table,
  `kms:Decrypt ${key} through DynamoDB`,
  ...readsQueue(queue),
  ...observed(log),
];
const pipeArn = arn('pipes', `pipe/${dev('orders')}`);
const rule = service(
  'events',
  ruleArn('order-created'),
  ...['order-confirmation', 'order-statistics', 'order-created-rule-dlq'].map((queue) => `sqs:SendMessage ${queue}`),
  opensStream,
  ...encryption,
);
const pipe = service('pipes', pipeArn, 'sts:AssumeRole orders-pipe');

/** Who asks in the system of the orders. */
export const orderAskers: Askers = {
  'the API': role('order-api', 'dynamodb:PutItem orders', `kms:Decrypt ${key} through DynamoDB`),
  'the pipe': role(
    'orders-pipe',
    ...readsStream('stream'),
    'events:PutEvents bus',
    'sqs:SendMessage orders-pipe-dlq',
    `kms:Decrypt ${key} through DynamoDB`,
    `kms:Decrypt ${key} through SQS`,
    `kms:GenerateDataKey ${key} through SQS`,
  ),
  'the function order-confirmation': role(
    'order-confirmation',
    ...consumer('dynamodb:PutItem order-confirmations', 'order-confirmation', 'confirmation log'),
  ),
  'the function order-statistics': role(
    'order-statistics',
    ...consumer('dynamodb:UpdateItem order-statistics', 'order-statistics', 'statistics log'),
  ),
  'EventBridge for the rule': rule,
  'EventBridge for another rule': service('events', arn('events', 'rule/another'), opensStream, ...encryption),
  "EventBridge for a stranger's rule": {
    ...forStranger(service('events', arn('events', 'rule/another', stranger))),
    granted: [opensStream],
  },
  'Pipes for the pipe': pipe,
  'Pipes for another pipe': service('pipes', arn('pipes', 'pipe/another')),
  'Pipes for the pipe of a stranger': forStranger(pipe),
  'another service for the rule': service('another', ruleArn('order-created')),
  'another service for the pipe': service('another', pipeArn),
};
