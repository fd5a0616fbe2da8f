import type { Timer } from '../../clock';
import type { Runtime } from '../../runtime';
import type { Item } from './item';

/** Longest time between expiry and deletion, in milliseconds. AWS promises days; locally nobody waits that long. */
const maxDelay = 60 * 60_000;

/** Longest timer, in milliseconds: a real one of more than 2^31 ms would fire at once. */
const maxTimer = 24 * 24 * 60 * 60_000;

/** Items that expired longer ago than this, in seconds, stay. AWS: "Time to Live", formatting the TTL attribute. */
const oldest = 5 * 365 * 24 * 60 * 60;

interface Due {
  /** Epoch second. */
  readonly second: number;
  readonly writtenBy: number;
}

/** Deletes items some time after the second that they name. A timer runs only while an item can expire. */
export class Expiry {
  private readonly due = new Map<string, Due>();
  private timer: { readonly at: number; readonly timer: Timer } | undefined;

  /** @param expire deletes an item; gets the hop that wrote it */
  constructor(
    private readonly runtime: Runtime,
    private readonly attribute: string,
    private readonly expire: (key: string, writtenBy: number) => void,
  ) {
    runtime.onStop(() => this.timer?.timer.cancel());
  }

  /** Takes note of what was written at a key; undefined if the item is gone. */
  written(key: string, item: Item | undefined, hop: number): void {
    const second = Number(item?.[this.attribute]?.N ?? Number.NaN);
    const known = this.due.delete(key);
    const expires = Number.isFinite(second) && second > this.now() - oldest;
    if (expires) this.due.set(key, { second, writtenBy: hop });
    if (known && this.due.size === 0) this.cancel();
    if (expires) this.wakeAt(second);
  }

  private now(): number {
    return this.runtime.clock.now() / 1000;
  }

  private cancel(): void {
    this.timer?.timer.cancel();
    this.timer = undefined;
  }

  private wakeAt(second: number): void {
    const at = second * 1000;
    if (this.timer && this.timer.at <= at) return;
    this.cancel();
    const delay = 1000 + this.runtime.random.integer(maxDelay - 1000);
    const wait = Math.max(0, at - this.runtime.clock.now()) + delay;
    this.timer = { at, timer: this.runtime.clock.schedule(Math.min(wait, maxTimer), () => this.sweep()) };
  }

  private sweep(): void {
    this.timer = undefined;
    const now = this.now();
    for (const [key, { second, writtenBy }] of this.due) if (second <= now) this.expire(key, writtenBy);
    let next = Number.POSITIVE_INFINITY;
    for (const { second } of this.due.values()) next = Math.min(next, second);
    if (Number.isFinite(next)) this.wakeAt(next);
  }
}
