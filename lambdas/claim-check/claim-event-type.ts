/** What events about claims are called on the bus. */
export const claimEvents = { source: 'claim.event', claimed: 'PayloadClaimed' } as const;
