import type { ConditionContext } from '../../local/service';
import { queues } from './flows';
import { dev, type Orders } from './orders';

const region = 'eu-central-1';
const account = '000000000000';

/** ARN of something in the account that the system runs in, or in that of a stranger. */
export const arn = (service: string, suffix: string, owner = account) =>
  `arn:aws:${service}:${region}:${owner}:${suffix}`;

/** ARN of a role of the dev environment. */
export const roleArn = (name: string) => `arn:aws:iam::${account}:role/${dev(name)}`;

/** The functions of users. */
export const userFunctions = ['create-user', 'update-user', 'delete-user', 'user-relay', 'audit-user', 'welcome-user'];

/** The functions of notifications. */
export const messageFunctions = ['start-delivery', 'send-message', 'retry-failed'];

/** The functions of the claim check. */
export const claimFunctions = ['submit-sample', 'store-payload', 'retrieve-payload'];

const functions = ['order-confirmation', 'order-statistics', ...userFunctions, ...messageFunctions, ...claimFunctions];
const pipes = ['orders-pipe', 'submission-pipe', 'processing-pipe'];
const others = ['order-api', 'api-gateway-logs', 'delivery', 'process-message', 'retry-failed-schedule'];
const roles = [...pipes, ...others, ...functions];
const orderTables = ['orders', 'order-inbox', 'order-confirmations', 'order-statistics'];
const tables = [
  ...orderTables,
  'users',
  'user-inbox',
  'user-audit',
  'user-welcomes',
  'messages',
  'claims',
  'claim-outcomes',
];

const logNames: Readonly<Record<string, string>> = {
  'access log': `/aws/apigateway/${dev('order-api')}`,
  'pipe log': `/aws/vendedlogs/pipes/${dev('orders')}`,
  'confirmation log': `/aws/lambda/${dev('order-confirmation')}`,
  'statistics log': `/aws/lambda/${dev('order-statistics')}`,
  'delivery log': `/aws/vendedlogs/states/${dev('delivery')}`,
  ...Object.fromEntries(
    [...userFunctions, ...messageFunctions, ...claimFunctions].map((name) => [
      `${name} log`,
      `/aws/lambda/${dev(name)}`,
    ]),
  ),
  'submission log': `/aws/vendedlogs/pipes/${dev('submission')}`,
  'processing log': `/aws/vendedlogs/pipes/${dev('processing')}`,
  'workflow log': `/aws/vendedlogs/states/${dev('process-message')}`,
  'audit log': `/aws/events/${dev('claim-audit')}`,
  'another log': '/aws/lambda/another',
};

/** The system's log groups, and one that is not. */
export const logGroups = Object.keys(logNames);

const through = (service: string) => ({ 'kms:ViaService': `${service}.${region}.amazonaws.com` });
const ofLog = (what: string) => ({ 'kms:EncryptionContext:aws:logs:arn': arn('logs', `log-group:${logNames[what]}`) });

const circumstances: Readonly<Record<string, ConditionContext>> = {
  directly: {},
  'through DynamoDB': through('dynamodb'),
  'through SQS': through('sqs'),
  'through S3': through('s3'),
  'through SNS': through('sns'),
  'for a log group': ofLog('pipe log'),
  'for another log': ofLog('another log'),
};

/** Circumstances in which a key may be used. */
export const keyUses = Object.keys(circumstances);

/** Something that somebody may ask for. */
export interface Question {
  /** `dynamodb:PutItem orders` */
  readonly name: string;
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
}

const streamActions = 'DescribeStream GetRecords GetShardIterator ListStreams PutResourcePolicy';
const tableActions = 'PutItem UpdateItem GetItem DeleteItem Query Scan BatchWriteItem';
const queueActions = 'SendMessage ReceiveMessage DeleteMessage GetQueueAttributes PurgeQueue';
const keyActions = 'Decrypt GenerateDataKey Encrypt ReEncryptFrom DescribeKey PutKeyPolicy';
const groupActions =
  'CreateLogGroup DescribeLogGroups DescribeLogStreams FilterLogEvents DeleteLogGroup PutSubscriptionFilter';
/** What a service that delivers logs wants of a role. */
export const logDeliveryActions =
  'CreateLogDelivery DeleteLogDelivery DescribeLogGroups DescribeResourcePolicies GetLogDelivery ListLogDeliveries PutResourcePolicy UpdateLogDelivery';
const logActions = 'CreateLogStream PutLogEvents GetLogEvents';

/** Asks for some actions of a service on a resource. */
function ask(
  service: string,
  actions: string,
  what: string,
  resource: string,
  context: ConditionContext = {},
): Question[] {
  return actions.split(' ').map((name) => {
    const action = `${service}:${name}`;
    return { name: `${action} ${what}`, action, resource, context };
  });
}

/** Log streams that are asked about: one in each of the system's groups. */
export const logStreams = logGroups
  .filter((what) => what !== 'another log')
  .map((what) => ({ logGroupName: logNames[what]!, logStreamName: 'any' }));

