import { account, Harness, region, single } from './harness';

const waiting = single({ Type: 'Wait', Seconds: 60 });
/** A definition that ends at once. */
export const pass = single({ Type: 'Pass' });
export const executionArn = `arn:aws:states:${region}:${account}:execution:machine:run`;

/** A state machine; unless told otherwise its executions wait for a minute. */
export async function made(definition: object = waiting, rest: object = {}): Promise<Harness> {
  const harness = new Harness();
  await harness.create(definition, rest);
  return harness;
}
