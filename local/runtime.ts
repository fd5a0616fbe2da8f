import { AwsError } from './aws-error';
import { type CallRequest, execute } from './call';
import type { Clock } from './clock';
import { Credentials } from './credentials';
import { Faults } from './faults';
import { Gauges } from './gauges';
import { type DecidedBy, Iam } from './iam';
import { type Principal, type RolePrincipal, principalName } from './principal';
import type { Random } from './random';
import type { Permission, Service } from './service';
import { Timeline } from './timeline';

/** A measurement, as `PutMetricData` takes it. */
export interface Metric {
  /** Such as `AWS/SQS`. */
  readonly namespace: string;
  /** Such as `NumberOfMessagesSent`. */
  readonly name: string;
  /** Value by name; each set of dimensions is a metric of its own. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** In the unit that AWS documents for the metric. */
  readonly value: number;
}

/** What a runtime is made of. */
export interface RuntimeOptions {
  /** The only source of time. */
  readonly clock: Clock;
  /** The only source of chance. */
  readonly random: Random;
  /** @default 000000000000 */
  readonly accountId?: string;
  /** Region of the provider in the synthesized configuration. */
  readonly region: string;
}

/** What the services share: identity, time, chance, the log, and the one way to call each other. */
export class Runtime {
  /** The only source of time. */
  readonly clock: Clock;
  /** The only source of chance. */
  readonly random: Random;
  /** 12 digits. */
  readonly accountId: string;
  /** The only region that calls may name. */
  readonly region: string;
  /** `aws-us-gov` in its regions, else `aws`: China's are not run. */
  readonly partition: 'aws' | 'aws-us-gov';
  /** Every hop of every call. */
  readonly timeline: Timeline;
  /** Asked before each call. */
  readonly faults: Faults;
  /** Asked before each call. */
  readonly iam: Iam;
  /** Metrics that CloudWatch samples every minute. */
  readonly gauges = new Gauges();
  /** The access keys of the functions' sandboxes. */
  readonly credentials: Credentials;
  /** `http://127.0.0.1:4566`; set as soon as the gateway listens, before any resource is made. */
  endpoint = '';

  private readonly services = new Map<string, Service>();
  private readonly signals = new Map<string, Set<() => void>>();
  private readonly metricListeners = new Set<(metric: Metric) => void>();
  private readonly startHooks: (() => void | Promise<void>)[] = [];
  private readonly stopHooks: (() => void | Promise<void>)[] = [];
  private readonly idleWaiters: (() => void)[] = [];
  private active = 0;

  constructor(options: RuntimeOptions) {
    this.clock = options.clock;
    this.random = options.random;
    this.accountId = options.accountId ?? '000000000000';
    this.region = options.region;
    this.partition = options.region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
    this.timeline = new Timeline(options.clock);
    this.faults = new Faults(options.random, (service, operation) => {
      return this.services.get(service)?.operations[operation]?.answersByEntry === true;
    });
    this.iam = new Iam(this.accountId, { region: this.region, clock: this.clock });
    this.credentials = new Credentials(options.random);
  }

  /** The person at the terminal. */
  get administrator(): Principal {
    return { kind: 'user', arn: `arn:${this.partition}:iam::${this.accountId}:user/developer` };
  }

  /** `arn:aws:service:region:account:suffix` */
  arn(service: string, suffix: string): string {
    return `arn:${this.partition}:${service}:${this.region}:${this.accountId}:${suffix}`;
  }

  /** Adds a service, in the place of another of its name. */
  register(service: Service): void {
    this.services.set(service.name, service);
  }

  /** @throws AwsError `UnknownOperationException` (404) for a service that is not run here */
  service(name: string): Service {
    const service = this.services.get(name);
    if (!service)
      throw new AwsError('UnknownOperationException', `The local runtime does not run the service ${name}`, 404);
    return service;
  }

  /** All services, in the order they were registered. */
  get registered(): readonly Service[] {
    return [...this.services.values()];
  }

  /**
   * Runs an operation: checks the input, asks IAM, applies faults, records what went wrong.
   *
   * @throws AwsError as the service would answer
   */
  async call(request: CallRequest): Promise<any> {
    const service = this.service(request.service);
    const operation = Object.hasOwn(service.operations, request.operation) && service.operations[request.operation];
    if (!operation) {
      throw new AwsError(
        'UnknownOperationException',
        `${request.service} has no operation ${request.operation} in the local runtime`,
        404,
      );
    }
    return this.track(execute(this, service, operation, request));
  }

