import type { Principal } from '../../../local/principal';
import type { ConditionContext } from '../../../local/service';
import { dev } from '../orders';
import { arn, keyUses, logDeliveryActions, logGroups, roleArn } from '../questions';

/** Another account. */
export const stranger = '111111111111';

/** Somebody who asks. */
export interface Asker {
  readonly principal: Principal;
  readonly context?: ConditionContext;
  /** Names of all questions that are answered with yes. */
  readonly granted: readonly string[];
}

/** Who asks by name, and all that they may do. */
export type Askers = Readonly<Record<string, Asker>>;

/** Somebody with a role of the dev environment. */
export const role = (name: string, ...granted: string[]): Asker => ({
  principal: {
    kind: 'role',
    roleArn: roleArn(name),
    arn: `arn:aws:sts::000000000000:assumed-role/${dev(name)}/session`,
  },
  granted,
});

/** A service that acts for a resource. */
export const service = (name: string, sourceArn: string, ...granted: string[]): Asker => ({
  principal: { kind: 'service', service: `${name}.amazonaws.com`, sourceArn },
  granted,
});

/** The ARN is right, the account it is sent for is not. */
export const forStranger = (asker: Asker): Asker => ({
  ...asker,
  context: { 'aws:SourceAccount': stranger },
  granted: [],
});

/** The key of the payloads, as questions call it. */
export const key = 'outbox-core key';

/** What each function does with its log and its traces. */
export const observed = (log: string) => [
  `logs:CreateLogStream ${log}`,
  `logs:PutLogEvents ${log}`,
  'xray:PutTraceSegments traces',
  'xray:PutTelemetryRecords traces',
];

/** What reading a queue takes. */
export const readsQueue = (queue: string) => [
  `kms:Decrypt ${key} through SQS`,
  ...['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((action) => `sqs:${action} ${queue}`),
];

/** What reading a stream takes. */
export const readsStream = (stream: string) =>
  ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((action) => `dynamodb:${action} ${stream}`);

/** What a function takes that uses a table, and what else it is granted. */
export const withTable = (name: string, ...granted: string[]) =>
  role(name, `kms:Decrypt ${key} through DynamoDB`, ...observed(`${name} log`), ...granted);

/** Use of the key in any circumstances, for services that the key's policy names. */
export const encryption = keyUses.flatMap((use) => [`kms:Decrypt ${key} ${use}`, `kms:GenerateDataKey ${key} ${use}`]);

/** What sending to a queue takes. */
export const sendsTo = (queue: string) => [
  `sqs:SendMessage ${queue}`,
  `kms:Decrypt ${key} through SQS`,
  `kms:GenerateDataKey ${key} through SQS`,
];

/** What running a logged and traced state machine takes. */
export const runsWorkflows = [
  ...logDeliveryActions.split(' ').map((action) => `logs:${action} everything`),
  ...logGroups.map((log) => `logs:DescribeLogGroups ${log}`),
  ...['PutTraceSegments', 'PutTelemetryRecords', 'GetSamplingRules', 'GetSamplingTargets'].map(
    (action) => `xray:${action} traces`,
  ),
];

/** ARN of a rule of the bus. */
export const ruleArn = (name: string) => arn('events', `rule/${dev('events')}/${dev(name)}`);

/** EventBridge opens a stream without saying for which rule. */
export const opensStream = 'logs:CreateLogStream audit log';
