/** Why nothing was started: one line that says what was wrong and what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
