import type { Local } from '../index';
import { type Graph, graphOf } from './graph';
import { type Drawing, drawingOf } from './layout';
import { Places } from './places';
import { type Sample, samplesOf } from './samples';
import { Tally } from './tally';

/** What the console knows of a running system. */
export interface Model {
  readonly local: Local;
  readonly graph: Graph;
  readonly drawing: Drawing;
  readonly places: Places;
  readonly tally: Tally;
  readonly samples: readonly Sample[];
}

export async function modelOf(local: Local): Promise<Model> {
  const graph = graphOf(local.configuration);
  const places = new Places(graph, local.resources);
  return {
    local,
    graph,
    places,
    drawing: await drawingOf(graph),
    tally: new Tally(local, graph, places),
    samples: samplesOf(local, graph, places),
  };
}
