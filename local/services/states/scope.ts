import type { Runtime } from '../../runtime';
import { StateError } from './state-error';

/** Thrown where states run whose scope has ended: nothing is left to do for them. */
export class Ended extends Error {}

/** States that can be stopped together: an execution, a branch, an item of a map. */
export class Scope {
  private hasEnded = false;
  private readonly interrupts = new Set<() => void>();

  private readonly stop = () => this.end();

  /** @param outer ends this one too, when it ends. @default none */
  constructor(
    private readonly runtime: Runtime,
    private readonly outer?: Scope,
  ) {
    outer?.interrupts.add(this.stop);
  }

  /** @throws Ended */
  check(): void {
    if (this.hasEnded) throw new Ended();
  }

  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.outer?.interrupts.delete(this.stop);
    for (const interrupt of this.interrupts) interrupt();
    this.interrupts.clear();
  }

  /**
   * Waits by the runtime's clock.
   *
   * @throws Ended
   */
  async sleep(ms: number): Promise<void> {
    this.check();
    await this.runtime.untracked(
      new Promise<void>((resolve) => {
        const wake = () => {
          timer.cancel();
          this.interrupts.delete(wake);
          resolve();
        };
        const timer = this.runtime.clock.schedule(Math.max(0, ms), wake);
        this.interrupts.add(wake);
      }),
    );
    this.check();
  }

  /**
   * Waits for work that counts as under way by itself; what it comes to after the limit is lost.
   *
   * @throws Ended
   * @throws StateError `States.Timeout`
   */
  async within<T>(seconds: number | undefined, work: Promise<T>): Promise<T> {
    let letGo: () => void = () => undefined;
    const limit = new Promise<never>((_, fail) => {
      const late = () => fail(new StateError('States.Timeout', ''));
      const timer = seconds === undefined ? undefined : this.runtime.clock.schedule(seconds * 1000, late);
      const interrupt = () => fail(new Ended());
      this.interrupts.add(interrupt);
      letGo = () => {
        timer?.cancel();
        this.interrupts.delete(interrupt);
      };
    });
    try {
      return await this.runtime.untracked(Promise.race([work, limit]));
    } finally {
      letGo();
      work.catch(() => undefined);
    }
  }
}
