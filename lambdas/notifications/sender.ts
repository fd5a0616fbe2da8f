/** The message is no longer the execution's to send: it was sent, or another delivery has claimed it. */
export class ClaimLost extends Error {
  override readonly name = 'ClaimLost';
}

/** A message that no topic would take, however often it is tried. */
export class UnsendableMessage extends Error {
  override readonly name = 'UnsendableMessage';
}

/** Which message is to be sent, and for which execution (its ARN). */
export interface SendRequest {
  readonly id: string;
  readonly execution: string;
}

/** What the table tells of a message. */
export interface StoredMessage {
  readonly message?: unknown;
  readonly sendStatus?: unknown;
  readonly execution?: unknown;
}

/** What a message goes out through. */
export interface Outlet {
  /** The message as it stands in the table now. */
  find(id: string): Promise<StoredMessage | undefined>;
  /** @returns the topic's id of the message */
  publish(id: string, message: string): Promise<string>;
  /** Told of each try to publish: the breaker follows it. */
  report(outcome: 'sent' | 'failed'): void;
}

/** The largest message that a topic takes, in bytes, attributes included (SNS, Publish). */
const largestMessage = 262_144;
/** What name and type of the attribute `id` count. */
const attributeBytes = Buffer.byteLength('idString');

/**
 * Sends a message that the execution has claimed.
 *
 * @throws ClaimLost, UnsendableMessage: nothing was sent, and the topic is not to blame
 */
export async function send({ id, execution }: SendRequest, { find, publish, report }: Outlet) {
  const stored = await find(id);
  if (stored?.sendStatus !== 'Sending' || stored.execution !== execution)
    throw new ClaimLost(`The message ${id} is not claimed by ${execution}`);
  const message = sendable(id, stored.message);
  try {
    const messageId = await publish(id, message);
    report('sent');
    return { messageId };
  } catch (error) {
    report('failed');
    throw error;
  }
}

function sendable(id: string, message: unknown): string {
  if (typeof message !== 'string' || message === '')
    throw new UnsendableMessage(`The attribute "message" of ${id} must be a string of one character or more`);
  const bytes = Buffer.byteLength(message) + Buffer.byteLength(id) + attributeBytes;
  if (bytes > largestMessage)
    throw new UnsendableMessage(`The message ${id} has ${bytes} bytes with its id, allowed: ${largestMessage}`);
  return message;
}
