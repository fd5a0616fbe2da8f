import type { Model } from '../model';
import { queuesOf } from '../redrivable';
import { ActionError, type Answer, awsErrors, check, described, nodeAt, nodeInput } from './action';
import { nextHop, patience } from './next-hop';

/** Moves the messages of a dead-letter queue back to where they belong. */
export async function redrive(model: Model, input: unknown): Promise<Answer> {
  const { local, places, graph } = model;
  const { node, place } = nodeAt(model, check(nodeInput, input).node);
  const [source, another] = queuesOf(graph, node.id);
  if (!source)
    throw new ActionError(
      `${described(node)} cannot be redriven: choose a queue that takes the dead letters of a queue`,
    );
  // SQS does not know the queue of a message that a function has sent here.
  const DestinationArn = !another && places.get(source)!.arn;
  const ended = nextHop(
    local,
    ({ service, operation, resource }) => service === 'sqs' && operation === 'move' && resource === place.arn,
  );
  try {
    const task = { SourceArn: place.arn, ...(DestinationArn && { DestinationArn }) };
    await awsErrors(local.call('sqs', 'StartMessageMoveTask', task));
    const move = await ended.hop;
    if (!move) return { text: `The messages of ${place.name} are still on the move after ${patience / 1000} s` };
    if (move.outcome === 'failed') throw new ActionError(`The redrive ${move.summary}`);
    return { text: `The redrive ${move.summary}`, hop: move.id };
  } finally {
    ended.cancel();
  }
}
