/** Why a message cannot be processed, however often it is tried. */
export type Reason =
  | 'NotJson'
  | 'NotAMessage'
  | 'TooLarge'
  | 'NotAClaim'
  | 'ClaimMissing'
  | 'ClaimExpired'
  | 'PayloadMissing'
  | 'PayloadTampered';

/** A message that only a person can help: it belongs into the dead-letter queue. */
export class Unprocessable extends Error {
  override readonly name = 'Unprocessable';

  constructor(
    readonly reason: Reason,
    message: string,
  ) {
    super(message);
  }
}

/**
 * What a text stands for.
 *
 * @throws Unprocessable, without the parser's own message, which would quote the payload
 */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unprocessable('NotJson', 'The message body is not JSON');
  }
}
