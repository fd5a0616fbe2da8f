import type { Model } from '../model';
import { ActionError, type Answer, awsErrors, check, nodeInput } from './action';
import { nextHop, patience } from './next-hop';

/** Moves the messages of a dead-letter queue back to where they belong. */
export async function redrive({ local, places, graph }: Model, input: unknown): Promise<Answer> {
  const place = places.get(check(nodeInput, input).node);
  if (!place) throw new ActionError('There is no such queue');
  // SQS does not know the queue of a message that a function has sent here.
  const [source, another] = graph.edges.filter(
    ({ from, to, isFailure }) => to === place.id && isFailure && from.includes('/aws_sqs_queue.'),
  );
  const DestinationArn = source && !another && places.get(source.from)!.arn;
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
