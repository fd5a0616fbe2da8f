import type { Runtime } from '../../runtime';

/** URL of the queue with this ARN. */
export function queueUrl(runtime: Runtime, arn: string): string {
  const [, , , , account, name] = arn.split(':');
  return `${runtime.endpoint}/${account}/${name}`;
}
