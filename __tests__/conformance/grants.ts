import type { Principal } from '../../local/principal';
import type { ConditionContext } from '../../local/service';
import { queues } from './flows';
import { dev, type Orders } from './orders';

const region = 'eu-central-1';
const account = '000000000000';
const stranger = '111111111111';
const arn = (service: string, suffix: string, owner = account) => `arn:aws:${service}:${region}:${owner}:${suffix}`;
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${dev(name)}`;

const roles = ['order-api', 'api-gateway-logs', 'orders-pipe', 'order-confirmation', 'order-statistics'];
const tables = ['orders', 'order-inbox', 'order-confirmations', 'order-statistics'];
const ruleArn = arn('events', `rule/${dev('events')}/${dev('order-created')}`);
const pipeArn = arn('pipes', `pipe/${dev('orders')}`);

const logGroups = {
  'access log': `/aws/apigateway/${dev('order-api')}`,
  'pipe log': `/aws/vendedlogs/pipes/${dev('orders')}`,
  'confirmation log': `/aws/lambda/${dev('order-confirmation')}`,
  'statistics log': `/aws/lambda/${dev('order-statistics')}`,
  'another log': '/aws/lambda/another',
};

/** Circumstances in which a key is used. */
const keyUses: Record<string, ConditionContext> = {
  directly: {},
  'through DynamoDB': { 'kms:ViaService': `dynamodb.${region}.amazonaws.com` },
  'through SQS': { 'kms:ViaService': `sqs.${region}.amazonaws.com` },
  'for a log group': { 'kms:EncryptionContext:aws:logs:arn': arn('logs', `log-group:${logGroups['pipe log']}`) },
  'for another log': { 'kms:EncryptionContext:aws:logs:arn': arn('logs', `log-group:${logGroups['another log']}`) },
};

/** Something that somebody may ask for. */
interface Question {
  /** `dynamodb:PutItem orders` */
  readonly name: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: ConditionContext;
}

const ask = (service: string, actions: string, what: string, resource: string): Question[] =>
  actions.split(' ').map((action) => ({ name: `${service}:${action} ${what}`, action: `${service}:${action}`, resource }));

/** All that is asked on behalf of everybody: what the system uses, and a good deal that it must not. */
function questions({ resources }: Orders): Question[] {
  const attribute = (type: string, name: string) =>
    resources.find((resource) => resource.type === type && resource.attributes.name === name)!.attributes;
  const stream = attribute('aws_dynamodb_table', dev('orders')).stream_arn as string;
  const keys = resources.filter(({ type }) => type === 'aws_kms_key');
  const streamActions = 'DescribeStream GetRecords GetShardIterator ListStreams PutResourcePolicy';
  const groupActions = 'CreateLogGroup DescribeLogGroups DescribeLogStreams FilterLogEvents DeleteLogGroup PutSubscriptionFilter';
  return [
    ...tables.flatMap((table) =>
      ask('dynamodb', 'PutItem UpdateItem GetItem DeleteItem Query Scan BatchWriteItem', table, arn('dynamodb', `table/${dev(table)}`)),
    ),
    ...ask('dynamodb', streamActions, 'stream', stream),
    ...ask('dynamodb', streamActions, 'another stream', arn('dynamodb', 'table/another/stream/2026-01-01T00:00:00.000')),
    ...ask('events', 'PutEvents DeleteEventBus', 'bus', arn('events', `event-bus/${dev('events')}`)),
    ...ask('events', 'PutEvents', 'default bus', arn('events', 'event-bus/default')),
    ...queues.flatMap((queue) =>
      ask('sqs', 'SendMessage ReceiveMessage DeleteMessage GetQueueAttributes PurgeQueue', queue, arn('sqs', dev(queue))),
    ),
    ...ask('sns', 'Publish Subscribe', 'alarms', arn('sns', dev('alarms'))),
    ...keys.flatMap(({ stack, attributes }) =>
      Object.entries(keyUses).flatMap(([use, context]) =>
        ask('kms', 'Decrypt GenerateDataKey Encrypt ReEncryptFrom DescribeKey PutKeyPolicy', `${stack} key ${use}`, attributes.arn as string).map(
          (question) => ({ ...question, context }),
        ),
      ),
    ),
    ...Object.entries(logGroups).flatMap(([what, group]) => [
      ...ask('logs', groupActions, what, arn('logs', `log-group:${group}:log-stream:`)),
      ...ask('logs', 'CreateLogStream PutLogEvents GetLogEvents', what, arn('logs', `log-group:${group}:log-stream:${dev('orders')}`)),
    ]),
    ...ask('logs', 'PutLogEvents', 'another region', `arn:aws:logs:us-east-1:${account}:log-group:any:log-stream:any`),
    ...ask('xray', 'PutTraceSegments PutTelemetryRecords GetTraceSummaries', 'traces', '*'),
    ...ask('s3', 'GetObject PutObject', 'state', `arn:aws:s3:::${dev('terraform-state')}/state`),
    ...roles.flatMap((role) => ask('sts', 'AssumeRole', role, roleArn(role))),
    ...roles.flatMap((role) => ask('iam', 'PassRole', role, roleArn(role))),
    ...['order-confirmation', 'order-statistics'].flatMap((name) =>
      ask('lambda', 'InvokeFunction', name, arn('lambda', `function:${dev(name)}`)),
    ),
  ];
}

interface Asker {
  readonly principal: Principal;
  readonly context?: ConditionContext;
  /** Names of all questions that are answered with yes. */
  readonly granted: readonly string[];
}

const role = (name: string, ...granted: string[]): Asker => ({
  principal: { kind: 'role', roleArn: roleArn(name), arn: `arn:aws:sts::${account}:assumed-role/${dev(name)}/session` },
  granted,
});
const service = (name: string, sourceArn: string, ...granted: string[]): Asker => ({
  principal: { kind: 'service', service: `${name}.amazonaws.com`, sourceArn },
  granted,
});
/** The ARN is right, the account it is sent for is not. */
const forStranger = (asker: Asker): Asker => ({ ...asker, context: { 'aws:SourceAccount': stranger }, granted: [] });

const key = 'outbox-core key';
const consumer = (table: string, queue: string, log: string) => [
  'dynamodb:PutItem order-inbox',
  table,
  `kms:Decrypt ${key} through DynamoDB`,
  `kms:Decrypt ${key} through SQS`,
  ...['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((action) => `sqs:${action} ${queue}`),
  `logs:CreateLogStream ${log}`,
  `logs:PutLogEvents ${log}`,
  'xray:PutTraceSegments traces',
  'xray:PutTelemetryRecords traces',
];
const encryption = Object.keys(keyUses).flatMap((use) => [`kms:Decrypt ${key} ${use}`, `kms:GenerateDataKey ${key} ${use}`]);
const deliversLog = ['logs:CreateLogStream pipe log', 'logs:PutLogEvents pipe log'];
const allLogs = ['CreateLogGroup', 'CreateLogStream', 'DescribeLogGroups', 'DescribeLogStreams', 'PutLogEvents', 'GetLogEvents', 'FilterLogEvents'];
const alarmArn = (owner?: string) => arn('cloudwatch', 'alarm:any', owner);
const rule = service(
  'events',
  ruleArn,
  ...['order-confirmation', 'order-statistics', 'order-created-rule-dlq'].map((queue) => `sqs:SendMessage ${queue}`),
  ...encryption,
);
const pipe = service('pipes', pipeArn, 'sts:AssumeRole orders-pipe');
const delivery = service('delivery.logs', arn('logs', '*'), ...deliversLog);

/** Who asks, and all that they may do. Whatever is asked and not listed is denied. */
export const askers: Readonly<Record<string, Asker>> = {
  'the API': role('order-api', 'dynamodb:PutItem orders', `kms:Decrypt ${key} through DynamoDB`),
  'API Gateway, for its logs': role(
    'api-gateway-logs',
    ...Object.keys(logGroups).flatMap((log) => allLogs.map((action) => `logs:${action} ${log}`)),
  ),
  'the pipe': role(
    'orders-pipe',
    ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((action) => `dynamodb:${action} stream`),
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
  'EventBridge for another rule': service('events', arn('events', 'rule/another'), ...encryption),
  "EventBridge for a stranger's rule": forStranger(service('events', arn('events', 'rule/another', stranger))),
  'Pipes for the pipe': pipe,
  'Pipes for another pipe': service('pipes', arn('pipes', 'pipe/another')),
  'Pipes for the pipe of a stranger': forStranger(pipe),
  'CloudWatch for an alarm': service('cloudwatch', alarmArn(), 'sns:Publish alarms', ...encryption),
  "CloudWatch for a stranger's alarm": service('cloudwatch', alarmArn(stranger)),
  'the delivery of logs': delivery,
  'the delivery of logs of a stranger': forStranger(delivery),
  'the delivery of logs for a bucket': service('delivery.logs', arn('s3', 'any')),
  'CloudWatch Logs': service(
    `logs.${region}`,
    arn('logs', 'log-group:any'),
    ...['Decrypt', 'GenerateDataKey', 'Encrypt', 'ReEncryptFrom', 'DescribeKey'].map((action) => `kms:${action} ${key} for a log group`),
  ),
  Lambda: service('lambda', arn('lambda', 'function:any'), 'sts:AssumeRole order-confirmation', 'sts:AssumeRole order-statistics'),
  'API Gateway': service('apigateway', '', 'sts:AssumeRole order-api', 'sts:AssumeRole api-gateway-logs'),
  'another service for the rule': service('another', ruleArn),
  'another service for the pipe': service('another', pipeArn),
  'another service for logs': service('another', arn('logs', '*')),
};

/** Names of all that the asker may do. */
export function grantsOf(orders: Orders, { principal, context }: Asker): string[] {
  return questions(orders)
    .filter((question) => orders.runtime.iam.authorize({ ...question, principal, context: { ...question.context, ...context } }).allowed)
    .map(({ name }) => name)
    .sort();
}
