import { z } from 'zod';
import { AwsError } from '../aws-error';
import type { Runtime } from '../runtime';
import type { Operation, Service } from '../service';
import { getQueueAttributes, listQueueTags } from './sqs/attributes';
import { deleteMessage, deleteMessageBatch, purgeQueue } from './sqs/delete';
import { errors } from './sqs/errors';
import { getQueueUrl, listDeadLetterSourceQueues, listQueues } from './sqs/list';
import { moveTaskOperations } from './sqs/move-task';
import { Queues } from './sqs/queues';
import { receiveMessage } from './sqs/receive';
import { checkRedrives, queueResource, separateResource } from './sqs/resource';
import { sendMessage, sendMessageBatch } from './sqs/send';
import { changeMessageVisibility, changeMessageVisibilityBatch } from './sqs/visibility';

/** Operations that change how queues are set up: here the configuration alone does. */
const configured = [
  'AddPermission',
  'CreateQueue',
  'DeleteQueue',
  'RemovePermission',
  'SetQueueAttributes',
  'TagQueue',
  'UntagQueue',
];

const refused: Operation = {
  input: z.unknown(),
  permissions: () => [],
  run() {
    throw new AwsError(
      'UnsupportedOperation',
      'Queues are set up by the configuration: change aws_sqs_queue and start again.',
    );
  },
};

/** Amazon SQS: standard queues. */
export function sqs(runtime: Runtime): Service {
  const queues = new Queues(runtime);
  runtime.onStart(() => checkRedrives(queues));
  runtime.onStop(() => {
    for (const queue of queues.all) queue.stop();
  });
  return {
    name: 'sqs',
    operations: {
      SendMessage: sendMessage(queues),
      SendMessageBatch: sendMessageBatch(queues),
      ReceiveMessage: receiveMessage(queues),
      DeleteMessage: deleteMessage(queues),
      DeleteMessageBatch: deleteMessageBatch(queues),
      ChangeMessageVisibility: changeMessageVisibility(queues),
      ChangeMessageVisibilityBatch: changeMessageVisibilityBatch(queues),
      PurgeQueue: purgeQueue(queues),
      GetQueueUrl: getQueueUrl(queues),
      GetQueueAttributes: getQueueAttributes(queues),
      ListQueues: listQueues(queues),
      ListQueueTags: listQueueTags(queues),
      ListDeadLetterSourceQueues: listDeadLetterSourceQueues(queues),
      ...moveTaskOperations(queues),
      ...Object.fromEntries(configured.map((name) => [name, refused])),
    },
    resources: {
      aws_sqs_queue: queueResource(queues),
      aws_sqs_queue_policy: separateResource('aws_sqs_queue_policy', 'policy'),
      aws_sqs_queue_redrive_policy: separateResource('aws_sqs_queue_redrive_policy', 'redrive_policy'),
      aws_sqs_queue_redrive_allow_policy: separateResource(
        'aws_sqs_queue_redrive_allow_policy',
        'redrive_allow_policy',
      ),
    },
    errors,
  };
}
