import type { IncomingMessage, ServerResponse } from 'node:http';
import { actions } from './actions';
import { ActionError, type Answer } from './actions/action';
import { archivesOf } from './actions/replay';
import { denialsIn } from './denials';
import { feed } from './feed';
import { journeyOf } from './journey';
import { kinds } from './kinds';
import type { Model } from './model';
import { search } from './search';
import { wireHop } from './wire';

/** A request of the page that changes nothing. */
interface Read {
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Stands for this run of the runtime. */
  readonly run: string;
}

type Reader = (model: Model, read: Read) => unknown;

const readers: Readonly<Record<string, Reader>> = {
  system: systemOf,
  status: async ({ local, tally }) => ({
    time: local.runtime.clock.now(),
    nodes: await tally.status(),
    faults: local.faults.all,
    denied: tally.denied,
  }),
  denied: ({ local }) => denialsIn(local.timeline),
  hop({ local, places }, { url }) {
    const hop = local.timeline.find(idIn(url));
    if (!hop) throw gone;
    return { ...wireHop(hop, local.timeline, places), ...hop };
  },
  journey({ local, places }, { url }) {
    const journey = journeyOf(idIn(url), local.timeline, places);
    if (!journey) throw gone;
    return journey;
  },
  search({ local, places }, { url }) {
    const text = url.searchParams.get('text')?.trim() ?? '';
    if (text.length < 2) throw new ActionError('Search for two characters or more');
    return search(text, local.timeline, places);
  },
  events({ local, places }, { url, request, response, run }) {
    const last = request.headers['last-event-id'];
    const wire = (hop: Parameters<typeof wireHop>[0]) => wireHop(hop, local.timeline, places);
    feed(response, local.timeline, {
      run,
      last: typeof last === 'string' ? last : (url.searchParams.get('last') ?? ''),
      wire,
    });
    return 'streamed';
  },
};

const gone = new ActionError('The hop is not kept any more: the runtime keeps the last 200,000');

function idIn(url: URL): number {
  const id = Number(url.searchParams.get('id'));
  if (!Number.isInteger(id) || id < 1) throw new ActionError('id must be the number of a hop');
  return id;
}

/** What does not change while the runtime runs. */
function systemOf({ local, graph, places, samples }: Model) {
  const redrivable = new Set(
    graph.edges.filter(({ from, isFailure }) => isFailure && from.includes('/aws_sqs_queue.')).map(({ to }) => to),
  );
  return {
    endpoint: local.endpoint,
    region: local.region,
    nodes: graph.nodes.map((node) => {
      const { arn, name, role } = places.get(node.id)!;
      const targets = graph.edges.filter(({ from }) => from === node.id).map(({ to }) => to);
      return {
        ...node,
        arn,
        name,
        role,
        faults: faultsFor(graph, node.id, targets, role),
        canRedrive: redrivable.has(node.id),
        canReplay: archivesOf(graph, node.id).length === 1,
      };
    }),
    edges: graph.edges,
    samples: samples.map(({ target: _target, ...sample }) => sample),
  };
}

/** Calls to a node and by it that a fault can hit. */
function faultsFor({ nodes }: Model['graph'], id: string, targets: readonly string[], role: string | undefined) {
  const calls = (direction: 'to' | 'by', to: string) => {
    const type = nodes.find((node) => node.id === to)!.type;
    const { service, operations = [] } = kinds[type]!;
    return operations.map((operation) => ({ direction, service, operation }));
  };
  const all = [...calls('to', id), ...(role ? targets.flatMap((to) => calls('by', to)) : [])];
  return [...new Map(all.map((call) => [JSON.stringify(call), call])).values()];
}

/**
 * Answers a read of the page.
 *
 * @returns `streamed` if the answer goes on
 * @throws ActionError
 */
export async function answerRead(model: Model, path: string, read: Read): Promise<unknown> {
  const reader = Object.hasOwn(readers, path) ? readers[path] : undefined;
  if (!reader) throw new ActionError(`There is no ${path}`);
  return reader(model, read);
}

/**
 * Does what the page asks for.
 *
 * @param body JSON
 * @throws ActionError
 */
export async function answerChange(model: Model, path: string, body: string): Promise<Answer> {
  const action = Object.hasOwn(actions, path) ? actions[path] : undefined;
  if (!action) throw new ActionError(`There is no action ${path}`);
  let input: unknown;
  try {
    input = JSON.parse(body);
  } catch (error) {
    throw new ActionError(`The body must be JSON: ${(error as Error).message}`);
  }
  return action(model, input);
}
