import type { Hop, Timeline } from '../timeline';
import type { Places } from './places';

/** A hop as the page gets it: without payload, and with its places on the map. */
export interface WireHop extends Omit<Hop, 'data' | 'allowedBy'> {
  /** Node of what was acted on. */
  readonly node?: string;
  /** The node before that one. */
  readonly from?: string;
}

/** Characters of a summary that the page gets at once; the rest comes with the payload. */
const summaryLimit = 400;

/** How far back the node before is looked for. */
const steps = 6;

/** A hop as the page gets it: summary cut, with its node and the node before, if they are on the map. */
export function wireHop(hop: Hop, timeline: Timeline, places: Places): WireHop {
  const { data: _data, allowedBy: _allowedBy, ...rest } = hop;
  const node = places.find(hop.resource);
  const from = node && nodeBefore(hop, node, timeline, places);
  const summary = hop.summary.length > summaryLimit ? `${hop.summary.slice(0, summaryLimit)}…` : hop.summary;
  return { ...rest, summary, ...(node && { node }), ...(from && { from }) };
}

function nodeBefore(hop: Hop, node: string, timeline: Timeline, places: Places): string | undefined {
  let cause: Hop | undefined = hop;
  for (let step = 0; step < steps && cause; step++) {
    cause = cause.parents[0] === undefined ? undefined : timeline.find(cause.parents[0]);
    const before = cause && places.find(cause.resource);
    if (before && before !== node) return before;
  }
  return undefined;
}
