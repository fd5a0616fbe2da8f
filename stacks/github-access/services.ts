import { actions } from '../../constructs/grants';
import type { BaseStack } from '../base-stack';

/** What Terraform does with one kind of resource: actions by what they need, and the resources that they are limited to. */
export interface ServiceAccess {
  readonly sid: string;
  /** What a plan reads: settings, never data. */
  readonly read: readonly string[];
  /** What an apply does beside. */
  readonly write: readonly string[];
  /** The most that a role of the stacks may do with the data, as their permissions boundary says. @default nothing */
  readonly use?: readonly string[];
  readonly resources: (stack: BaseStack) => readonly string[];
}

/**
 * The kinds of resources that have names, and so are limited to `<project>-<environment>-*`. Actions and resource types are those of the
 * Service Authorization Reference; which of them a resource needs follows from the API calls of the AWS provider.
 */
export const named: readonly ServiceAccess[] = [
  {
    sid: 'Tables',
    read: ['DescribeContinuousBackups', 'DescribeTable', 'DescribeTimeToLive', 'ListTagsOfResource'].map(
      of('dynamodb'),
    ),
    write: [
      'CreateTable',
      'DeleteTable',
      'TagResource',
      'UntagResource',
      'UpdateContinuousBackups',
      'UpdateTable',
      'UpdateTimeToLive',
    ].map(of('dynamodb')),
    use: [...all(actions.table), ...actions.stream.read],
    resources: (stack) => [stack.arnOf('dynamodb', `table/${stack.nameOf('*')}`)],
  },
  {
    sid: 'Queues',
    read: ['GetQueueAttributes', 'GetQueueUrl', 'ListQueueTags'].map(of('sqs')),
    write: ['CreateQueue', 'DeleteQueue', 'SetQueueAttributes', 'TagQueue', 'UntagQueue'].map(of('sqs')),
    use: all(actions.queue),
    resources: (stack) => [stack.arnOf('sqs', stack.nameOf('*'))],
  },
  {
    sid: 'Topics',
    read: ['GetTopicAttributes', 'ListTagsForResource'].map(of('sns')),
    write: ['CreateTopic', 'DeleteTopic', 'SetTopicAttributes', 'Subscribe', 'TagResource', 'UntagResource'].map(
      of('sns'),
    ),
    use: all(actions.topic),
    resources: (stack) => [stack.arnOf('sns', stack.nameOf('*'))],
  },
  {
    sid: 'Events',
    read: ['DescribeArchive', 'DescribeEventBus', 'DescribeRule', 'ListTagsForResource', 'ListTargetsByRule'].map(
      of('events'),
    ),
    write: [
      'CreateArchive',
      'CreateEventBus',
      'DeleteArchive',
      'DeleteEventBus',
      'DeleteRule',
      'DisableRule',
      'EnableRule',
      'PutRule',
      'PutTargets',
      'RemoveTargets',
      'TagResource',
      'UntagResource',
      'UpdateArchive',
      'UpdateEventBus',
    ].map(of('events')),
    use: all(actions.bus),
    resources: (stack) =>
      // Rules of the environment's bus: those of the default bus have no bus in their ARN.
      ['archive/', 'event-bus/', `rule/${stack.nameOf('*')}/`].map((type) =>
        stack.arnOf('events', type + stack.nameOf('*')),
      ),
  },
  {
    sid: 'Pipes',
    read: ['DescribePipe', 'ListTagsForResource'].map(of('pipes')),
    write: ['CreatePipe', 'DeletePipe', 'StartPipe', 'StopPipe', 'TagResource', 'UntagResource', 'UpdatePipe'].map(
      of('pipes'),
    ),
    resources: (stack) => [stack.arnOf('pipes', `pipe/${stack.nameOf('*')}`)],
  },
  {
    sid: 'Schedules',
    read: ['GetSchedule', 'GetScheduleGroup', 'ListTagsForResource'].map(of('scheduler')),
    write: [
      'CreateSchedule',
      'CreateScheduleGroup',
      'DeleteSchedule',
      'DeleteScheduleGroup',
      'TagResource',
      'UntagResource',
      'UpdateSchedule',
    ].map(of('scheduler')),
    resources: (stack) =>
      ['schedule', 'schedule-group'].map((type) => stack.arnOf('scheduler', `${type}/${stack.nameOf('*')}`)),
  },
  {
    sid: 'StateMachines',
    read: ['DescribeStateMachine', 'ListStateMachineVersions', 'ListTagsForResource'].map(of('states')),
    write: ['CreateStateMachine', 'DeleteStateMachine', 'TagResource', 'UntagResource', 'UpdateStateMachine'].map(
      of('states'),
    ),
    use: all(actions.stateMachine),
    resources: (stack) => [stack.arnOf('states', `stateMachine:${stack.nameOf('*')}`)],
  },
  {
    sid: 'Functions',
    read: [
      'GetFunction',
      'GetFunctionCodeSigningConfig',
      'GetFunctionConfiguration',
      'GetFunctionEventInvokeConfig',
      'GetPolicy',
      'ListTags',
      'ListVersionsByFunction',
    ].map(of('lambda')),
    write: [
      'AddPermission',
      'CreateFunction',
      'DeleteFunction',
      'DeleteFunctionConcurrency',
      'DeleteFunctionEventInvokeConfig',
      'PutFunctionConcurrency',
      'PutFunctionEventInvokeConfig',
      'RemovePermission',
      'TagResource',
      'UntagResource',
      'UpdateFunctionCode',
      'UpdateFunctionConfiguration',
    ].map(of('lambda')),
    use: all(actions.function),
    resources: (stack) => [stack.arnOf('lambda', `function:${stack.nameOf('*')}`)],
  },
  {
    sid: 'LogGroups',
    read: ['ListTagsForResource'].map(of('logs')),
    write: [
      'AssociateKmsKey',
      'CreateLogGroup',
      'DeleteLogGroup',
      'DeleteRetentionPolicy',
      'DisassociateKmsKey',
      'PutRetentionPolicy',
      'TagResource',
      'UntagResource',
    ].map(of('logs')),
    resources: (stack) =>
      ['apigateway', 'events', 'lambda', 'vendedlogs/pipes', 'vendedlogs/states'].map((folder) =>
        stack.arnOf('logs', `log-group:/aws/${folder}/${stack.nameOf('*')}`),
      ),
  },
  {
    sid: 'Alarms',
    read: ['ListTagsForResource'].map(of('cloudwatch')),
    write: ['DeleteAlarms', 'PutMetricAlarm', 'TagResource', 'UntagResource'].map(of('cloudwatch')),
    resources: (stack) => [stack.arnOf('cloudwatch', `alarm:${stack.nameOf('*')}`)],
  },
  {
    sid: 'Roles',
    read: ['GetRole', 'GetRolePolicy', 'ListAttachedRolePolicies', 'ListRolePolicies'].map(of('iam')),
    // What makes a role or decides what it may do is in roles.ts: it has a condition.
    write: [
      'DeleteRole',
      'ListInstanceProfilesForRole',
      'TagRole',
      'UntagRole',
      'UpdateAssumeRolePolicy',
      'UpdateRole',
    ].map(of('iam')),
    resources: (stack) => [stack.roleArn('*')],
  },
  {
    sid: 'Buckets',
    read: [
      'GetAccelerateConfiguration',
      'GetBucket*',
      'GetEncryptionConfiguration',
      'GetLifecycleConfiguration',
      'GetReplicationConfiguration',
      'ListBucket',
      'ListTagsForResource',
    ].map(of('s3')),
    write: [
      'CreateBucket',
      'DeleteBucket',
      'DeleteBucketPolicy',
      'DeleteObject',
      'DeleteObjectVersion',
      'ListBucketVersions',
      'PutBucketPolicy',
      'PutBucketPublicAccessBlock',
      'PutBucketTagging',
      'PutBucketVersioning',
      'PutEncryptionConfiguration',
      'PutLifecycleConfiguration',
      'TagResource',
      'UntagResource',
    ].map(of('s3')),
    // With and without an object, since `*` matches slashes. Not the bucket of the state, whose name has the same beginning.
    use: all(actions.bucket),
    resources: (stack) =>
      ['failures', 'payloads'].map((kind) => `arn:${stack.partition}:s3:::${stack.nameOf(`*-${kind}-*`)}`),
  },
];

function of(service: string) {
  return (action: string) => `${service}:${action}`;
}

function all(grants: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.values(grants).flat();
}
