import { z } from 'zod';
import type { Operation, Service } from '../../service';
import { paginate } from '../pages';
import { type Execution, statuses } from './execution';
import type { HistoryEvent } from './history';
import { withoutData } from './log';
import type { Machines } from './machines';
import type { StateMachine } from './state-machine';

const arn = z.string().min(1).max(256);
const page = {
  // 0 stands for the default.
  maxResults: z
    .int()
    .min(0)
    .max(1000)
    .default(0)
    .transform((most) => most || 100),
  nextToken: z.string().max(1024).optional(),
};
const includedData = z.enum(['ALL_DATA', 'METADATA_ONLY']).default('ALL_DATA');
const listInput = z.object({
  stateMachineArn: arn,
  statusFilter: z.enum(statuses).optional(),
  ...page,
  mapRunArn: z.undefined('Distributed Map is not modelled by the local runtime').optional(),
  redriveFilter: z.undefined('redrives are not modelled by the local runtime').optional(),
});
const executionInput = z.object({ executionArn: arn, includedData });
const historyInput = z.object({
  executionArn: arn,
  ...page,
  reverseOrder: z.boolean().default(false),
  includeExecutionData: z.boolean().default(true),
});
const machineInput = z.object({ stateMachineArn: arn, includedData });
const machinesInput = z.object(page);
const tagsInput = z.object({ resourceArn: arn });

/** Step Functions' operations that change nothing. */
export function reads(machines: Machines): Service['operations'] {
  return { ...executionReads(machines), ...machineReads(machines) };
}

function executionReads(machines: Machines): Service['operations'] {
  const describe: Operation<z.infer<typeof executionInput>> = {
    input: executionInput,
    permissions: ({ executionArn }) => [{ action: 'states:DescribeExecution', resource: executionArn }],
    run: ({ executionArn, includedData: data }) => described(machines.execution(executionArn), data === 'ALL_DATA'),
  };
  const list: Operation<z.infer<typeof listInput>> = {
    input: listInput,
    permissions: ({ stateMachineArn }) => [{ action: 'states:ListExecutions', resource: stateMachineArn }],
    run({ stateMachineArn, statusFilter, maxResults, nextToken }) {
      const found = machines.executionsOf(machines.find(stateMachineArn).arn, statusFilter);
      const { items, next } = paginate(found, maxResults, nextToken, 'InvalidToken');
      return { executions: items.map(summary), ...(next && { nextToken: next }) };
    },
  };
  const history: Operation<z.infer<typeof historyInput>> = {
    input: historyInput,
    permissions: ({ executionArn }) => [{ action: 'states:GetExecutionHistory', resource: executionArn }],
    run({ executionArn, maxResults, nextToken, reverseOrder, includeExecutionData }) {
      const { events } = machines.execution(executionArn).history;
      const ordered = reverseOrder ? events.toReversed() : events;
      const { items, next } = paginate(ordered, maxResults, nextToken, 'InvalidToken');
      return { events: includeExecutionData ? items : items.map(bare), ...(next && { nextToken: next }) };
    },
  };
  return { DescribeExecution: describe, ListExecutions: list, GetExecutionHistory: history };
}

function summary({ machine, beginning, status, started, stopped }: Execution) {
  return {
    executionArn: beginning.arn,
    stateMachineArn: machine.arn,
    name: beginning.name,
    status,
    startDate: new Date(started),
    ...(stopped !== undefined && { stopDate: new Date(stopped) }),
    redriveCount: 0,
  };
}

function described(execution: Execution, withData: boolean) {
  const { beginning, result, status } = execution;
  const { output, ...failure } = result;
  const included = { included: withData };
  const isClosed = status === 'RUNNING' || status === 'SUCCEEDED';
  return {
    ...summary(execution),
    ...(withData && { input: beginning.input }),
    inputDetails: included,
    ...(output !== undefined && { ...(withData && { output }), outputDetails: included }),
    ...(beginning.traceHeader && { traceHeader: beginning.traceHeader }),
    ...failure,
    ...(isClosed
      ? {
          redriveStatus: 'NOT_REDRIVABLE',
          redriveStatusReason: `Execution is ${status} and cannot be redriven`,
        }
      : { redriveStatus: 'REDRIVABLE' }),
  };
}

function bare(event: HistoryEvent): object {
  return Object.fromEntries(
    Object.entries(event).map(([name, value]) => [
      name,
      name.endsWith('EventDetails') ? withoutData(value as object) : value,
    ]),
  );
}

function machineReads(machines: Machines): Service['operations'] {
  const describe: Operation<z.infer<typeof machineInput>> = {
    input: machineInput,
    permissions: ({ stateMachineArn }) => [{ action: 'states:DescribeStateMachine', resource: stateMachineArn }],
    run: ({ stateMachineArn, includedData: data }) =>
      describedMachine(machines.find(stateMachineArn), data === 'ALL_DATA'),
  };
  const list: Operation<z.infer<typeof machinesInput>> = {
    input: machinesInput,
    permissions: () => [{ action: 'states:ListStateMachines', resource: '*' }],
    run({ maxResults, nextToken }) {
      const { items, next } = paginate(machines.all, maxResults, nextToken, 'InvalidToken');
      return { stateMachines: items.map(machineSummary), ...(next && { nextToken: next }) };
    },
  };
  const tags: Operation<z.infer<typeof tagsInput>> = {
    input: tagsInput,
    permissions: ({ resourceArn }) => [{ action: 'states:ListTagsForResource', resource: resourceArn }],
    run: ({ resourceArn }) => ({
      tags: Object.entries(machines.find(resourceArn).tags).map(([key, value]) => ({ key, value })),
    }),
  };
  return { DescribeStateMachine: describe, ListStateMachines: list, ListTagsForResource: tags };
}

function machineSummary({ arn: stateMachineArn, name, created }: StateMachine) {
  return { stateMachineArn, name, type: 'STANDARD', creationDate: new Date(created) };
}

function describedMachine(machine: StateMachine, withData: boolean) {
  const { level, withData: includeExecutionData, destination } = machine.logging;
  return {
    ...machineSummary(machine),
    status: 'ACTIVE',
    ...(withData && { definition: machine.text }),
    roleArn: machine.roleArn,
    loggingConfiguration: {
      level,
      includeExecutionData,
      ...(destination && { destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: destination } }] }),
    },
    tracingConfiguration: { enabled: machine.isTraced },
  };
}
