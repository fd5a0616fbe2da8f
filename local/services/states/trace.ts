import type { Runtime } from '../../runtime';
import type { Execution } from './execution';

/** Sends the X-Ray segment of an execution with the rights of the state machine's role, if it traces; what is denied is lost. */
export function sendSegment(runtime: Runtime, execution: Execution, cause: number): void {
  const { machine, beginning, started, stopped, status } = execution;
  if (!machine.isTraced) return;
  const seconds = Math.floor(started / 1000)
    .toString(16)
    .padStart(8, '0');
  const digits = (runtime.random.uuid() + runtime.random.uuid()).replaceAll('-', '');
  const given = /Root=([^;]+)/.exec(beginning.traceHeader ?? '')?.[1];
  const document = {
    id: digits.slice(24, 40),
    trace_id: given ?? `1-${seconds}-${digits.slice(0, 24)}`,
    name: machine.name,
    origin: 'AWS::StepFunctions::StateMachine',
    start_time: started / 1000,
    end_time: stopped! / 1000,
    ...(status !== 'SUCCEEDED' && { fault: true }),
    aws: { resource_names: [machine.name], account_id: runtime.accountId },
  };
  const input = { TraceSegmentDocuments: [JSON.stringify(document)] };
  runtime
    .call({ service: 'xray', operation: 'PutTraceSegments', input, principal: beginning.role, parents: [cause] })
    .catch(() => undefined);
}
