import { z } from 'zod';
import type { Call, Operation } from '../../service';
import { checkEntries, eachEntry, entriesOf } from './batch';
import { required } from './errors';
import type { Queue } from './queue';
import type { Queues } from './queues';

const queueUrl = z.string().optional();
const handle = { ReceiptHandle: z.string().optional() };
const deleteInput = z.object({ QueueUrl: queueUrl, ...handle });
const batchInput = z.object({ QueueUrl: queueUrl, Entries: entriesOf(handle) });
const purgeInput = z.object({ QueueUrl: queueUrl });

/** DeleteMessage. */
export function deleteMessage(queues: Queues): Operation<z.infer<typeof deleteInput>> {
  return {
    input: deleteInput,
    permissions: (input) => queues.allow('DeleteMessage', queues.at(input.QueueUrl)),
    run: (input, call) => remove(queues, queues.at(input.QueueUrl), input.ReceiptHandle, call),
  };
}

/** DeleteMessageBatch. */
export function deleteMessageBatch(queues: Queues): Operation<z.infer<typeof batchInput>> {
  return {
    input: batchInput,
    permissions: (input) => queues.allow('DeleteMessage', queues.at(input.QueueUrl)),
    run(input, call) {
      const queue = queues.at(input.QueueUrl);
      const entries = checkEntries('DeleteMessageBatchRequestEntry', input.Entries);
      return eachEntry(entries, (entry) => remove(queues, queue, entry.ReceiptHandle, call));
    },
  };
}

/** PurgeQueue; AWS takes up to 60 seconds, here it is done at once. */
export function purgeQueue(queues: Queues): Operation<z.infer<typeof purgeInput>> {
  return {
    input: purgeInput,
    permissions: (input) => queues.allow('PurgeQueue', queues.at(input.QueueUrl)),
    run(input, call) {
      const queue = queues.at(input.QueueUrl);
      const purged = queue.purge();
      call.record({ resource: queue.arn, summary: `${purged} messages purged from ${queue.name}` });
      return {};
    },
  };
}

function remove(queues: Queues, queue: Queue, receiptHandle: string | undefined, call: Call) {
  const message = queue.delete(required('ReceiptHandle', receiptHandle));
  if (message) {
    call.record({
      operation: 'DeleteMessage',
      resource: queue.arn,
      parents: [...new Set([...message.parents, ...call.parents])],
      summary: `message deleted from ${queue.name}`,
      data: { messageId: message.id, receives: message.receives },
    });
    queues.measure(queue, 'NumberOfMessagesDeleted', 1);
  }
  return {};
}
