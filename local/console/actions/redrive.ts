import type { Hop } from '../../timeline';
import type { Model } from '../model';
import { ActionError, type Answer, awsErrors, check, nodeInput } from './action';

/** Milliseconds that the page waits for a redrive to end: some thousand messages take as long. */
const patience = 10_000;

/** Moves the messages of a dead-letter queue back to where they belong. */
export async function redrive({ local, places, graph }: Model, input: unknown): Promise<Answer> {
  const place = places.get(check(nodeInput, input).node);
  if (!place) throw new ActionError('There is no such queue');
  // SQS does not know the queue of a message that a function has sent here.
  const [source, another] = graph.edges.filter(
    ({ from, to, isFailure }) => to === place.id && isFailure && from.includes('/aws_sqs_queue.'),
  );
  const DestinationArn = source && !another && places.get(source.from)!.arn;
  const ended = nextMove(local, place.arn);
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

/** The end of the next task that moves messages out of a queue; undefined if it takes longer than the page waits. */
function nextMove({ timeline, runtime }: Model['local'], arn: string) {
  let cancel = () => {};
  const hop = new Promise<Hop | undefined>((resolve) => {
    const timer = runtime.clock.schedule(patience, () => resolve(undefined));
    const stopListening = timeline.subscribe((one) => {
      if (one.service === 'sqs' && one.operation === 'move' && one.resource === arn) resolve(one);
    });
    cancel = () => {
      timer.cancel();
      stopListening();
    };
  });
  return { hop, cancel: () => cancel() };
}
