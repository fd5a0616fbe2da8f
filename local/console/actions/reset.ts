import { z } from 'zod';
import type { Model } from '../model';
import { ActionError, type Answer, check } from './action';

/** Begins anew: everything is as after the start. */
export async function reset(model: Model, input: unknown): Promise<Answer> {
  check(z.strictObject({}), input);
  const isDone = await model.reset().catch((error: Error) => {
    const what = 'The system cannot be started again, and nothing runs any more';
    throw new ActionError(`${what}: ${error.message}. Start it with npm start.`, { cause: error });
  });
  if (!isDone) throw new ActionError('The system was reset already: load the page again');
  return { text: 'Everything is as after the start' };
}
