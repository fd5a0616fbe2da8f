import type { Principal } from '../../principal';
import type { Runtime } from '../../runtime';
import type { Input, InputTransformer } from './input';
import { buses } from './targets/buses';
import { functions } from './targets/functions';
import { logGroups } from './targets/log-groups';
import { queues } from './targets/queues';
import { stateMachines } from './targets/state-machines';

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

/** What of a target is checked when it is made. */
export interface CheckedTarget extends Pick<Target, 'arn' | 'messageGroupId' | 'roleArn'> {
  /** Whether it is given something else than the event as it is. */
  readonly hasInput: boolean;
  /** ARN of the bus whose rule has the target. */
  readonly busArn: string;
}

/** A service that rules deliver to. */
export interface TargetKind {
  /** What is wrong with a target of this kind, if anything. */
  check(target: CheckedTarget): string | undefined;
  /** @throws AwsError as the service answers */
  send(invocation: Invocation): Promise<void>;
}

/** The kinds of targets that are run here, by the service in their ARN. */
export function targetKinds(runtime: Runtime): ReadonlyMap<string, TargetKind> {
  return new Map([
    ['sqs', queues(runtime)],
    ['lambda', functions(runtime)],
    ['states', stateMachines(runtime)],
    ['logs', logGroups(runtime)],
    ['events', buses(runtime)],
  ]);
}
