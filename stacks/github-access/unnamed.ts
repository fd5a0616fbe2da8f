import { actions } from '../../constructs/grants';
import type { Statement } from '../../constructs/policy';
import type { BaseStack } from '../base-stack';

/** What a plan reads of resources that have no names of ours. */
export function readUnnamed(stack: BaseStack): Statement[] {
  return [
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

/** APIs of the region: their ARNs have ids that AWS chooses. */
function apis(stack: BaseStack): string[] {
  const arn = `arn:${stack.partition}:apigateway:${stack.settings.region}::`;
  return [`${arn}/account`, `${arn}/restapis`, `${arn}/restapis/*`, `${arn}/tags/*`];
}
