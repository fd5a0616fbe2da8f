import { Heap } from '../../heap';
import type { QueueMessage } from './message';

/** How many messages are in which state. */
export interface Counts {
  /** Available to receive. */
  readonly visible: number;
  /** Received and not deleted. */
  readonly inFlight: number;
  readonly delayed: number;
}

/** The messages of a queue by state and by when they are due. Every change is O(log n). Times are epoch milliseconds. */
export class Messages {
  private readonly byId = new Map<string, QueueMessage>();
  private readonly visible = new Heap<QueueMessage>();
  private readonly inFlight = new Heap<QueueMessage>();
  private readonly delayed = new Heap<QueueMessage>();
  private readonly expiring = new Heap<QueueMessage>();

  get counts(): Counts {
    return { visible: this.visible.size, inFlight: this.inFlight.size, delayed: this.delayed.size };
  }

  /** All messages, in the order they came. */
  get all(): Iterable<QueueMessage> {
    return this.byId.values();
  }

  get size(): number {
    return this.byId.size;
  }

  /** When the next message becomes available or expires; `Infinity` if none will. */
  get nextDue(): number {
    return Math.min(this.inFlight.firstKey, this.delayed.firstKey, this.expiring.firstKey);
  }

  get(id: string): QueueMessage | undefined {
    return this.byId.get(id);
  }

  /** Adds a message, which has no state yet. */
  add(message: QueueMessage, expiry: number): void {
    this.byId.set(message.id, message);
    this.expiring.add(message, expiry);
  }

  /** Makes a message available. */
  show(message: QueueMessage): void {
    this.inFlight.remove(message);
    this.visible.add(message, message.position);
  }

  /** Makes a message unavailable because somebody has it. */
  hide(message: QueueMessage, until: number): void {
    this.inFlight.remove(message);
    this.inFlight.add(message, until);
  }

  /** Makes a new message unavailable. */
  delay(message: QueueMessage, until: number): void {
    this.delayed.add(message, until);
  }

  isHidden(message: QueueMessage): boolean {
    return this.inFlight.has(message);
  }

  remove(message: QueueMessage): void {
    this.byId.delete(message.id);
    for (const heap of [this.visible, this.inFlight, this.delayed, this.expiring]) heap.remove(message);
  }

  /** Takes up to `count` available messages, oldest first; each must be shown, hidden or removed then. */
  take(count: number): QueueMessage[] {
    const taken: QueueMessage[] = [];
    while (taken.length < count && this.visible.size > 0) taken.push(this.visible.take()!);
    return taken;
  }

  /** Removes what is expired. */
  expire(now: number): QueueMessage[] {
    const expired: QueueMessage[] = [];
    while (this.expiring.firstKey <= now) {
      expired.push(this.expiring.first!);
      this.remove(this.expiring.first!);
    }
    return expired;
  }

  /** Shows what is due; returns how many. */
  release(now: number): number {
    let released = 0;
    for (const heap of [this.inFlight, this.delayed]) {
      for (; heap.firstKey <= now; released++) this.show(heap.take()!);
    }
    return released;
  }
}
