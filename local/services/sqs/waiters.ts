import type { Clock } from '../../clock';

/** Long polls that wait for a message, the longest-waiting first. */
export class Waiters {
  private readonly all = new Set<() => void>();
  private closed = false;

  constructor(private readonly clock: Clock) {}

  /** Resolves when woken, after `ms` at the latest. */
  async wait(ms: number): Promise<void> {
    if (this.closed) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        timer.cancel();
        this.all.delete(wake);
        resolve();
      };
      const timer = this.clock.schedule(ms, wake);
      this.all.add(wake);
    });
  }

  wake(count: number): void {
    for (const wake of [...this.all].slice(0, count)) wake();
  }

  /** Wakes all and lets nobody wait any more. */
  close(): void {
    this.closed = true;
    this.wake(this.all.size);
  }
}
