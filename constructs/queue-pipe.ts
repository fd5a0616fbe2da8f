import { PipesPipe } from '@cdktf/provider-aws/lib/pipes-pipe';
import { Construct } from 'constructs';
import { BaseStack } from '../stacks/base-stack';
import { alarm, alarmOnBacklog, alarmOnDeadLetters } from './alarms';
import type { AlarmTopic } from './alarm-topic';
import type { EncryptionKey } from './encryption-key';
import { LogGroup } from './log-group';
import type { NodeFunction } from './node-function';
import type { PipeTarget } from './pipe-target';
import type { Queue } from './queue';
import { ServiceRole } from './service-role';

/** The longest that a pipe works on a batch, in seconds: 5 minutes (EventBridge Pipes user guide, "Batching and concurrency"). */
const longestExecution = 300;
/** AWS recommends a visibility timeout of six times the function's. */
const visibilityFactor = 6;

/** A queue, what enriches its messages, and where they go. */
export interface QueuePipeProps {
  /** Name of the pipe, without project and environment. */
  readonly name: string;
  /** A queue with dead letters, whose messages stay hidden as {@link pipeVisibility} says. */
  readonly queue: Queue;
  /** Messages that are taken at once, at most. */
  readonly batchSize: number;
  /** The function that is called with a batch; what it answers goes on, an empty list ends there. */
  readonly enrichment: NodeFunction;
  /** Where what the enrichment answers goes. */
  readonly target: PipeTarget;
  /** Encrypts the pipe's log group. */
  readonly encryptionKey: EncryptionKey;
  /** Told when the pipe fails, messages wait long, or are dead letters. */
  readonly alarmTopic: AlarmTopic;
}

/**
 * How long a message that a pipe has received must stay hidden, so that no other takes it while the pipe is at work.
 *
 * @param timeout of the enrichment; both in seconds
 */
export function pipeVisibility(timeout: number): number {
  return Math.max(timeout * visibilityFactor, longestExecution);
}

/**
 * An EventBridge Pipe that takes messages off a queue, lets a function put others in their place and delivers those.
 * What fails comes back, its message alone if the enrichment's answer kept the `messageId`, else its batch, until the queue
 * dead-letters it: a pipe has no dead-letter queue for this source.
 */
export class QueuePipe extends Construct {
  constructor(scope: Construct, id: string, props: QueuePipeProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const { queue, enrichment, target, encryptionKey, alarmTopic } = props;
    const name = stack.nameOf(props.name);
    const logs = new LogGroup(this, 'logs', { prefix: '/aws/vendedlogs/pipes', name: props.name, encryptionKey });
    const delivery = logs.grantDelivery();
    const role = new ServiceRole(this, 'role', {
      name: `${props.name}-pipe`,
      service: 'pipes.amazonaws.com',
      sourceArn: stack.arnOf('pipes', `pipe/${name}`),
    });
    queue.grantConsume(role);
    enrichment.grantInvoke(role);
    target.grant(role);

    const pipe = new PipesPipe(this, 'pipe', {
      name,
      roleArn: role.arn,
      source: queue.arn,
      sourceParameters: { sqsQueueParameters: { batchSize: props.batchSize } },
      enrichment: enrichment.arn,
      target: target.arn,
      targetParameters: target.parameters,
      logConfiguration: { level: 'ERROR', cloudwatchLogsLogDestination: { logGroupArn: logs.arn } },
      dependsOn: [role.policy, delivery],
    });
    alarm(this, 'pipeFailures', `${props.name}-pipe`, { PipeName: pipe.name }, alarmTopic);
    alarmOnBacklog(queue, props.name, alarmTopic);
    alarmOnDeadLetters(queue.deadLetters!, `${props.name}-dlq`, alarmTopic);
  }
}
