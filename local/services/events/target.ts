import type { Principal } from '../../principal';
import type { Runtime } from '../../runtime';
import type { Input, InputTransformer } from './input';

/** Where a rule sends the events that match. */
export interface Target {
  readonly id: string;
  readonly arn: string;
  readonly kind: TargetKind;
  /** The role that the rule assumes for the target. @default the rule calls as the service EventBridge */
  readonly roleArn: string | undefined;
  readonly input: Input;
  /** What the API shows of the input. */
  readonly shownInput: {
    readonly input?: string | undefined;
    readonly path?: string | undefined;
    readonly transformer?: InputTransformer | undefined;
  };
  readonly retryPolicy: RetryPolicy;
  readonly deadLetterArn: string | undefined;
  readonly messageGroupId: string | undefined;
}

/** How long a delivery is tried. */
export interface RetryPolicy {
  readonly maximumEventAgeInSeconds: number;
  readonly maximumRetryAttempts: number;
}

/** Of a target that says nothing else: 24 hours and 185 attempts (user guide, eb-rule-retry-policy). */
export const defaultRetryPolicy: RetryPolicy = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 };

/** One delivery to a target. */
export interface Invocation {
  readonly target: Pick<Target, 'arn' | 'messageGroupId'>;
  readonly body: string;
  readonly principal: Principal;
  readonly parents: readonly number[];
}

/** A service that rules deliver to. */
export interface TargetKind {
  /** What is wrong with a target of this kind, if anything. */
  check(target: Pick<Target, 'arn' | 'messageGroupId'>): string | undefined;
  /** @throws AwsError as the service answers */
  send(invocation: Invocation): Promise<void>;
}

/** URL of the queue with this ARN. */
export function queueUrl(runtime: Runtime, arn: string): string {
  const [, , , , account, name] = arn.split(':');
  return `${runtime.endpoint}/${account}/${name}`;
}

function queues(runtime: Runtime): TargetKind {
  return {
    check({ arn, messageGroupId }) {
      const [, , , region] = arn.split(':');
      if (region !== runtime.region) return `${arn} is in another region than the rule, ${runtime.region}`;
      if (arn.endsWith('.fifo') && !messageGroupId) return `a FIFO queue needs sqs_target { message_group_id }`;
      return undefined;
    },
    async send({ target, body, principal, parents }) {
      await runtime.call({
        service: 'sqs',
        operation: 'SendMessage',
        input: {
          QueueUrl: queueUrl(runtime, target.arn),
          MessageBody: body,
          ...(target.messageGroupId && { MessageGroupId: target.messageGroupId }),
        },
        principal,
        parents,
      });
    },
  };
}

/** The kinds of targets that are run here, by the service in their ARN. */
export function targetKinds(runtime: Runtime): ReadonlyMap<string, TargetKind> {
  return new Map([['sqs', queues(runtime)]]);
}
