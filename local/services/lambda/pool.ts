import { availableParallelism } from 'node:os';
import { AwsError } from '../../aws-error';
import type { ExecutionEnvironment } from './execution-environment';

/**
 * Threads that one function uses at most: one for each processor, since more take turns and each costs a cold start and
 * 20 MB. Two at least, so that invocations overlap. Those within the function's concurrency wait for one.
 */
export const maximumThreads = Math.max(2, availableParallelism());

/** Concurrency of an account, for a function that reserves none. Source: Lambda quotas, concurrent executions. */
const accountConcurrency = 1000;

/** The execution environments of one function: kept warm, the one used last is used first. */
export class EnvironmentPool {
  private readonly idle: ExecutionEnvironment[] = [];
  private readonly all = new Set<ExecutionEnvironment>();
  private readonly waiting: (() => void)[] = [];
  private readonly concurrency: number;
  private closed = false;
  /** Invocations under way or waiting for a thread. */
  running = 0;

  /**
   * @param reserved concurrency of the function, -1 for none
   * @param start makes an environment, which reports its end to the callback given
   */
  constructor(
    reserved: number,
    private readonly start: (ended: (gone: ExecutionEnvironment) => void) => ExecutionEnvironment,
  ) {
    this.concurrency = reserved < 0 ? accountConcurrency : reserved;
  }

  /** Invocations that can run at the same time here. */
  get threads(): number {
    return Math.min(this.concurrency, maximumThreads);
  }

  /**
   * Takes an environment for one invocation.
   *
   * @throws AwsError `TooManyRequestsException` (429) beyond the function's concurrency
   */
  async acquire(): Promise<ExecutionEnvironment> {
    if (this.running >= this.concurrency) {
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
        Type: 'User',
      });
    }
    this.running++;
    try {
      while (this.idle.length === 0 && this.all.size >= this.threads) {
        await new Promise<void>((wake) => this.waiting.push(wake));
      }
      return this.idle.pop() ?? this.add();
    } catch (error) {
      this.running--;
      throw error;
    }
  }

  private add(): ExecutionEnvironment {
    if (this.closed) throw new AwsError('ServiceException', 'The local runtime is stopping', 500);
    const environment = this.start((gone) => this.remove(gone));
    this.all.add(environment);
    return environment;
  }

  /** Gives an environment back after its invocation. */
  release(environment: ExecutionEnvironment): void {
    this.running--;
    if (environment.outdated) environment.kill();
    else if (!environment.sandbox.dead) this.idle.push(environment);
    this.waiting.shift()?.();
  }

  private remove(gone: ExecutionEnvironment): void {
    this.all.delete(gone);
    const position = this.idle.indexOf(gone);
    if (position >= 0) this.idle.splice(position, 1);
    this.waiting.shift()?.();
  }

  /** Lets invocations under way end and starts every later one in a new environment. */
  recycle(): void {
    for (const environment of this.all) environment.outdated = true;
    for (const environment of this.idle.splice(0)) environment.kill();
  }

  /** Ends all environments at once and for good; resolves when their threads are gone. */
  async close(): Promise<void> {
    this.closed = true;
    const environments = [...this.all];
    for (const environment of environments) environment.kill();
    await Promise.all(environments.map((environment) => environment.sandbox.closed));
  }
}
