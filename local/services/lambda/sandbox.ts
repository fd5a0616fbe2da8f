import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterRealTime } from '../../real-time';

/** What a sandbox is started with. */
export interface Boot {
  /** File of the module with the handler. */
  readonly entry: string;
  /** Names that lead from the module to the handler. */
  readonly exportPath: readonly string[];
  /** `index.handler` */
  readonly handler: string;
  /** The runtime's time at the start, in epoch milliseconds. */
  readonly time: number;
  readonly jsonLogs: boolean;
  /** The least severe application level written, in JSON format. */
  readonly logLevel?: string;
  /** What every invocation's context object has. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Counts invocations; the sandbox sleeps on it. */
  readonly wakeups: Int32Array;
}

/** One invocation, as the sandbox gets it. */
export interface Invocation {
  readonly requestId: string;
  /** The event, as JSON text. */
  readonly event: string;
  /** The runtime's time at its start, in epoch milliseconds. */
  readonly time: number;
  /** Real milliseconds that it may take. */
  readonly timeout: number;
  /** `X-Amzn-Trace-Id` */
  readonly traceId: string;
  /** JSON text. */
  readonly clientContext?: string;
}

/** An error as Lambda puts it in the payload. */
export interface FunctionError {
  readonly errorType?: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** What a sandbox tells. */
export type FromSandbox =
  | { readonly kind: 'log'; readonly at: number; readonly text: string }
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly payload: string; readonly heap: number }
  | { readonly kind: 'error'; readonly error: FunctionError; readonly heap: number }
  | { readonly kind: 'crash'; readonly error: FunctionError };

/** How an invocation ended. */
export type Ending =
  | { readonly kind: 'done'; readonly payload: string }
  | { readonly kind: 'error'; readonly error: FunctionError }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'exit'; readonly error?: FunctionError; readonly reason: string };

/** How a sandbox is made. */
export interface SandboxOptions {
  readonly boot: Omit<Boot, 'wakeups'>;
  readonly environment: Readonly<Record<string, string>>;
  /** In MB; bounds the heap. */
  readonly memory: number;
  /** Takes each line the code writes. */
  readonly log: (at: number, text: string) => void;
  /** Called once, when the thread has ended, whatever ended it. */
  readonly ended: () => void;
}

/** @returns the file that holds the handler's module; undefined if there is none */
export function entryFile(directory: string, handler: string): string | undefined {
  const module = handler.slice(0, handler.indexOf('.', handler.lastIndexOf('/') + 1));
  return ['.js', '.mjs', '.cjs']
    .map((extension) => join(directory, module + extension))
    .find((file) => existsSync(file));
}

/** @returns the names after the module in `index.handler` */
export function exportPath(handler: string): string[] {
  return handler
    .slice(handler.lastIndexOf('/') + 1)
    .split('.')
    .slice(1);
}

/**
 * An execution environment: a thread that runs one invocation at a time and stands still in between.
 *
 * A thread of its own, not one of a pool library: each has its own environment, credentials and log stream, and a
 * fault must end exactly the one that made a call.
 */
export class Sandbox {
  private readonly worker: Worker;
  private readonly wakeups = new Int32Array(new SharedArrayBuffer(4));
  private readonly started = performance.now();
  private readonly ready: Promise<boolean>;
  private settle: ((ending: Ending) => void) | undefined;
  private becameReady: (ready: boolean) => void = () => undefined;
  private crash: FunctionError | undefined;
  private reason: string | undefined;
  private hasEnded: () => void = () => undefined;
  /** Resolves when the thread has ended. */
  readonly closed = new Promise<void>((resolve) => (this.hasEnded = resolve));
  /** Real milliseconds from start to ready. */
  initDuration = 0;
  /** Bytes of heap at the end of an invocation, the most so far. */
  heap = 0;
  /** True when the thread has ended or is ending. */
  dead = false;

  constructor(private readonly options: SandboxOptions) {
    const { environment, memory, boot } = options;
    this.ready = new Promise((resolve) => (this.becameReady = resolve));
    this.worker = new Worker(join(__dirname, 'sandbox', 'bootstrap.mjs'), {
      workerData: { ...boot, wakeups: this.wakeups } satisfies Boot,
      env: environment,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: memory },
    });
    this.worker.on('message', (message: FromSandbox) => this.hear(message));
    this.worker.on('error', (error: NodeJS.ErrnoException) => {
      this.reason ??=
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? 'Runtime exited with error: signal: killed'
          : `Runtime exited: ${error.message}`;
    });
    this.worker.on('exit', (code) => this.end(code));
  }

  /**
   * Runs one invocation.
   *
   * @param start makes it, as soon as the code is loaded
   * @param initLimit real milliseconds that loading may take
   */
  async invoke(start: () => Invocation, initLimit: number): Promise<Ending> {
    this.worker.ref();
    const ending = new Promise<Ending>((resolve) => (this.settle = resolve));
    const cancelInit = afterRealTime(initLimit, () => this.expire());
    const ready = await this.ready;
    cancelInit();
    if (!ready) return ending;
    const invocation = start();
    this.worker.postMessage(invocation, []);
    Atomics.add(this.wakeups, 0, 1);
    Atomics.notify(this.wakeups, 0);
    const cancel = afterRealTime(invocation.timeout, () => this.expire());
    try {
      return await ending;
    } finally {
      cancel();
      this.worker.unref();
    }
  }

  /** Ends the thread at once; the invocation under way fails. */
  kill(): void {
    if (this.dead) return;
    this.dead = true;
    this.reason ??= 'Runtime exited';
    void this.worker.terminate();
  }

  private expire(): void {
    const { settle } = this;
    this.settle = () => settle?.({ kind: 'timeout' });
    this.kill();
  }

  private hear(message: FromSandbox): void {
    if (message.kind === 'log') this.options.log(message.at, message.text);
    else if (this.dead) return;
    else if (message.kind === 'crash') this.crash = message.error;
    else if (message.kind === 'ready') {
      this.initDuration = performance.now() - this.started;
      this.becameReady(true);
    } else {
      this.heap = Math.max(this.heap, message.heap);
      this.settle?.(message);
      this.settle = undefined;
    }
  }

  private end(code: number): void {
    this.dead = true;
    const reason =
      this.reason ??
      (code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`);
    this.settle?.({ kind: 'exit', reason, ...(this.crash && { error: this.crash }) });
    this.settle = undefined;
    this.becameReady(false);
    this.options.ended();
    this.hasEnded();
  }
}
