import type { Runtime } from '../../../runtime';
import type { TargetKind } from '../target';

/** State machines of Step Functions: StartExecution as the target's role. */
export function stateMachines(runtime: Runtime): TargetKind {
  return {
    check: ({ arn, roleArn }) => (roleArn ? undefined : `RoleArn is required for target ${arn}: give role_arn`),
    async send({ target, body, principal, parents }) {
      await runtime.call({
        service: 'states',
        operation: 'StartExecution',
        input: { stateMachineArn: target.arn, input: body },
        principal,
        parents,
      });
    },
  };
}
