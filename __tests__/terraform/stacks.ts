import type { StackName } from '../synthesis';

/** All stacks, each after those that it needs. */
export const stacks = [
  'state-backend',
  'outbox-core',
  'order-consumers',
  'user-events',
  'notifications',
  'claim-check',
] as const satisfies readonly StackName[];

/** The stacks that attach to the core. */
export const consumers = [
  'order-consumers',
  'user-events',
  'notifications',
  'claim-check',
] as const satisfies readonly StackName[];

/** Settings with which every provider from 5.100 on accepts the stacks. */
export const olderProvider = { OUTBOX_FUNCTION_RUNTIME: 'nodejs22.x', OUTBOX_MAX_MESSAGE_SIZE: '262144' } as const;
