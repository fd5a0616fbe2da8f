import { z } from 'zod';
import { AwsError } from '../../aws-error';
import type { Operation, Service } from '../../service';
import { maximumData } from './frame';
import type { Machines } from './machines';
import { reads } from './reads';
import { parseNested } from '../../nested-json';

/** What names of executions may not hold: API reference, StartExecution. */
const notInNames = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;

const startInput = z.object({
  stateMachineArn: z.string().min(1).max(256),
  name: z.string().min(1).max(80).optional(),
  input: z.string().default('{}'),
  traceHeader: z.string().max(256).optional(),
});
const stopInput = z.object({
  executionArn: z.string().min(1).max(256),
  error: z.string().max(256).optional(),
  cause: z.string().max(32_768).optional(),
});

/** Step Functions' operations on state machines and executions. */
export function operations(machines: Machines): Service['operations'] {
  const start: Operation<z.infer<typeof startInput>> = {
    input: startInput,
    permissions: ({ stateMachineArn }) => [{ action: 'states:StartExecution', resource: stateMachineArn }],
    run({ stateMachineArn, name = machines.runtime.random.uuid(), input, traceHeader }, call) {
      const machine = machines.find(stateMachineArn);
      check(name, input);
      const { beginning, started } = machines.start(stateMachineArn, {
        name,
        input,
        traceHeader,
        record: (resource) =>
          call.record({ resource, summary: `${machine.name}: execution ${name} starts`, data: { input } }),
      });
      return { executionArn: beginning.arn, startDate: new Date(started) };
    },
  };
  const stop: Operation<z.infer<typeof stopInput>> = {
    input: stopInput,
    permissions: ({ executionArn }) => [{ action: 'states:StopExecution', resource: executionArn }],
    run({ executionArn, error, cause }, call) {
      const execution = machines.execution(executionArn);
      if (execution.status === 'RUNNING') {
        const { machine, beginning } = execution;
        const summary = `${machine.name}: execution ${beginning.name} is stopped`;
        const result = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
        machines.end(execution, 'ABORTED', result, [call.record({ resource: executionArn, summary })]);
      }
      return { stopDate: new Date(execution.stopped!) };
    },
  };
  return { StartExecution: start, StopExecution: stop, ...reads(machines) };
}

function check(name: string, input: string): void {
  if (notInNames.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
  const invalid = (why: string) =>
    new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${why}'`);
  if (Buffer.byteLength(input) > maximumData) throw invalid(`more than ${maximumData} bytes`);
  try {
    parseNested(input);
  } catch (error) {
    throw invalid((error as Error).message);
  }
}
