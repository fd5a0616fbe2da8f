import {
  type Askers,
  encryption,
  opensStream,
  readsQueue,
  readsStream,
  ruleArn,
  service,
  withTable,
  key,
} from './asker';

/** Who asks in the system of the users. */
export const userAskers: Askers = {
  'the function create-user': withTable('create-user', 'dynamodb:PutItem users'),
  'the function update-user': withTable('update-user', 'dynamodb:UpdateItem users'),
  'the function delete-user': withTable('delete-user', 'dynamodb:UpdateItem users', 'dynamodb:DeleteItem users'),
  'the function user-relay': withTable(
    'user-relay',
    ...readsStream('user stream'),
    'events:PutEvents bus',
    's3:PutObject failure',
    's3:ListBucket failures',
    `kms:GenerateDataKey ${key} through S3`,
  ),
  'the function audit-user': withTable(
    'audit-user',
    'dynamodb:PutItem user-inbox',
    'dynamodb:PutItem user-audit',
    'sqs:SendMessage audit-user-dlq',
    `kms:Decrypt ${key} through SQS`,
    `kms:GenerateDataKey ${key} through SQS`,
  ),
  'the function welcome-user': withTable(
    'welcome-user',
    'dynamodb:PutItem user-inbox',
    'dynamodb:PutItem user-welcomes',
    ...readsQueue('welcome-user'),
  ),
  'EventBridge for the rule of users': service(
    'events',
    ruleArn('user-created'),
    'sqs:SendMessage welcome-user',
    'sqs:SendMessage user-created-rule-dlq',
    'lambda:InvokeFunction audit-user',
    opensStream,
    ...encryption,
  ),
  'another service for the rule of users': service('another', ruleArn('user-created')),
};
