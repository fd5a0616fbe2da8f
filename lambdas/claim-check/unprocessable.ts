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

/** Levels of objects and lists that a message may have: far fewer than what recurses over JSON can bear. */
export const deepest = 100;

/**
 * What a text stands for.
 *
 * @param tooDeep why it cannot be processed if it has more than {@link deepest} levels
 * @throws Unprocessable, without the parser's own message, which would quote the payload
 */
export function parsed(text: string, tooDeep: Reason): unknown {
  const value = valueOf(text);
  // Level by level: what recurses would overflow the stack, and an error of the stack fails the whole batch.
  let level = [value].filter(isContainer);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > deepest)
      throw new Unprocessable(tooDeep, `The message body has more than ${deepest} levels of objects and lists`);
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return value;
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unprocessable('NotJson', 'The message body is not JSON');
  }
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
