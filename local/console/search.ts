import type { Timeline } from '../timeline';
import { rootsOf } from './journey';
import type { Places } from './places';
import { type WireHop, wireHop } from './wire';

/** Hops looked through, newest first, and journeys found, at most. */
const limits = { hops: 20_000, journeys: 30 };

/** The beginning of a journey that a text occurs in. */
export interface Found {
  /** The hop that begins it. */
  readonly root: WireHop;
  /** The last hop with the text. */
  readonly hop: WireHop;
}

/** Journeys with hops in whose summary, ARNs or payload the text occurs, newest first. */
export function search(text: string, timeline: Timeline, places: Places): Found[] {
  const wanted = text.toLowerCase();
  const found = new Map<number, Found>();
  for (const hop of timeline.after(0, limits.hops).toReversed()) {
    if (found.size >= limits.journeys) break;
    if (!JSON.stringify(hop).toLowerCase().includes(wanted)) continue;
    const root = timeline.find(rootsOf(hop.id, timeline)[0] ?? hop.id) ?? hop;
    if (found.has(root.id)) continue;
    found.set(root.id, { root: wireHop(root, timeline, places), hop: wireHop(hop, timeline, places) });
  }
  return [...found.values()];
}
