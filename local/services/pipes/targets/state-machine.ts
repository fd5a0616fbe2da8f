import { toAwsError } from '../../../aws-error';
import type { Runtime } from '../../../runtime';
import { type Pipe, type Target, causes } from '../pipe';

/**
 * A Standard state machine as target: one execution per batch, its input the list of the events, even if it is one.
 * Only the start can fail; the execution's name is Step Functions' choice, so that a repeated start is another execution.
 */
export function machineTarget(runtime: Runtime, pipe: Pipe): Target {
  return {
    service: 'states',
    async send(events, principal) {
      const stateMachineArn = pipe.arguments.target;
      const request = { stateMachineArn, input: JSON.stringify(events.map(({ event }) => event)) };
      const call = { service: 'states', operation: 'StartExecution', input: request, principal };
      try {
        const response: unknown = await runtime.call({ ...call, parents: causes(events) });
        return { failures: [], request, response };
      } catch (thrown) {
        const error = toAwsError(thrown);
        return { failures: events.map((record) => ({ record, error })), request };
      }
    },
  };
}
