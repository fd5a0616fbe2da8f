import { z } from 'zod';
import type { Call, Operation } from '../../service';
import { checkEntries, eachEntry, entriesOf } from './batch';
import { checkRange, required } from './errors';
import type { Queue } from './queue';
import type { Queues } from './queues';

const queueUrl = z.string().optional();
const change = { ReceiptHandle: z.string().optional(), VisibilityTimeout: z.number().optional() };
const changeInput = z.object({ QueueUrl: queueUrl, ...change });
const batchInput = z.object({ QueueUrl: queueUrl, Entries: entriesOf(change) });

/** ChangeMessageVisibility. */
export function changeMessageVisibility(queues: Queues): Operation<z.infer<typeof changeInput>> {
  return {
    input: changeInput,
    permissions: (input) => queues.allow('ChangeMessageVisibility', queues.at(input.QueueUrl)),
    run(input, call) {
      const seconds = required('VisibilityTimeout', input.VisibilityTimeout);
      return hide(queues.at(input.QueueUrl), input.ReceiptHandle, seconds, call);
    },
  };
}

/** ChangeMessageVisibilityBatch. */
export function changeMessageVisibilityBatch(queues: Queues): Operation<z.infer<typeof batchInput>> {
  return {
    input: batchInput,
    permissions: (input) => queues.allow('ChangeMessageVisibility', queues.at(input.QueueUrl)),
    run(input, call) {
      const queue = queues.at(input.QueueUrl);
      const entries = checkEntries('ChangeMessageVisibilityBatchRequestEntry', input.Entries);
      return eachEntry(entries, (entry) =>
        hide(queue, entry.ReceiptHandle, entry.VisibilityTimeout ?? queue.settings.visibility, call),
      );
    },
  };
}

function hide(queue: Queue, receiptHandle: string | undefined, seconds: number, call: Call) {
  checkRange('VisibilityTimeout', seconds, 0, 43_200);
  const message = queue.changeVisibility(required('ReceiptHandle', receiptHandle), seconds);
  call.record({
    operation: 'ChangeMessageVisibility',
    resource: queue.arn,
    parents: [...new Set([...message.parents, ...call.parents])],
    summary: `message in ${queue.name} hidden for ${seconds} s`,
    data: { messageId: message.id },
  });
  return {};
}
