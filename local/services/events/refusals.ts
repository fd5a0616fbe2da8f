import type { Random } from '../../random';
import type { EntryFailure } from './entry';

/** The refusals that are not the entry's fault (EventBridge API reference, PutEventsResultEntry). */
const passing: readonly EntryFailure[] = [
  { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal Service Failure' },
  { ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' },
];

/** Refuses some entries of a request by chance: one at least, and of two or more not all. Empty where one is taken. */
export function refusals(random: Random, entries: number): (EntryFailure | undefined)[] {
  const refused = 1 + random.integer(Math.max(1, entries - 1));
  const order = random.shuffle(Array.from({ length: entries }, (_, index) => index < refused));
  return order.map((isRefused) => (isRefused ? passing[random.integer(passing.length)] : undefined));
}
