import type { Hop } from '../timeline';

/** What became of an event, in a sentence. */
export interface Verdict {
  readonly level: 'good' | 'note' | 'bad';
  readonly text: string;
}

/** A kind of end, the hops that show it, and how it is told by the last of them. */
type Rule = readonly [level: Verdict['level'], shows: (hop: Hop) => boolean, begin: string];

/**
 * What became of an event: whether it was lost, dead-lettered, duplicated, denied or tried again.
 *
 * @param hops of its journey, oldest first
 */
export function verdictsOn(hops: readonly Hop[]): Verdict[] {
  const isBack = (hop: Hop) => hop.outcome === 'dead-lettered' && movedOn(hops, hop);
  const rules: readonly Rule[] = [
    ['bad', isLost, 'Lost'],
    ['bad', (hop) => hop.outcome === 'dead-lettered' && !isBack(hop), 'Dead-lettered'],
    ['note', isBack, 'Moved on after it was dead-lettered'],
    ['note', ({ service, operation }) => service === 'events' && operation === 'replay', 'Replayed'],
    ['note', ({ outcome }) => outcome === 'duplicate', 'Duplicated, without a second effect'],
    ['bad', ({ outcome }) => outcome === 'denied', 'Denied'],
    ['note', (hop) => (hop.outcome === 'failed' || hop.outcome === 'throttled') && !isLost(hop), 'Failed'],
    ['note', ({ service, outcome }) => service === 'events' && outcome === 'filtered', 'Not wanted'],
  ];
  const verdicts = rules.flatMap(([level, shows, begin]): Verdict[] => {
    const found = hops.filter(shows);
    const times = found.length > 1 ? ` ${found.length} times, at last` : '';
    return found.length > 0 ? [{ level, text: `${begin}${times}: ${found.at(-1)!.summary}` }] : [];
  });
  if (verdicts.some(({ level }) => level === 'bad')) return verdicts;
  const took = hops.at(-1)!.time - hops[0]!.time;
  return [{ level: 'good', text: `Nothing is lost: ${hops.length} hops in ${took} ms` }, ...verdicts];
}

/** What a service gave up without a dead letter. */
function isLost({ operation, outcome, summary }: Hop): boolean {
  return outcome === 'failed' && (operation === 'drop' || /\b(?:dropped|discarded)\b/.test(summary));
}

/** Whether a dead letter was sent on, from the queue it lay in to another. */
function movedOn(hops: readonly Hop[], dead: Hop): boolean {
  const caused = new Set([dead.id]);
  return hops.some((hop) => {
    if (!hop.parents.some((parent) => caused.has(parent))) return false;
    caused.add(hop.id);
    return hop.operation === 'SendMessage' && hop.outcome === 'ok' && hop.resource !== dead.resource;
  });
}
