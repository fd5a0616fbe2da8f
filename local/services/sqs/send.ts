import { z } from 'zod';
import { AwsError } from '../../aws-error';
import type { Call, Operation } from '../../service';
import { checkEntries, eachEntry, entriesOf } from './batch';
import { type ContentsInput, contentsInput, readContents, sizeOf } from './contents';
import { digestOfAttributes, digestOfBody } from './digest';
import { checkRange, invalid } from './errors';
import type { Queue } from './queue';
import type { Queues } from './queues';
import { senderId } from './sender-id';

/** Bytes of all messages of a batch: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const maximumBatch = 1_048_576;

const queueUrl = z.string().optional();
const sendInput = z.object({ QueueUrl: queueUrl, ...contentsInput.shape });
const batchInput = z.object({ QueueUrl: queueUrl, Entries: entriesOf(contentsInput.shape) });

/** SendMessage. */
export function sendMessage(queues: Queues): Operation<z.infer<typeof sendInput>> {
  return {
    input: sendInput,
    permissions: (input) => queues.allowSend(queues.at(input.QueueUrl)),
    run: (input, call) => send(queues, queues.at(input.QueueUrl), input, call),
  };
}

/** SendMessageBatch. */
export function sendMessageBatch(queues: Queues): Operation<z.infer<typeof batchInput>> {
  return {
    input: batchInput,
    permissions: (input) => queues.allowSend(queues.at(input.QueueUrl)),
    run(input, call) {
      const queue = queues.at(input.QueueUrl);
      const entries = checkEntries('SendMessageBatchRequestEntry', input.Entries);
      const size = entries.reduce(
        (sum, entry) => sum + sizeOf(entry.MessageBody ?? '', entry.MessageAttributes ?? {}),
        0,
      );
      if (size > maximumBatch) {
        throw new AwsError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than ${maximumBatch} bytes. You have sent ${size} bytes.`,
        );
      }
      return eachEntry(entries, (entry) => send(queues, queue, entry, call));
    },
  };
}

function send(queues: Queues, queue: Queue, input: ContentsInput, call: Call) {
  checkRange('DelaySeconds', input.DelaySeconds, 0, 900);
  const contents = readContents(input);
  const { body, attributes, traceHeader } = contents;
  const { maximumSize } = queue.settings;
  if (sizeOf(body, attributes) > maximumSize) {
    throw invalid(`One or more parameters are invalid. Reason: Message must be shorter than ${maximumSize} bytes.`);
  }
  const delay = input.DelaySeconds ?? queue.settings.delay;
  const hop = call.record({
    operation: 'SendMessage',
    resource: queue.arn,
    summary: `message to ${queue.name}${delay > 0 ? `, delayed ${delay} s` : ''}`,
    data: { body, ...(Object.keys(attributes).length > 0 && { attributes }) },
  });
  const id = queue.send(contents, senderId(call.principal), delay, [hop]);
  queues.measure(queue, 'NumberOfMessagesSent', 1);
  return {
    MessageId: id,
    MD5OfMessageBody: digestOfBody(body),
    ...(Object.keys(attributes).length > 0 && { MD5OfMessageAttributes: digestOfAttributes(attributes) }),
    ...(traceHeader !== undefined && {
      MD5OfMessageSystemAttributes: digestOfAttributes({
        AWSTraceHeader: { DataType: 'String', StringValue: traceHeader },
      }),
    }),
  };
}
