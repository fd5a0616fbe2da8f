import type { Local } from '../index';
import { type Graph, graphOf } from './graph';
import { type Drawing, drawingOf } from './layout';
import { Places } from './places';
import { type Sample, samplesOf } from './samples';
import { Tally } from './tally';

/** One run of a system: from its start, or from a reset, to the next one. */
export interface Run {
  /** Stands for the run. */
  readonly run: string;
  /**
   * Stops the system and starts it again; the console shows that one then.
   *
   * @returns false if another has done so already
   * @throws Error if it cannot start; nothing runs then
   */
  reset(): Promise<boolean>;
}

/** What the console knows of a running system. */
export interface Model extends Run {
  readonly local: Local;
  readonly graph: Graph;
  readonly drawing: Drawing;
  readonly places: Places;
  readonly tally: Tally;
  readonly samples: readonly Sample[];
  /** Ends the streams of events that pages listen to. */
  readonly streams: Set<() => void>;
}

export async function modelOf(local: Local, run: Run): Promise<Model> {
  const graph = graphOf(local.configuration);
  const places = new Places(graph, local.resources);
  return {
    ...run,
    local,
    graph,
    places,
    drawing: await drawingOf(graph),
    tally: new Tally(local, graph, places),
    samples: samplesOf(local, graph, places),
    streams: new Set(),
  };
}
