import { eachMessage } from '../../../lambdas/claim-check/batch';
import { Unprocessable } from '../../../lambdas/claim-check/unprocessable';
import { record } from './messages';

const batch = ['1', '2', '3'].map((id) => record(id, id));

/** What comes of a batch if these messages are bad, and the log of what was done. */
async function run(bad: Record<string, Error>, refuse?: Error) {
  const log: string[] = [];
  const result = await eachMessage(
    batch,
    async ({ messageId }) => {
      if (bad[messageId]) throw bad[messageId];
      log.push(`did ${messageId}`);
      return messageId;
    },
    async ({ messageId }, { reason }) => {
      if (refuse) throw refuse;
      log.push(`${reason} ${messageId}`);
    },
  ).catch((error: Error) => error);
  return { result, log };
}

const why = new Unprocessable('NotJson', 'The message body is not JSON');

test('each message has a result, in order', async () => {
  expect(await run({})).toEqual({ result: ['1', '2', '3'], log: ['did 1', 'did 2', 'did 3'] });
});

test('what can never be processed is dead-lettered last and left out; the rest goes on', async () => {
  expect(await run({ 1: why })).toEqual({ result: ['2', '3'], log: ['did 2', 'did 3', 'NotJson 1'] });
});

test('if nothing can, the answer is empty', async () => {
  expect(await run({ 1: why, 2: why, 3: why })).toEqual({ result: [], log: ['NotJson 1', 'NotJson 2', 'NotJson 3'] });
});

test('what may pass later fails the batch, and nothing is dead-lettered', async () => {
  const error = new Error('slow down');
  expect(await run({ 1: why, 3: error })).toEqual({ result: error, log: ['did 2'] });
});

test('so does a dead-letter queue that takes nothing', async () => {
  const error = new Error('denied');
  expect((await run({ 1: why }, error)).result).toBe(error);
});
