import { actions } from '../../constructs/grants';
import type { Statement } from '../../constructs/policy';
import type { BaseStack } from '../base-stack';
import { named } from './services';

/**
 * The most that any role of the stacks may do, whatever its own policies say: use the data of the environment, and what has no names. Nothing
 * of IAM or STS, so that no role leads to another.
 */
export function boundary(stack: BaseStack): Statement[] {
  const { region } = stack.settings;
  return [
    ...named.flatMap(({ sid, use, resources }) => (use ? [{ Sid: sid, Action: use, Resource: resources(stack) }] : [])),
    {
      // By way of a service, whose resources are limited above: what another key encrypts is not reached.
      Sid: 'Keys',
      Action: distinct(...actions.key.decrypt, ...actions.key.encrypt, ...actions.key.store),
      Resource: stack.arnOf('kms', 'key/*'),
      Condition: {
        StringEquals: {
          'kms:ViaService': ['dynamodb', 's3', 'sns', 'sqs'].map((service) => `${service}.${region}.amazonaws.com`),
        },
      },
    },
    {
      // API Gateway writes the logs of all APIs of the region with one role.
      Sid: 'LogGroups',
      Action: distinct(...actions.logGroup.push, ...actions.logGroup.write),
      Resource: stack.arnOf('logs', '*'),
    },
    {
      // Alarms are described all or none; deliveries of logs and traces have no resources to name.
      Sid: 'WhatHasNoNames',
      Action: distinct(
        ...actions.alarm.describe,
        ...actions.logGroup.deliver,
        ...actions.xray.sample,
        ...actions.xray.write,
      ),
      Resource: '*',
    },
  ];
}

function distinct(...names: string[]): string[] {
  return [...new Set(names)];
}
