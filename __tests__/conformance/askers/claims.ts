import { dev } from '../orders';
import { arn } from '../questions';
import {
  type Askers,
  encryption,
  observed,
  opensStream,
  readsQueue,
  ruleArn,
  runsWorkflows,
  sendsTo,
  service,
  role,
  withTable,
  key,
} from './asker';

const workflowArn = arn('states', `stateMachine:${dev('process-message')}`);

/** Who asks in the system of the claim check. */
export const claimAskers: Askers = {
  'the function submit-sample': role('submit-sample', ...observed('submit-sample log'), ...sendsTo('submission')),
  'the function store-payload': withTable(
    'store-payload',
    'dynamodb:GetItem claims',
    'dynamodb:PutItem claims',
    's3:PutObject payload',
    `kms:GenerateDataKey ${key} through S3`,
    ...sendsTo('submission-dlq'),
  ),
  'the function retrieve-payload': withTable(
    'retrieve-payload',
    'dynamodb:GetItem claims',
    's3:GetObject payload',
    's3:ListBucket payloads',
    `kms:Decrypt ${key} through S3`,
    ...sendsTo('processing-dlq'),
  ),
  'the pipe of submissions': role(
    'submission-pipe',
    ...readsQueue('submission'),
    'lambda:InvokeFunction store-payload',
    'events:PutEvents bus',
  ),
  'the pipe of claims': role(
    'processing-pipe',
    ...readsQueue('processing'),
    'lambda:InvokeFunction retrieve-payload',
    'states:StartExecution workflow',
  ),
  'the workflow': role(
    'process-message',
    'dynamodb:PutItem claim-outcomes',
    `kms:Decrypt ${key} through DynamoDB`,
    ...runsWorkflows,
  ),
  'Step Functions for the workflow': service('states', workflowArn, 'sts:AssumeRole process-message'),
  'EventBridge for the rule of claims': service(
    'events',
    ruleArn('payload-claimed'),
    'sqs:SendMessage processing',
    'sqs:SendMessage payload-claimed-rule-dlq',
    opensStream,
    ...encryption,
  ),
  'EventBridge for the audit': service(
    'events',
    ruleArn('claim-audit'),
    'sqs:SendMessage claim-audit-rule-dlq',
    opensStream,
    'logs:PutLogEvents audit log',
    ...encryption,
  ),
  'Pipes for the pipe of submissions': service(
    'pipes',
    arn('pipes', `pipe/${dev('submission')}`),
    'sts:AssumeRole submission-pipe',
  ),
  'Pipes for the pipe of claims': service(
    'pipes',
    arn('pipes', `pipe/${dev('processing')}`),
    'sts:AssumeRole processing-pipe',
  ),
};
