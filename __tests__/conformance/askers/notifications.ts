import { dev } from '../orders';
import { arn } from '../questions';
import { type Askers, forStranger, readsStream, runsWorkflows, sendsTo, service, role, withTable, key } from './asker';

const groupArn = arn('scheduler', `schedule-group/${dev('retry-failed')}`);
const machineArn = arn('states', `stateMachine:${dev('delivery')}`);

/** Who asks in the system of the notifications. */
export const messageAskers: Askers = {
  'the function start-delivery': withTable(
    'start-delivery',
    ...readsStream('message stream'),
    'states:StartExecution machine',
    's3:PutObject message failure',
    's3:ListBucket message failures',
    `kms:GenerateDataKey ${key} through S3`,
  ),
  'the function send-message': withTable(
    'send-message',
    'dynamodb:GetItem messages',
    'sns:Publish notifications',
    `kms:Decrypt ${key} through SNS`,
    `kms:GenerateDataKey ${key} through SNS`,
  ),
  'the function retry-failed': withTable(
    'retry-failed',
    'dynamodb:Query index',
    'dynamodb:UpdateItem messages',
    'states:StartExecution machine',
    ...sendsTo('retry-failed-schedule-dlq'),
  ),
  'the schedule': role(
    'retry-failed-schedule',
    'lambda:InvokeFunction retry-failed',
    ...sendsTo('retry-failed-schedule-dlq'),
  ),
  'the state machine': role(
    'delivery',
    'dynamodb:UpdateItem messages',
    `kms:Decrypt ${key} through DynamoDB`,
    'lambda:InvokeFunction send-message',
    'cloudwatch:DescribeAlarms alarms',
    ...runsWorkflows,
  ),
  'Step Functions for the state machine': service('states', machineArn, 'sts:AssumeRole delivery'),
  'Step Functions for another state machine': service('states', arn('states', 'stateMachine:another')),
  'Step Functions for a stranger': forStranger(service('states', machineArn)),
  'Scheduler for the group': service('scheduler', groupArn, 'sts:AssumeRole retry-failed-schedule'),
  'Scheduler for another group': service('scheduler', arn('scheduler', 'schedule-group/default')),
  'Scheduler for a stranger': forStranger(service('scheduler', groupArn)),
  'another service for the state machine': service('another', machineArn),
  'another service for the group': service('another', groupArn),
};
