/** An event that is not what the consumer subscribed to. */
export class UnexpectedEvent extends Error {
  override readonly name = 'UnexpectedEvent';
}
