import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule';
import { SchedulerScheduleGroup } from '@cdktf/provider-aws/lib/scheduler-schedule-group';
import { Construct } from 'constructs';
import { BaseStack } from '../stacks/base-stack';
import { alarmOnDeadLetters } from './alarms';
import type { AlarmTopic } from './alarm-topic';
import type { EncryptionKey } from './encryption-key';
import type { NodeFunction } from './node-function';
import { Queue } from './queue';
import { ServiceRole } from './service-role';

/** A function, and how often it runs. */
export interface ScheduleProps {
  /** Name of the schedule, without project and environment. */
  readonly name: string;
  /** What is invoked; two runs may overlap. */
  readonly function: NodeFunction;
  /** Minutes between two runs, from 1 to 1440. */
  readonly rateMinutes: number;
  /** Encrypts the dead letters. */
  readonly encryptionKey: EncryptionKey;
  /** Told when there are dead letters. */
  readonly alarmTopic: AlarmTopic;
}

/** The longest that Lambda keeps an asynchronous event, in seconds: 6 hours (PutFunctionEventInvokeConfig). */
const longestEventAge = 21_600;

/**
 * Invokes a function at a rate. The schedule only hands the run to Lambda: what it cannot hand over, and what the
 * function fails with, are tried again until the next run is due, then one dead-letter queue keeps both.
 */
export class Schedule extends Construct {
  /** Runs that were not made, or failed. */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id);
    const { function: handler, rateMinutes, encryptionKey, alarmTopic } = props;
    const name = BaseStack.of(this).nameOf(props.name);
    const age = rateMinutes * 60;
    this.deadLetters = new Queue(this, 'dead-letters', { name: `${props.name}-schedule-dlq`, encryptionKey });
    alarmOnDeadLetters(this.deadLetters, `${props.name}-schedule-dlq`, alarmTopic);

    // Scheduler names the group, not the schedule, as the source: a group of its own makes the role the schedule's own.
    const group = new SchedulerScheduleGroup(this, 'group', { name });
    const role = new ServiceRole(this, 'role', {
      name: `${props.name}-schedule`,
      service: 'scheduler.amazonaws.com',
      sourceArn: group.arn,
    });
    handler.grantInvoke(role);
    for (const sender of [role, handler.role]) this.deadLetters.grantSend(sender);

    new SchedulerSchedule(this, 'schedule', {
      name,
      groupName: group.name,
      scheduleExpression: `rate(${rateMinutes} minute${rateMinutes > 1 ? 's' : ''})`,
      flexibleTimeWindow: { mode: 'FLEXIBLE', maximumWindowInMinutes: 1 },
      target: {
        arn: handler.arn,
        roleArn: role.arn,
        retryPolicy: { maximumEventAgeInSeconds: age, maximumRetryAttempts: 5 },
        deadLetterConfig: { arn: this.deadLetters.arn },
      },
      dependsOn: [role.policy],
    });
    new LambdaFunctionEventInvokeConfig(this, 'invocations', {
      functionName: handler.name,
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: Math.min(age, longestEventAge),
      destinationConfig: { onFailure: { destination: this.deadLetters.arn } },
      dependsOn: [handler.role.policy],
    });
  }
}