  /**
   * Asks IAM; a denial is recorded.
   *
   * @param service whose error a denial takes. @default the service that the action's prefix names
   * @returns the statement that allows it
   * @throws AwsError the service's access denied error
   */
  authorize(
    principal: Principal,
    permission: Permission,
    service = this.service(permission.action.split(':')[0]!),
    parents: readonly number[] = [],
  ): DecidedBy {
    const decision = this.iam.authorize({ principal, ...permission });
    if (decision.allowed) return decision.by;
    const error = this.denial(service, principal, permission, decision.reason);
    this.timeline.record({
      service: service.name,
      operation: permission.action.split(':')[1]!,
      resource: permission.resource,
      principal: principalName(principal),
      parents,
      outcome: 'denied',
      summary: error.message,
      data: {
        action: permission.action,
        ...(principal.kind === 'service' && { sourceArn: principal.sourceArn }),
        ...(decision.by && { deniedBy: decision.by }),
        ...(decision.boundary && { boundary: decision.boundary }),
      },
    });
    throw error;
  }

  /** The error that a denial is answered with. */
  denial(service: Service, principal: Principal, permission: Permission, reason: string): AwsError {
    const { code, status } = service.errors.accessDenied;
    return new AwsError(
      code,
      `User: ${principalName(principal)} is not authorized to perform: ${permission.action} on resource: ${permission.resource} ${reason.startsWith('with ') ? '' : 'because '}${reason}`,
      status,
    );
  }

  /**
   * Gives a service a session of a role, if the role's trust policy lets it.
   *
   * @param service such as `pipes.amazonaws.com`
   * @param sourceArn the resource the service acts for
   * @param session name of the session
   * @param kill ends the holder of the session
   * @throws AwsError `AccessDenied` (recorded)
   */
  assumeRole(roleArn: string, service: string, sourceArn: string, session: string, kill?: () => void): RolePrincipal {
    this.authorize({ kind: 'service', service, sourceArn }, { action: 'sts:AssumeRole', resource: roleArn });
    const name = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    const arn = `arn:${this.partition}:sts::${this.accountId}:assumed-role/${name}/${session}`;
    return { kind: 'role', roleArn, arn, ...(kill && { kill }) };
  }

  /** Tells whoever listens that there is something to read at an ARN: a record in a stream, a message in a queue. */
  signal(arn: string): void {
    for (const listener of this.signals.get(arn) ?? []) listener();
  }

  /** Calls `listener` at each signal for the ARN, until the returned function is called. */
  onSignal(arn: string, listener: () => void): () => void {
    const listeners = this.signals.get(arn) ?? new Set();
    this.signals.set(arn, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Reports a metric. */
  measure(metric: Metric): void {
    for (const listener of this.metricListeners) listener(metric);
  }

  /** Tells a listener of every measurement from now on. */
  onMetric(listener: (metric: Metric) => void): void {
    this.metricListeners.add(listener);
  }

  /** Runs `hook` when all resources exist: pollers and schedules begin here. */
  onStart(hook: () => void | Promise<void>): void {
    this.startHooks.push(hook);
  }

  /** Runs `hook` when the runtime stops. */
  onStop(hook: () => void | Promise<void>): void {
    this.stopHooks.push(hook);
  }

  /** Runs what waits for the start, in the order it was given. */
  async start(): Promise<void> {
    for (const hook of this.startHooks) await hook();
  }

  /** Runs what waits for the stop, all at once. */
  async stop(): Promise<void> {
    await Promise.all(this.stopHooks.map(async (hook) => hook()));
  }

  /** Counts the work as under way until it settles; time does not move on a simulated clock meanwhile. */
  async track<T>(work: Promise<T>): Promise<T> {
    this.active++;
    try {
      return await work;
    } finally {
      this.release();
    }
  }

  /**
   * For work that {@link track} counts and that now waits for time or for a call from outside: does not count it while
   * `wait` lasts.
   */
  async untracked<T>(wait: Promise<T>): Promise<T> {
    this.release();
    try {
      return await wait;
    } finally {
      this.active++;
    }
  }

  private release(): void {
    if (--this.active === 0) for (const wake of this.idleWaiters.splice(0)) wake();
  }

  /** Resolves when nothing is under way: only timers can make anything happen then. */
  async idle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      if (this.active > 0) {
        await new Promise<void>((wake) => this.idleWaiters.push(wake));
        quiet = 0;
      }
      await new Promise(setImmediate);
    }
    if (this.active > 0) await this.idle();
  }
}
