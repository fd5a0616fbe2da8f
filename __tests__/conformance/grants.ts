import type { Principal } from '../../local/principal';
import type { ConditionContext } from '../../local/service';
import { dev, type Orders } from './orders';
import {
  arn,
  claimFunctions,
  keyUses,
  logDeliveryActions,
  logGroups,
  logStreams,
  messageFunctions,
  type Question,
  questionsFor,
  roleArn,
  userFunctions,
} from './questions';

const stranger = '111111111111';
const userRuleArn = arn('events', `rule/${dev('events')}/${dev('user-created')}`);
/** EventBridge opens a stream without saying for which rule. */
const opensStream = 'logs:CreateLogStream audit log';
const ruleArn = arn('events', `rule/${dev('events')}/${dev('order-created')}`);
const pipeArn = arn('pipes', `pipe/${dev('orders')}`);

interface Asker {
  readonly principal: Principal;
  readonly context?: ConditionContext;
  /** Names of all questions that are answered with yes. */
  readonly granted: readonly string[];
}

const role = (name: string, ...granted: string[]): Asker => ({
  principal: {
    kind: 'role',
    roleArn: roleArn(name),
    arn: `arn:aws:sts::000000000000:assumed-role/${dev(name)}/session`,
  },
  granted,
});
const service = (name: string, sourceArn: string, ...granted: string[]): Asker => ({
  principal: { kind: 'service', service: `${name}.amazonaws.com`, sourceArn },
  granted,
});
/** The ARN is right, the account it is sent for is not. */
const forStranger = (asker: Asker): Asker => ({ ...asker, context: { 'aws:SourceAccount': stranger }, granted: [] });

