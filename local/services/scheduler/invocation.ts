import { type AwsError, toAwsError } from '../../aws-error';
import type { Timer } from '../../clock';
import type { RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';
import type { NewHop } from '../../timeline';
import type { Schedule } from './schedule';
import { type Attempt, type TargetRequest, failureIn, iso, requestOf } from './target';

/** The service as principals and hops name it. */
export const servicePrincipal = 'scheduler.amazonaws.com';

/** How an invocation failed for good. */
interface End extends Attempt {
  readonly error: AwsError;
  readonly condition: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';
  /** Hop of the last attempt. */
  readonly cause: number;
  readonly request: TargetRequest;
}

/**
 * Pause before a retry, in milliseconds: doubled from 1 s up to 10 min, less up to half of it by chance. AWS says no more than
 * "exponential backoff"; with these figures 185 attempts take about 24 hours.
 */
function backoff(retries: number, chance: number): number {
  return Math.min(1000 * 2 ** retries, 600_000) * (1 - chance / 2);
}

/** The session of the execution role in which an attempt is made. */
function roleOf(runtime: Runtime, { schedule, executionId }: Attempt, cause: number): RolePrincipal {
  const { Target: target, KmsKeyArn: key } = schedule.settings;
  const role = runtime.assumeRole(target.RoleArn, servicePrincipal, schedule.groupArn, executionId);
  const context = {
    'kms:ViaService': `scheduler.${runtime.region}.amazonaws.com`,
    'kms:EncryptionContext:aws:scheduler:schedule:arn': schedule.arn,
  };
  if (key) runtime.authorize(role, { action: 'kms:Decrypt', resource: key, context }, undefined, [cause]);
  return role;
}

/**
 * Invokes targets: as the schedule's role, again with growing pauses until attempts or age are used up, then sends to the
 * dead-letter queue, once. Permanent errors are retried too.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
export class Invoker {
  private readonly timers = new Set<Timer>();

  constructor(private readonly runtime: Runtime) {
    runtime.onStop(() => {
      for (const timer of this.timers) timer.cancel();
      this.timers.clear();
    });
  }

  /**
   * Begins an invocation.
   *
   * @param due when it is due, in epoch milliseconds
   * @param settled called when it has succeeded or failed for good
   */
  begin(schedule: Schedule, due: number, settled: () => void): void {
    const { Name: name, Target: target } = schedule.settings;
    const executionId = this.runtime.random.uuid().replaceAll('-', '').slice(0, 16);
    const summary = `${name}, due ${iso(due)}, invokes ${target.Arn.split(':').slice(5).join(':')}`;
    const hop = this.record(schedule, { operation: 'invoke', summary, data: { target: target.Arn, executionId } });
    const began = this.runtime.clock.now();
    void this.runtime.track(this.attempt({ schedule, due, began, executionId, number: 1 }, hop, settled));
  }

  private async attempt(now: Attempt, cause: number, settled: () => void): Promise<void> {
    const { runtime } = this;
    const { schedule, number } = now;
    const request = requestOf(runtime, now);
    this.count(schedule, 'InvocationAttemptCount');
    try {
      const answer = await runtime.call({ ...request, principal: roleOf(runtime, now, cause), parents: [cause] });
      const failure = failureIn(answer);
      if (failure) throw failure;
      settled();
    } catch (thrown) {
      const error = toAwsError(thrown);
      this.count(schedule, 'TargetErrorCount');
      if (isThrottle(error)) this.count(schedule, 'TargetErrorThrottledCount');
      const end = { ...now, error, cause, request };
      const isLast = number > schedule.settings.Target.RetryPolicy.MaximumRetryAttempts;
      if (isLast) await this.finish({ ...end, condition: 'MaximumRetryAttempts' }, settled);
      else this.retry(end, settled);
    }
  }

  private retry(end: Omit<End, 'condition'>, settled: () => void): void {
    const { schedule, began, number, error } = end;
    const { MaximumRetryAttempts: most, MaximumEventAgeInSeconds: age } = schedule.settings.Target.RetryPolicy;
    const pause = backoff(number - 1, this.runtime.random.next());
    const left = began + age * 1000 - this.runtime.clock.now();
    if (pause >= left) {
      const condition = 'MaximumEventAgeInSeconds';
      this.later(Math.max(0, left), async () => this.finish({ ...end, condition }, settled));
      return;
    }
    const hop = this.record(schedule, {
      operation: 'retry',
      parents: [end.cause],
      summary: `${schedule.settings.Name}: retry ${number} of ${most} in ${(pause / 1000).toFixed(1)} s after ${error.code}`,
    });
    this.later(pause, async () => this.attempt({ ...end, number: number + 1 }, hop, settled));
  }

  private async finish(end: End, settled: () => void): Promise<void> {
    const { schedule, error, cause, number } = end;
    const { Name: name, Target: target } = schedule.settings;
    const queue = target.DeadLetterConfig?.Arn;
    this.count(schedule, 'InvocationDroppedCount');
    if (queue) await this.deadLetter(end, queue);
    else {
      const summary = `${name}: dropped after ${counted(number, 'attempt', 'attempts')}: ${error.code}: ${error.message}; there is no dead-letter queue`;
      this.record(schedule, { operation: 'drop', parents: [cause], outcome: 'failed', summary });
    }
    settled();
  }

  private async deadLetter(end: End, queue: string): Promise<void> {
    const { runtime } = this;
    const { schedule, error, cause, number } = end;
    const { Name: name } = schedule.settings;
    const [account, queueName] = queue.split(':').slice(4);
    const input = {
      QueueUrl: `${runtime.endpoint}/${account}/${queueName}`,
      MessageBody: JSON.stringify(end.request.input),
      MessageAttributes: attributesOf(end),
    };
    try {
      const principal = roleOf(runtime, end, cause);
      await runtime.call({ service: 'sqs', operation: 'SendMessage', input, principal, parents: [cause] });
      this.count(schedule, 'InvocationsSentToDeadLetterCount');
      const summary = `${name}: dead-lettered after ${counted(number - 1, 'retry', 'retries')}: ${error.code}: ${error.message}`;
      const parents = [cause];
      this.record(schedule, { operation: 'dead-letter', resource: queue, parents, outcome: 'dead-lettered', summary });
    } catch (thrown) {
      this.count(schedule, 'InvocationsFailedToBeSentToDeadLetterCount');
      const summary = `${name}: dropped: ${error.code} at the target, then ${toAwsError(thrown).code} at the dead-letter queue`;
      this.record(schedule, { operation: 'drop', parents: [cause], outcome: 'failed', summary });
    }
  }

  private record(schedule: Schedule, hop: Pick<NewHop, 'operation' | 'summary'> & Partial<NewHop>): number {
    const common = { service: 'scheduler', resource: schedule.arn, principal: servicePrincipal };
    return this.runtime.timeline.record({ ...common, ...hop });
  }

  private count(schedule: Schedule, name: string): void {
    const dimensions = { ScheduleGroup: schedule.settings.GroupName };
    this.runtime.measure({ namespace: 'AWS/Scheduler', name, dimensions, value: 1 });
  }

  private later(ms: number, work: () => Promise<void>): void {
    const timer = this.runtime.clock.schedule(ms, () => {
      this.timers.delete(timer);
      void this.runtime.track(work());
    });
    this.timers.add(timer);
  }
}

function counted(number: number, one: string, more: string): string {
  return `${number} ${number === 1 ? one : more}`;
}

function isThrottle({ code, status }: AwsError): boolean {
  return status === 429 || /Throttl|TooManyRequests|SlowDown/.test(code);
}

/** Attributes of the message in the dead-letter queue (user guide, "Configuring a schedule's dead-letter queue"). */
function attributesOf({ schedule, due, executionId, number, error, condition }: End) {
  const attributes: Readonly<Record<string, string>> = {
    ERROR_CODE: error.code,
    ERROR_MESSAGE: error.message || error.code,
    EXECUTION_ID: executionId,
    EXHAUSTED_RETRY_CONDITION: condition,
    IS_PAYLOAD_TRUNCATED: 'false',
    RETRY_ATTEMPTS: String(number - 1),
    SCHEDULED_TIME: iso(due),
    SCHEDULE_ARN: schedule.arn,
    TARGET_ARN: schedule.settings.Target.Arn,
  };
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
}
