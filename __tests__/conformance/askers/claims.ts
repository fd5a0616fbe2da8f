import { dev } from '../orders';
import { arn } from '../questions';
import {
  type Askers,
  encryption,
  forStranger,
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

const submissionPipeArn = arn('pipes', `pipe/${dev('submission')}`);
const claimPipeArn = arn('pipes', `pipe/${dev('processing')}`);
const submissionPipe = service('pipes', submissionPipeArn, 'sts:AssumeRole submission-pipe');
const claimPipe = service('pipes', claimPipeArn, 'sts:AssumeRole processing-pipe');

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
  'Pipes for the pipe of submissions': submissionPipe,
  'Pipes for the pipe of claims': claimPipe,
  'Pipes for the pipe of submissions of a stranger': forStranger(submissionPipe),
  'Pipes for the pipe of claims of a stranger': forStranger(claimPipe),
  'Step Functions for the workflow of a stranger': forStranger(service('states', workflowArn)),
  'another service for the pipe of submissions': service('another', submissionPipeArn),
  'another service for the pipe of claims': service('another', claimPipeArn),
  'another service for the workflow': service('another', workflowArn),
  'another service for the rule of claims': service('another', ruleArn('payload-claimed')),
  'another service for the audit': service('another', ruleArn('claim-audit')),
};
