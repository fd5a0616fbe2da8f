import { AwsError, toAwsError } from '../../aws-error';
import type { Timer } from '../../clock';
import type { Runtime } from '../../runtime';
import { parseExpression } from './expression';
import { Invoker, servicePrincipal } from './invocation';
import { type Schedule, type ScheduleSettings, nextDue } from './schedule';
import { checkUniversal } from './target';

/** A group of schedules. */
export interface Group {
  readonly name: string;
  readonly arn: string;
  /** In epoch milliseconds. */
  readonly created: number;
}

/** The schedules and groups of the runtime, and the timers of what is due next. */
export class Schedules {
  readonly groups = new Map<string, Group>();
  private readonly byArn = new Map<string, Schedule>();
  private readonly timers = new Map<Schedule, Set<Timer>>();
  /** Invocations that have neither succeeded nor failed for good. */
  private readonly open = new WeakMap<Schedule, number>();
  private readonly invoker: Invoker;
  private started = false;

  constructor(private readonly runtime: Runtime) {
    this.invoker = new Invoker(runtime);
    this.addGroup('default');
    runtime.onStart(() => {
      this.started = true;
      for (const schedule of this.all) this.begin(schedule, schedule.anchor - 1);
    });
    runtime.onStop(() => {
      for (const schedule of this.all) this.halt(schedule);
    });
  }

  /** All schedules, by ARN. */
  get all(): readonly Schedule[] {
    return [...this.byArn.values()].sort((a, b) => (a.arn < b.arn ? -1 : 1));
  }

  arn(name: string, group = 'default'): string {
    return this.runtime.arn('scheduler', `schedule/${group}/${name}`);
  }

  groupArn(name: string): string {
    return this.runtime.arn('scheduler', `schedule-group/${name}`);
  }

  /** @throws AwsError `ConflictException` */
  addGroup(name: string): Group {
    if (this.groups.has(name)) throw new AwsError('ConflictException', `Schedule group ${name} already exists.`, 409);
    const group = { name, arn: this.groupArn(name), created: this.runtime.clock.now() };
    this.groups.set(name, group);
    return group;
  }

  /** @throws AwsError `ResourceNotFoundException` */
  group(name: string): Group {
    const group = this.groups.get(name);
    if (!group) throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, 404);
    return group;
  }

  /** @throws AwsError `ResourceNotFoundException` */
  find(name: string, group = 'default'): Schedule {
    const schedule = this.byArn.get(this.arn(name, group));
    if (!schedule) throw new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);
    return schedule;
  }

  /** @throws AwsError `ConflictException`, `ResourceNotFoundException`, `ValidationException` */
  create(settings: ScheduleSettings): Schedule {
    const { Name: name, GroupName: groupName } = settings;
    const group = this.group(groupName);
    const arn = this.arn(name, groupName);
    if (this.byArn.has(arn)) throw new AwsError('ConflictException', `Schedule ${name} already exists.`, 409);
    this.checkTarget(settings, group);
    const now = this.runtime.clock.now();
    const expression = parseExpression(settings.ScheduleExpression, settings.ScheduleExpressionTimezone);
    const schedule: Schedule = {
      arn,
      groupArn: group.arn,
      created: now,
      modified: now,
      anchor: now,
      settings,
      expression,
    };
    this.byArn.set(arn, schedule);
    this.begin(schedule, now - 1);
    return schedule;
  }

  /** Replaces all settings, as AWS does. */
  update(settings: ScheduleSettings): Schedule {
    const schedule = this.find(settings.Name, settings.GroupName);
    this.checkTarget(settings, this.group(settings.GroupName));
    const before = schedule.settings;
    const now = this.runtime.clock.now();
    const isRescheduled =
      before.ScheduleExpression !== settings.ScheduleExpression ||
      before.ScheduleExpressionTimezone !== settings.ScheduleExpressionTimezone;
    schedule.settings = settings;
    schedule.modified = now;
    if (isRescheduled) {
      schedule.expression = parseExpression(settings.ScheduleExpression, settings.ScheduleExpressionTimezone);
      schedule.anchor = now;
    }
    this.halt(schedule);
    this.begin(schedule, isRescheduled ? now - 1 : now);
    return schedule;
  }

  delete(schedule: Schedule): void {
    this.halt(schedule);
    this.byArn.delete(schedule.arn);
  }

  /**
   * Invokes the target now, beside the plan.
   *
   * @throws AwsError `ResourceNotFoundException`
   */
  runNow(arn: string): void {
    const schedule = this.byArn.get(arn);
    if (!schedule) throw new AwsError('ResourceNotFoundException', `Schedule ${arn} does not exist.`, 404);
    this.fire(schedule, this.runtime.clock.now());
  }

  private checkTarget({ Target: target }: ScheduleSettings, group: Group): void {
    checkUniversal(this.runtime, target);
    try {
      this.runtime.assumeRole(target.RoleArn, servicePrincipal, group.arn, 'create');
    } catch (error) {
      if (toAwsError(error).code !== 'AccessDenied') throw error;
      const message = 'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.';
      throw new AwsError('ValidationException', message);
    }
  }

  /** Waits for what is due next. Nothing is due before all resources exist. */
  private begin(schedule: Schedule, after: number): void {
    if (this.started && schedule.settings.State === 'ENABLED') this.wait(schedule, after);
  }

  private wait(schedule: Schedule, after: number): void {
    const due = nextDue(schedule, after);
    if (due === undefined) {
      this.complete(schedule);
      return;
    }
    this.later(schedule, due, () => {
      const { Mode: mode, MaximumWindowInMinutes: minutes = 0 } = schedule.settings.FlexibleTimeWindow;
      if (mode === 'OFF') this.fire(schedule, due);
      else this.later(schedule, due + this.runtime.random.integer(minutes * 60_000), () => this.fire(schedule, due));
      this.wait(schedule, due);
    });
  }

  private fire(schedule: Schedule, due: number): void {
    this.open.set(schedule, (this.open.get(schedule) ?? 0) + 1);
    this.invoker.begin(schedule, due, () => {
      this.open.set(schedule, this.open.get(schedule)! - 1);
      this.complete(schedule);
    });
  }

  /** When nothing is due any more and the last invocation is settled, a schedule is deleted if it says so. */
  private complete(schedule: Schedule): void {
    const { ActionAfterCompletion: action, State: state } = schedule.settings;
    if (action === 'NONE' || state === 'DISABLED' || !this.byArn.has(schedule.arn)) return;
    if (this.open.get(schedule) || this.timers.get(schedule)?.size) return;
    this.delete(schedule);
    this.runtime.timeline.record({
      service: 'scheduler',
      operation: 'complete',
      resource: schedule.arn,
      principal: servicePrincipal,
      summary: `${schedule.settings.Name} is completed and deleted`,
    });
  }

  private later(schedule: Schedule, time: number, work: () => void): void {
    const timers = this.timers.get(schedule) ?? new Set();
    this.timers.set(schedule, timers);
    const timer = this.runtime.clock.schedule(time - this.runtime.clock.now(), () => {
      timers.delete(timer);
      work();
    });
    timers.add(timer);
  }

  private halt(schedule: Schedule): void {
    for (const timer of this.timers.get(schedule) ?? []) timer.cancel();
    this.timers.delete(schedule);
  }
}
