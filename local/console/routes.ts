import type { IncomingMessage, ServerResponse } from 'node:http';
import { isObject } from '../terraform/values';
import { actions } from './actions';
import { ActionError, type Answer } from './actions/action';
import { archivesOf } from './actions/replay';
import { denialsIn } from './denials';
import { faultCalls } from './fault-calls';
import { feed } from './feed';
import { journeyOf } from './journey';
import type { Model } from './model';
import { queuesOf } from './redrivable';
import { search } from './search';
import { wireHop } from './wire';

/** A request of the page that changes nothing. */
interface Read {
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
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
  events({ local, places, run, streams }, { url, request, response }) {
    const last = request.headers['last-event-id'];
    const wire = (hop: Parameters<typeof wireHop>[0]) => wireHop(hop, local.timeline, places);
    const end = feed(response, local.timeline, {
      run,
      last: typeof last === 'string' ? last : (url.searchParams.get('last') ?? ''),
      wire,
    });
    streams.add(end);
    response.on('close', () => streams.delete(end));
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
function systemOf({ run, local, graph, places, samples }: Model) {
  return {
    run,
    endpoint: local.endpoint,
    region: local.region,
    nodes: graph.nodes.map((node) => {
      const { arn, name, role } = places.get(node.id)!;
      return {
        ...node,
        arn,
        name,
        role,
        faults: faultCalls(graph, node.id, role),
        canRedrive: queuesOf(graph, node.id).length > 0,
        canReplay: archivesOf(graph, node.id).length === 1,
      };
    }),
    edges: graph.edges,
    samples: samples.map(({ target: _target, ...sample }) => sample),
  };
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
  return action(model, inputOf(body));
}

function inputOf(body: string): object {
  let input: unknown;
  try {
    input = JSON.parse(body);
  } catch (error) {
    throw new ActionError(`The body must be JSON: ${(error as Error).message}`);
  }
  if (isObject(input)) return input;
  const given = Array.isArray(input) ? 'an array' : input === null ? 'null' : `a ${typeof input}`;
  throw new ActionError(`The body must be a JSON object with what the action needs, not ${given}`);
}
