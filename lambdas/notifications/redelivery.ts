import type { Start } from './delivery-starter';
import { type MessageStore, type Undelivered, lostAttempts } from './message-store';

/** Where messages come from and how they are delivered again. */
export interface Redelivering {
  readonly messages: Pick<MessageStore, 'undelivered' | 'claim' | 'abandon'>;
  readonly start: Start;
}

/** How much a run does, and when it gives up on a message. */
export interface RedeliveryLimits {
  /** Messages that one run looks at, at most. */
  readonly perRun: number;
  /** Attempts after which a message is abandoned. */
  readonly attempts: number;
}

/** What a run did with a message; the ids are for logs. */
export interface Redelivered {
  readonly id: string;
  /** `taken`: somebody else was faster. */
  readonly outcome: 'restarted' | 'abandoned' | 'taken' | 'failed';
  /** Why it failed; the message is tried again by a later run. */
  readonly error?: Error;
}

/**
 * Delivers again what was not delivered, or abandons it. Each message is claimed, then started: a run that is killed in
 * between leaves a claim that ends.
 */
export async function redeliver({ messages, start }: Redelivering, limits: RedeliveryLimits): Promise<Redelivered[]> {
  const done: Redelivered[] = [];
  for await (const message of messages.undelivered()) {
    done.push(await redeliverOne(message));
    if (done.length === limits.perRun) break;
  }
  return done;

  async function redeliverOne(message: Undelivered): Promise<Redelivered> {
    const { id, attempts = 0 } = message;
    try {
      if (attempts + lostAttempts(message) >= limits.attempts)
        return { id, outcome: (await messages.abandon(message)) ? 'abandoned' : 'taken' };
      const delivery = await messages.claim(message);
      if (delivery === undefined) return { id, outcome: 'taken' };
      await start({ id, delivery });
      return { id, outcome: 'restarted' };
    } catch (error) {
      return { id, outcome: 'failed', error: error as Error };
    }
  }
}
