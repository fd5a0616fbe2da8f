import { z } from 'zod';
import type { Operation, Service } from '../../service';
import { paginate } from '../pages';
import { servicePrincipal } from './invocation';
import { type Schedule, type ScheduleSettings, scheduleInput, scheduleName } from './schedule';
import type { Group, Schedules } from './schedules';

const page = {
  NamePrefix: z.string().min(1).max(64).optional(),
  NextToken: z.string().optional(),
  MaxResults: z.int().min(1).max(100).default(100),
};
const named = z.object({ Name: scheduleName, GroupName: scheduleName.default('default') });
const listInput = z.object({
  ...page,
  GroupName: scheduleName.optional(),
  State: z.enum(['ENABLED', 'DISABLED']).optional(),
});
const groupsInput = z.object(page);
const groupInput = z.object({ Name: scheduleName });

/** Scheduler's operations on schedules and groups. */
export function operations(schedules: Schedules): Service['operations'] {
  return { ...changes(schedules), ...reads(schedules), ...groups(schedules) };
}

function changes(schedules: Schedules): Service['operations'] {
  const put = (action: 'CreateSchedule' | 'UpdateSchedule'): Operation<ScheduleSettings> => ({
    input: scheduleInput,
    permissions: ({ Name, GroupName, Target }) => [
      { action: `scheduler:${action}`, resource: schedules.arn(Name, GroupName) },
      {
        action: 'iam:PassRole',
        resource: Target.RoleArn,
        context: { 'iam:PassedToService': servicePrincipal },
      },
    ],
    run(settings, call) {
      const { arn } = action === 'CreateSchedule' ? schedules.create(settings) : schedules.update(settings);
      call.record({ resource: arn, summary: `${settings.Name}: ${settings.ScheduleExpression}, ${settings.State}` });
      return { ScheduleArn: arn };
    },
  });
  const remove: Operation<z.infer<typeof named>> = {
    input: named,
    permissions: ({ Name, GroupName }) => [
      { action: 'scheduler:DeleteSchedule', resource: schedules.arn(Name, GroupName) },
    ],
    run({ Name, GroupName }, call) {
      const schedule = schedules.find(Name, GroupName);
      schedules.delete(schedule);
      call.record({ resource: schedule.arn, summary: `${Name} is deleted` });
      return {};
    },
  };
  return { CreateSchedule: put('CreateSchedule'), UpdateSchedule: put('UpdateSchedule'), DeleteSchedule: remove };
}

function reads(schedules: Schedules): Service['operations'] {
  const get: Operation<z.infer<typeof named>> = {
    input: named,
    permissions: ({ Name, GroupName }) => [
      { action: 'scheduler:GetSchedule', resource: schedules.arn(Name, GroupName) },
    ],
    run: ({ Name, GroupName }) => describe(schedules.find(Name, GroupName)),
  };
  const list: Operation<z.infer<typeof listInput>> = {
    input: listInput,
    permissions: () => [{ action: 'scheduler:ListSchedules', resource: '*' }],
    run({ GroupName, State, NamePrefix: prefix = '', MaxResults, NextToken }) {
      if (GroupName !== undefined) schedules.group(GroupName);
      const found = schedules.all
        .filter(({ settings }) => GroupName === undefined || settings.GroupName === GroupName)
        .filter(({ settings }) => State === undefined || settings.State === State)
        .filter(({ settings }) => settings.Name.startsWith(prefix));
      const { items, next } = paginate(found, MaxResults, NextToken, 'ValidationException');
      return { Schedules: items.map(summary), ...(next !== undefined && { NextToken: next }) };
    },
  };
  return { GetSchedule: get, ListSchedules: list };
}

function groups(schedules: Schedules): Service['operations'] {
  const get: Operation<z.infer<typeof groupInput>> = {
    input: groupInput,
    permissions: ({ Name }) => [{ action: 'scheduler:GetScheduleGroup', resource: schedules.groupArn(Name) }],
    run: ({ Name }) => groupOf(schedules.group(Name)),
  };
  const list: Operation<z.infer<typeof groupsInput>> = {
    input: groupsInput,
    permissions: () => [{ action: 'scheduler:ListScheduleGroups', resource: '*' }],
    run({ NamePrefix: prefix = '', MaxResults, NextToken }) {
      const found = [...schedules.groups.values()].filter(({ name }) => name.startsWith(prefix));
      const { items, next } = paginate(found, MaxResults, NextToken, 'ValidationException');
      return { ScheduleGroups: items.map(groupOf), ...(next !== undefined && { NextToken: next }) };
    },
  };
  return { GetScheduleGroup: get, ListScheduleGroups: list };
}

function groupOf({ name, arn, created }: Group) {
  const date = new Date(created);
  return { Name: name, Arn: arn, State: 'ACTIVE', CreationDate: date, LastModificationDate: date };
}

function summary({ arn, settings, created, modified }: Schedule) {
  return {
    Arn: arn,
    Name: settings.Name,
    GroupName: settings.GroupName,
    State: settings.State,
    CreationDate: new Date(created),
    LastModificationDate: new Date(modified),
    Target: { Arn: settings.Target.Arn },
  };
}

function describe(schedule: Schedule) {
  const { StartDate: start, EndDate: end, ClientToken: _, ...settings } = schedule.settings;
  return {
    ...settings,
    Arn: schedule.arn,
    CreationDate: new Date(schedule.created),
    LastModificationDate: new Date(schedule.modified),
    ...(start !== undefined && { StartDate: new Date(start) }),
    ...(end !== undefined && { EndDate: new Date(end) }),
  };
}
