import { Harness, queue } from './harness';

/** Parameters of a source whose dead letters go to the queue. */
export const deadLetters = { dead_letter_config: [{ arn: queue }] };
/** Dead letters, and batches that are halved when they fail in part. */
export const bisecting = { ...deadLetters, on_partial_batch_item_failure: 'AUTOMATIC_BISECT' };
/** Ids of the items `o0`, `o1` and so on. */
export const ids = (count: number) => Array.from({ length: count }, (_, i) => `o${i}`);

/** A running pipe from the stream to the bus; `parameters` are those of the source, `rest` other arguments. */
export async function started(parameters: object = {}, rest: object = {}): Promise<Harness> {
  const harness = new Harness();
  await harness.pipe(parameters, rest);
  await harness.start();
  return harness;
}
