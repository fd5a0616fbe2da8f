import { z } from 'zod';
import { toAwsError } from '../../../aws-error';
import type { Principal } from '../../../principal';
import type { Runtime } from '../../../runtime';
import type { TargetKind } from '../target';

/** Log groups whose names EventBridge offers (AWS knowledge center, "CloudWatch log group as EventBridge target"). */
const groupArn = /^arn:[^:]+:logs:[^:]+:\d{12}:log-group:(\/aws\/events\/[^:]+)(?::\*)?$/;

const made = z.object({ timestamp: z.union([z.number(), z.string()]), message: z.string() });

/** A line may be made by a transformer, which then gives both members (user guide, eb-targets). */
function lineOf(body: string, now: number) {
  const parsed: unknown = JSON.parse(body);
  const line = made.safeParse(parsed);
  if (!line.success) return { timestamp: now, message: body };
  const { timestamp, message } = line.data;
  const time = typeof timestamp === 'number' ? timestamp : Date.parse(timestamp);
  return { timestamp: Number.isNaN(time) ? now : time, message };
}

/** Log groups: PutLogEvents as the service EventBridge, which the log resource policies must allow. */
export function logGroups(runtime: Runtime): TargetKind {
  const streams = new Map<string, string>();

  const streamOf = async (group: string, principal: Principal, parents: readonly number[]): Promise<string> => {
    const known = streams.get(group);
    if (known !== undefined) return known;
    const logStreamName = runtime.random.uuid();
    const input = { logGroupName: group, logStreamName };
    await runtime.call({ service: 'logs', operation: 'CreateLogStream', input, principal, parents });
    streams.set(group, logStreamName);
    return logStreamName;
  };

  return {
    check({ arn, roleArn }) {
      if (!groupArn.test(arn)) return `${arn} is not the ARN of a log group whose name begins with /aws/events/`;
      if (roleArn) return `RoleArn is not supported for target ${arn}: a log resource policy must allow the delivery`;
      return undefined;
    },
    async send({ target, body, principal, parents }) {
      const group = groupArn.exec(target.arn)![1]!;
      const logStreamName = await streamOf(group, principal, parents);
      const input = { logGroupName: group, logStreamName, logEvents: [lineOf(body, runtime.clock.now())] };
      try {
        await runtime.call({ service: 'logs', operation: 'PutLogEvents', input, principal, parents });
      } catch (error) {
        if (toAwsError(error).code === 'ResourceNotFoundException') streams.delete(group);
        throw error;
      }
    },
  };
}
