import type { Graph } from './graph';

/** Ids of the queues whose dead letters a queue takes: only those can be moved back. */
export function queuesOf({ edges }: Graph, id: string): string[] {
  return edges
    .filter(({ from, to, isFailure }) => to === id && isFailure && from.includes('/aws_sqs_queue.'))
    .map(({ from }) => from);
}
