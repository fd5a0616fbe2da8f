import type { Runtime } from '../../../runtime';
import type { TargetKind } from '../target';

/** Lambda functions: asynchronous Invoke. What the function then fails with is Lambda's to retry, not the rule's. */
export function functions(runtime: Runtime): TargetKind {
  return {
    check({ arn }) {
      if (!/^arn:[^:]+:lambda:[^:]+:\d{12}:function:[\w-]+$/.test(arn))
        return `${arn} is not the ARN of a function without version or alias`;
      return undefined;
    },
    async send({ target, body, principal, parents }) {
      await runtime.call({
        service: 'lambda',
        operation: 'Invoke',
        input: { FunctionName: target.arn, InvocationType: 'Event', Payload: body },
        principal,
        parents,
      });
    },
  };
}
