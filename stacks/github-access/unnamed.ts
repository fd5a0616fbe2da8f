import { actions } from '../../constructs/grants';
import type { Statement } from '../../constructs/policy';
import type { BaseStack } from '../base-stack';

/** What a plan reads of resources that have no names of ours. */
export function readUnnamed(stack: BaseStack): Statement[] {
  return [
    {
      Sid: 'ReadKeys',
      Action: ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListResourceTags'],
      Resource: stack.arnOf('kms', 'key/*'),
      Condition: { StringEquals: taggedAs(stack, 'aws:ResourceTag') },
    },
    { Sid: 'ReadApis', Action: 'apigateway:GET', Resource: apis(stack) },
    {
      Sid: 'ReadEventSources',
      Action: ['lambda:GetEventSourceMapping', 'lambda:ListTags'],
      Resource: stack.arnOf('lambda', 'event-source-mapping:*'),
    },
    {
      // None of these has a resource level below all of the account and region.
      Sid: 'ReadWhatHasNoNames',
      Action: [
        ...actions.alarm.describe,
        'kms:ListAliases',
        'logs:DescribeLogGroups',
        'logs:DescribeResourcePolicies',
        'sns:GetSubscriptionAttributes',
        'states:ValidateStateMachineDefinition',
      ],
      Resource: '*',
    },
  ];
}

/** What an apply does with resources that have no names of ours. */
export function writeUnnamed(stack: BaseStack): Statement[] {
  const ours = stack.arnOf('lambda', `function:${stack.nameOf('*')}`);
  return [
    {
      // A key has no ARN before it is made: it must be given our tags, by which it is known afterwards.
      Sid: 'CreateKeys',
      Action: ['kms:CreateKey', 'kms:TagResource'],
      Resource: '*',
      Condition: { StringEquals: taggedAs(stack, 'aws:RequestTag') },
    },
    {
      Sid: 'WriteKeys',
      Action: [
        'kms:CancelKeyDeletion',
        'kms:CreateAlias',
        'kms:DeleteAlias',
        'kms:EnableKeyRotation',
        'kms:PutKeyPolicy',
        'kms:ScheduleKeyDeletion',
        'kms:UntagResource',
        'kms:UpdateAlias',
        'kms:UpdateKeyDescription',
      ],
      Resource: stack.arnOf('kms', 'key/*'),
      Condition: { StringEquals: taggedAs(stack, 'aws:ResourceTag') },
    },
    {
      Sid: 'WriteAliases',
      Action: ['kms:CreateAlias', 'kms:DeleteAlias', 'kms:UpdateAlias'],
      Resource: stack.arnOf('kms', `alias/${stack.nameOf('*')}`),
    },
    {
      // DynamoDB asks these of whoever makes a table with a key; only through DynamoDB.
      Sid: 'EncryptTables',
      Action: ['kms:CreateGrant', 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      Resource: stack.arnOf('kms', 'key/*'),
      Condition: {
        StringEquals: {
          ...taggedAs(stack, 'aws:ResourceTag'),
          'kms:ViaService': `dynamodb.${stack.settings.region}.amazonaws.com`,
        },
      },
    },
    {
      Sid: 'WriteApis',
      Action: ['apigateway:DELETE', 'apigateway:PATCH', 'apigateway:POST', 'apigateway:PUT'],
      Resource: apis(stack),
    },
    {
      Sid: 'WriteEventSources',
      Action: ['lambda:CreateEventSourceMapping', 'lambda:DeleteEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
      Resource: '*',
      Condition: { ArnLike: { 'lambda:FunctionArn': ours } },
    },
    {
      Sid: 'TagEventSources',
      Action: ['lambda:TagResource', 'lambda:UntagResource'],
      Resource: stack.arnOf('lambda', 'event-source-mapping:*'),
    },
    {
      Sid: 'PassRoles',
      Action: 'iam:PassRole',
      Resource: `arn:${stack.partition}:iam::${stack.accountId}:role/${stack.nameOf('*')}`,
      Condition: { StringEquals: { 'iam:PassedToService': passedTo.map((service) => `${service}.amazonaws.com`) } },
    },
    {
      // Deliveries and policies of logs, and subscriptions, have no resources to name.
      Sid: 'WriteWhatHasNoNames',
      Action: [
        ...actions.logGroup.deliver.filter((action) => !/:Describe/.test(action)),
        'logs:DeleteResourcePolicy',
        'sns:SetSubscriptionAttributes',
        'sns:Unsubscribe',
      ],
      Resource: '*',
    },
  ];
}

/** The services that are given a role of these stacks. */
const passedTo = ['apigateway', 'lambda', 'pipes', 'scheduler', 'states'];

/** The tags that every resource of an environment has. */
function taggedAs({ settings: { project, environment } }: BaseStack, key: 'aws:ResourceTag' | 'aws:RequestTag') {
  return { [`${key}/project`]: project, [`${key}/environment`]: environment };
}

/** APIs of the region: their ARNs have ids that AWS chooses. */
function apis(stack: BaseStack): string[] {
  const arn = `arn:${stack.partition}:apigateway:${stack.settings.region}::`;
  return [`${arn}/account`, `${arn}/restapis`, `${arn}/restapis/*`, `${arn}/tags/*`];
}