const key = 'outbox-core key';
const observed = (log: string) => [
  `logs:CreateLogStream ${log}`,
  `logs:PutLogEvents ${log}`,
  'xray:PutTraceSegments traces',
  'xray:PutTelemetryRecords traces',
];
const readsQueue = (queue: string) => [
  `kms:Decrypt ${key} through SQS`,
  ...['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((action) => `sqs:${action} ${queue}`),
];
const consumer = (table: string, queue: string, log: string) => [
  'dynamodb:PutItem order-inbox',
  table,
  `kms:Decrypt ${key} through DynamoDB`,
  ...readsQueue(queue),
  ...observed(log),
];
const ofUsers = (name: string, ...granted: string[]) =>
  role(name, `kms:Decrypt ${key} through DynamoDB`, ...observed(`${name} log`), ...granted);
const readsStream = (stream: string) =>
  ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((action) => `dynamodb:${action} ${stream}`);
const encryption = keyUses.flatMap((use) => [`kms:Decrypt ${key} ${use}`, `kms:GenerateDataKey ${key} ${use}`]);
const deliveredLogs = ['pipe log', 'delivery log', 'submission log', 'processing log', 'workflow log'];
const deliversLog = deliveredLogs.flatMap((log) => [`logs:CreateLogStream ${log}`, `logs:PutLogEvents ${log}`]);
const sendsTo = (queue: string) => [
  `sqs:SendMessage ${queue}`,
  `kms:Decrypt ${key} through SQS`,
  `kms:GenerateDataKey ${key} through SQS`,
];
const claimRuleArn = arn('events', `rule/${dev('events')}/${dev('payload-claimed')}`);
const auditRuleArn = arn('events', `rule/${dev('events')}/${dev('claim-audit')}`);
const workflowArn = arn('states', `stateMachine:${dev('process-message')}`);
const runsWorkflows = [
  ...logDeliveryActions.split(' ').map((action) => `logs:${action} everything`),
  ...logGroups.map((log) => `logs:DescribeLogGroups ${log}`),
  ...['PutTraceSegments', 'PutTelemetryRecords', 'GetSamplingRules', 'GetSamplingTargets'].map(
    (action) => `xray:${action} traces`,
  ),
];
const groupArn = arn('scheduler', `schedule-group/${dev('retry-failed')}`);
const machineArn = arn('states', `stateMachine:${dev('delivery')}`);
const allLogs = [
  'CreateLogGroup',
  'CreateLogStream',
  'DescribeLogGroups',
  'DescribeLogStreams',
  'PutLogEvents',
  'GetLogEvents',
  'FilterLogEvents',
];
const alarmArn = (owner?: string) => arn('cloudwatch', 'alarm:any', owner);
const rule = service(
  'events',
  ruleArn,
  ...['order-confirmation', 'order-statistics', 'order-created-rule-dlq'].map((queue) => `sqs:SendMessage ${queue}`),
  opensStream,
  ...encryption,
);
const pipe = service('pipes', pipeArn, 'sts:AssumeRole orders-pipe');
const delivery = service('delivery.logs', arn('logs', '*'), ...deliversLog);

/** Who asks, and all that they may do. Whatever is asked and not listed is denied. */
export const askers: Readonly<Record<string, Asker>> = {
  'the API': role('order-api', 'dynamodb:PutItem orders', `kms:Decrypt ${key} through DynamoDB`),
  'API Gateway, for its logs': role(
    'api-gateway-logs',
    ...logGroups.flatMap((log) => allLogs.map((action) => `logs:${action} ${log}`)),
  ),
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
  'the function create-user': ofUsers('create-user', 'dynamodb:PutItem users'),
  'the function update-user': ofUsers('update-user', 'dynamodb:UpdateItem users'),
  'the function delete-user': ofUsers('delete-user', 'dynamodb:UpdateItem users', 'dynamodb:DeleteItem users'),
  'the function user-relay': ofUsers(
    'user-relay',
    ...readsStream('user stream'),
    'events:PutEvents bus',
    's3:PutObject failure',
    's3:ListBucket failures',
    `kms:GenerateDataKey ${key} through S3`,
  ),
  'the function audit-user': ofUsers(
    'audit-user',
    'dynamodb:PutItem user-inbox',
    'dynamodb:PutItem user-audit',
    'sqs:SendMessage audit-user-dlq',
    `kms:Decrypt ${key} through SQS`,
    `kms:GenerateDataKey ${key} through SQS`,
  ),
  'the function welcome-user': ofUsers(
    'welcome-user',
    'dynamodb:PutItem user-inbox',
    'dynamodb:PutItem user-welcomes',
    ...readsQueue('welcome-user'),
  ),
  'the function start-delivery': ofUsers(
    'start-delivery',
    ...readsStream('message stream'),
    'states:StartExecution machine',
    's3:PutObject message failure',
    's3:ListBucket message failures',
    `kms:GenerateDataKey ${key} through S3`,
  ),
  'the function send-message': ofUsers(
    'send-message',
    'dynamodb:GetItem messages',
    'sns:Publish notifications',
    `kms:Decrypt ${key} through SNS`,
    `kms:GenerateDataKey ${key} through SNS`,
  ),
  'the function retry-failed': ofUsers(
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
  'the function submit-sample': role('submit-sample', ...observed('submit-sample log'), ...sendsTo('submission')),
  'the function store-payload': ofUsers(
    'store-payload',
    'dynamodb:GetItem claims',
    'dynamodb:PutItem claims',
    's3:PutObject payload',
    `kms:GenerateDataKey ${key} through S3`,
    ...sendsTo('submission-dlq'),
  ),
  'the function retrieve-payload': ofUsers(
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
    claimRuleArn,
    'sqs:SendMessage processing',
    'sqs:SendMessage payload-claimed-rule-dlq',
    opensStream,
    ...encryption,
  ),
  'EventBridge for the audit': service(
    'events',
    auditRuleArn,
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
  'Step Functions for the state machine': service('states', machineArn, 'sts:AssumeRole delivery'),
  'Step Functions for another state machine': service('states', arn('states', 'stateMachine:another')),
  'Step Functions for a stranger': forStranger(service('states', machineArn)),
  'Scheduler for the group': service('scheduler', groupArn, 'sts:AssumeRole retry-failed-schedule'),
  'Scheduler for another group': service('scheduler', arn('scheduler', 'schedule-group/default')),
  'Scheduler for a stranger': forStranger(service('scheduler', groupArn)),
  'another service for the state machine': service('another', machineArn),
  'another service for the group': service('another', groupArn),
  'EventBridge for the rule of users': service(
    'events',
    userRuleArn,
    'sqs:SendMessage welcome-user',
    'sqs:SendMessage user-created-rule-dlq',
    'lambda:InvokeFunction audit-user',
    opensStream,
    ...encryption,
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
  'CloudWatch for an alarm': service('cloudwatch', alarmArn(), 'sns:Publish alarms', ...encryption),
  "CloudWatch for a stranger's alarm": service('cloudwatch', alarmArn(stranger)),
  'the delivery of logs': delivery,
  'the delivery of logs of a stranger': forStranger(delivery),
  'the delivery of logs for a bucket': service('delivery.logs', arn('s3', 'any')),
  'CloudWatch Logs': service(
    'logs.eu-central-1',
    arn('logs', 'log-group:any'),
    ...['Decrypt', 'GenerateDataKey', 'Encrypt', 'ReEncryptFrom', 'DescribeKey'].map(
      (action) => `kms:${action} ${key} for a log group`,
    ),
  ),
  Lambda: service(
    'lambda',
    arn('lambda', 'function:any'),
    'sts:AssumeRole order-confirmation',
    'sts:AssumeRole order-statistics',
    ...[...userFunctions, ...messageFunctions, ...claimFunctions].map((name) => `sts:AssumeRole ${name}`),
  ),
  'API Gateway': service('apigateway', '', 'sts:AssumeRole order-api', 'sts:AssumeRole api-gateway-logs'),
  'another service for the rule': service('another', ruleArn),
  'another service for the rule of users': service('another', userRuleArn),
  'another service for the pipe': service('another', pipeArn),
  'another service for logs': service('another', arn('logs', '*')),
};

/** Names of all that each asker may do in a running system, sorted. */
export async function grantsIn(orders: Orders): Promise<Record<string, string[]>> {
  // IAM knows the policies of log groups for streams that somebody has asked for.
  await Promise.all(logStreams.map(async (stream) => orders.call('logs', 'CreateLogStream', stream)));
  const asked = questionsFor(orders);
  const allows = (question: Question, { principal, context }: Asker) =>
    orders.runtime.iam.authorize({ ...question, principal, context: { ...question.context, ...context } }).allowed;
  return Object.fromEntries(
    Object.entries(askers).map(([name, asker]) => [
      name,
      asked
        .filter((question) => allows(question, asker))
        .map((question) => question.name)
        .sort(),
    ]),
  );
}
