import type { Timeline } from '../timeline';
import { rootsOf } from './journey';
import type { Places } from './places';
import { type WireHop, wireHop } from './wire';

/** Hops looked through, newest first, and journeys found, at most. */
const limits = { hops: 20_000, journeys: 30 };

/** Hops looked through in one turn of the event loop: with messages of 1 MiB, the largest, that takes some 30 ms. */
const turn = 16;

/** The beginning of a journey that a text occurs in. */
export interface Found {
  /** The hop that begins it. */
  readonly root: WireHop;
  /** The last hop with the text. */
  readonly hop: WireHop;
}

/**
 * Journeys with hops in whose summary, ARNs or payload the text occurs, in any case, newest first. In between the runtime
 * goes on.
 */
export async function search(text: string, timeline: Timeline, places: Places): Promise<Found[]> {
  const wanted = text.toLowerCase();
  const found = new Map<number, Found>();
  for (const [index, hop] of timeline.after(0, limits.hops).toReversed().entries()) {
    if (found.size >= limits.journeys) break;
    if (index % turn === turn - 1) await new Promise(setImmediate);
    const { summary, resource, principal, service, operation, outcome, allowedBy, data } = hop;
    const held = [summary, resource, principal, `${service} ${operation}`, outcome, allowedBy, data];
    if (!held.some((value) => holds(value, wanted))) continue;
    const root = timeline.find(rootsOf(hop.id, timeline)[0] ?? hop.id) ?? hop;
    if (found.has(root.id)) continue;
    found.set(root.id, { root: wireHop(root, timeline, places), hop: wireHop(hop, timeline, places) });
  }
  return [...found.values()];
}

/** Whether a text, or anything in a list or object, holds what is wanted. */
function holds(value: unknown, wanted: string): boolean {
  if (typeof value === 'string') return value.toLowerCase().includes(wanted);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)?.includes(wanted) ?? false;
  if (Array.isArray(value)) return value.some((inner) => holds(inner, wanted));
  return Object.entries(value).some(([name, inner]) => name.toLowerCase().includes(wanted) || holds(inner, wanted));
}
