import type { z } from 'zod';
import type { Runtime } from '../runtime';
import { type Resource, type Service, jsonErrors } from '../service';
import { groupArguments, scheduleArguments } from './scheduler/arguments';
import { operations } from './scheduler/operations';
import { Schedules } from './scheduler/schedules';

/** The service, and what AWS has no operation for. */
export interface Scheduler extends Service {
  /**
   * Invokes a schedule's target now, beside its plan.
   *
   * @throws AwsError `ResourceNotFoundException`
   */
  runNow(arn: string): void;
}

/** Amazon EventBridge Scheduler: one-time and recurring calls of targets, as roles. */
export function scheduler(runtime: Runtime): Scheduler {
  const schedules = new Schedules(runtime);
  return {
    name: 'scheduler',
    errors: { ...jsonErrors, accessDenied: { code: 'AccessDeniedException', status: 403 } },
    operations: operations(schedules),
    runNow: (arn) => schedules.runNow(arn),
    resources: {
      aws_scheduler_schedule: {
        arguments: scheduleArguments,
        create({ arguments: settings }: Resource<z.output<typeof scheduleArguments>>) {
          const { arn } = schedules.create(settings);
          const { Name: name, GroupName: group } = settings;
          return { id: `${group}/${name}`, arn, name, group_name: group };
        },
      },
      aws_scheduler_schedule_group: {
        arguments: groupArguments,
        create({ arguments: { name } }: Resource<z.output<typeof groupArguments>>) {
          const { arn, created } = schedules.addGroup(name);
          const date = new Date(created).toISOString();
          return { id: name, arn, name, state: 'ACTIVE', creation_date: date, last_modification_date: date };
        },
      },
    },
  };
}
