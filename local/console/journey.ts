import type { DecidedBy } from '../iam';
import type { Hop, Timeline } from '../timeline';
import type { Places } from './places';
import { type Verdict, verdictsOn } from './verdict';
import { type WireHop, wireHop } from './wire';

/** A hop of a journey. */
export interface JourneyHop extends WireHop {
  /** How deep it is in the tree: 0 is the beginning. */
  readonly depth: number;
  /** Milliseconds since the beginning, and since the hop that caused it. */
  readonly at: number;
  readonly took: number;
  /** Which time the same was tried, from 1. */
  readonly attempt: number;
  readonly allowedBy?: readonly DecidedBy[];
}

/** The way of an event from its beginning. */
export interface Journey {
  /** In the order of a tree: each hop is followed by all that it caused. */
  readonly hops: readonly JourneyHop[];
  readonly verdicts: readonly Verdict[];
  /** Hops left out, because there are too many. */
  readonly omitted: number;
  /** Beginnings that the hop asked for also comes from, as with a batch; each has a journey of its own. */
  readonly others: readonly number[];
}

/** Hops of a journey at most. */
const limit = 1000;

/**
 * The journey that a hop belongs to.
 *
 * @returns undefined if the hop is not kept any more
 */
export function journeyOf(id: number, timeline: Timeline, places: Places): Journey | undefined {
  const roots = rootsOf(id, timeline);
  if (roots[0] === undefined) return undefined;
  const all = timeline.descendants(roots[0]);
  const kept = all.slice(0, limit);
  return {
    hops: inTreeOrder(kept, timeline, places),
    verdicts: verdictsOn(all),
    omitted: all.length - kept.length,
    others: roots.slice(1, 51),
  };
}

/** Ids of the hops that a hop goes back to and that nothing caused, oldest first. */
export function rootsOf(id: number, timeline: Timeline): number[] {
  const seen = new Set<number>();
  const roots: number[] = [];
  const open = [id];
  while (open.length > 0) {
    const next = open.pop()!;
    const hop = timeline.find(next);
    if (seen.has(next) || !hop) continue;
    seen.add(next);
    const causes = hop.parents.filter((parent) => timeline.find(parent));
    if (causes.length === 0) roots.push(next);
    else open.push(...causes);
  }
  return roots.sort((a, b) => a - b);
}

function inTreeOrder(hops: readonly Hop[], timeline: Timeline, places: Places): JourneyHop[] {
  const ids = new Set(hops.map(({ id }) => id));
  const children = new Map<number, Hop[]>();
  for (const hop of hops.slice(1)) {
    const parent = hop.parents.find((candidate) => ids.has(candidate))!;
    children.set(parent, [...(children.get(parent) ?? []), hop]);
  }
  const begin = hops[0]!.time;
  const ordered: JourneyHop[] = [];
  const open = [{ hop: hops[0]!, depth: 0, cause: hops[0]! }];
  const tries = new Map<string, number>();
  while (open.length > 0) {
    const { hop, depth, cause } = open.pop()!;
    const key = [hop.service, hop.operation, hop.resource, cause.id, hop.outcome === 'filtered'].join(' ');
    const isTry = hop.operation === 'Invoke' || isFailed(hop) || tries.has(key);
    const attempt = isTry ? (tries.get(key) ?? 0) + 1 : 1;
    if (isTry) tries.set(key, attempt);
    const { allowedBy } = hop;
    const times = { at: hop.time - begin, took: hop.time - cause.time };
    ordered.push({ ...wireHop(hop, timeline, places), depth, attempt, ...times, ...(allowedBy && { allowedBy }) });
    for (const child of (children.get(hop.id) ?? []).toReversed())
      open.push({ hop: child, depth: depth + 1, cause: hop });
  }
  return ordered;
}

const isFailed = ({ outcome }: Hop) => outcome === 'failed' || outcome === 'throttled' || outcome === 'denied';