function questionsOfLog(what: string): Question[] {
  const streams = arn('logs', `log-group:${logNames[what]}:log-stream:`);
  return ask('logs', groupActions, what, streams).concat(ask('logs', logActions, what, `${streams}any`));
}

/** All that is asked on behalf of everybody: what the system uses, and a good deal that it must not. */
export function questionsFor({ resources }: Orders): Question[] {
  const streamOf = (table: string) =>
    resources.find(({ attributes }) => attributes.name === dev(table) && attributes.stream_arn)!.attributes
      .stream_arn as string;
  const keys = resources.filter(({ type }) => type === 'aws_kms_key');
  const anotherStream = arn('dynamodb', 'table/another/stream/2026-01-01T00:00:00.000');
  const elsewhere = `arn:aws:logs:us-east-1:${account}:log-group:any:log-stream:any`;
  return [
    ...tables.flatMap((table) => ask('dynamodb', tableActions, table, arn('dynamodb', `table/${dev(table)}`))),
    ...ask('dynamodb', streamActions, 'stream', streamOf('orders')),
    ...ask('dynamodb', streamActions, 'user stream', streamOf('users')),
    ...ask('dynamodb', streamActions, 'message stream', streamOf('messages')),
    ...ask('dynamodb', 'Query Scan', 'index', arn('dynamodb', `table/${dev('messages')}/index/GSI-sendStatus`)),
    ...ask('dynamodb', 'Query', 'another index', arn('dynamodb', `table/${dev('messages')}/index/another`)),
    ...ask('sns', 'Publish Subscribe', 'notifications', arn('sns', dev('notifications'))),
    ...ask('states', 'StartExecution StopExecution', 'machine', arn('states', `stateMachine:${dev('delivery')}`)),
    ...ask(
      'states',
      'StartExecution StopExecution',
      'workflow',
      arn('states', `stateMachine:${dev('process-message')}`),
    ),
    ...ask('states', 'StartExecution', 'another machine', arn('states', 'stateMachine:another')),
    ...ask('cloudwatch', 'DescribeAlarms PutMetricAlarm', 'alarms', arn('cloudwatch', 'alarm:*')),
    ...ask('cloudwatch', 'DescribeAlarms', 'everything', '*'),
    ...ask('logs', logDeliveryActions, 'everything', '*'),
    ...ask('s3', 'GetObject PutObject', 'message failure', `arn:aws:s3:::${dev('message-failures-000000000000')}/one`),
    ...ask('s3', 'ListBucket DeleteBucket', 'message failures', `arn:aws:s3:::${dev('message-failures-000000000000')}`),
    ...ask(
      's3',
      'GetObject PutObject DeleteObject',
      'payload',
      `arn:aws:s3:::${dev('claim-payloads-000000000000')}/one`,
    ),
    ...ask('s3', 'ListBucket DeleteBucket', 'payloads', `arn:aws:s3:::${dev('claim-payloads-000000000000')}`),
    ...ask('dynamodb', streamActions, 'another stream', anotherStream),
    ...ask('events', 'PutEvents DeleteEventBus', 'bus', arn('events', `event-bus/${dev('events')}`)),
    ...ask('events', 'PutEvents', 'default bus', arn('events', 'event-bus/default')),
    ...queues.flatMap((queue) => ask('sqs', queueActions, queue, arn('sqs', dev(queue)))),
    ...ask('sns', 'Publish Subscribe', 'alarms', arn('sns', dev('alarms'))),
    ...keys.flatMap(({ stack, attributes: { arn: key } }) =>
      keyUses.flatMap((use) => ask('kms', keyActions, `${stack} key ${use}`, key as string, circumstances[use])),
    ),
    ...logGroups.flatMap(questionsOfLog),
    ...ask('logs', 'PutLogEvents', 'another region', elsewhere),
    ...ask(
      'xray',
      'PutTraceSegments PutTelemetryRecords GetSamplingRules GetSamplingTargets GetTraceSummaries',
      'traces',
      '*',
    ),
    ...ask('s3', 'GetObject PutObject', 'state', `arn:aws:s3:::${dev('terraform-state')}/state`),
    ...ask('s3', 'ListBucket', 'states', `arn:aws:s3:::${dev('terraform-state')}`),
    ...ask('s3', 'GetObject PutObject', 'failure', `arn:aws:s3:::${dev('user-failures-000000000000')}/failure`),
    ...ask('s3', 'ListBucket DeleteBucket', 'failures', `arn:aws:s3:::${dev('user-failures-000000000000')}`),
    ...roles.flatMap((role) => ask('sts', 'AssumeRole', role, roleArn(role))),
    ...roles.flatMap((role) => ask('iam', 'PassRole', role, roleArn(role))),
    ...functions.flatMap((name) =>
      ask('lambda', 'InvokeFunction UpdateFunctionCode', name, arn('lambda', `function:${dev(name)}`)),
    ),
  ];
}
