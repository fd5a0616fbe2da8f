/** What becomes of a message; one that has no status yet was not tried. */
export const sendStatus = {
  /** An execution has claimed it. */
  sending: 'Sending',
  successful: 'Successful',
  /** It is tried again on schedule. */
  failure: 'Failure',
  /** It failed so often that a person must see to it. */
  abandoned: 'Abandoned',
} as const;

/** The index by which messages of one status are found, and what it holds of them: what a claim depends on, no payload. */
export const statusIndex = {
  name: 'GSI-sendStatus',
  attributes: ['attempts', 'claimedAt', 'deliveries', 'execution'],
} as const;
