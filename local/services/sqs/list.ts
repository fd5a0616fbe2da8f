import { z } from 'zod';
import type { Operation } from '../../service';
import { paginate } from '../pages';
import { checkRange, required } from './errors';
import type { Queue } from './queue';
import type { Queues } from './queues';

const page = { MaxResults: z.number().optional(), NextToken: z.string().optional() };
const listInput = z.object({ QueueNamePrefix: z.string().optional(), ...page });
const sourcesInput = z.object({ QueueUrl: z.string().optional(), ...page });
const urlInput = z.object({ QueueName: z.string().optional(), QueueOwnerAWSAccountId: z.string().optional() });

/** GetQueueUrl. */
export function getQueueUrl(queues: Queues): Operation<z.infer<typeof urlInput>> {
  const queue = (input: z.infer<typeof urlInput>) =>
    queues.named(required('QueueName', input.QueueName), input.QueueOwnerAWSAccountId);
  return {
    input: urlInput,
    permissions: (input) => queues.allow('GetQueueUrl', queue(input)),
    run: (input) => ({ QueueUrl: queue(input).url }),
  };
}

/** ListQueues. `QueueUrls` is left out when there are none. */
export function listQueues(queues: Queues): Operation<z.infer<typeof listInput>> {
  return {
    input: listInput,
    permissions: () => [{ action: 'sqs:ListQueues', resource: '*' }],
    run(input) {
      const named = queues.all.filter((queue) => queue.name.startsWith(input.QueueNamePrefix ?? ''));
      const { urls, next } = pageOf(named, input);
      return { ...(urls.length > 0 && { QueueUrls: urls }), ...next };
    },
  };
}

/** ListDeadLetterSourceQueues. */
export function listDeadLetterSourceQueues(queues: Queues): Operation<z.infer<typeof sourcesInput>> {
  return {
    input: sourcesInput,
    permissions: (input) => queues.allow('ListDeadLetterSourceQueues', queues.at(input.QueueUrl)),
    run(input) {
      const { urls, next } = pageOf(queues.sourcesOf(queues.at(input.QueueUrl)), input);
      return { queueUrls: urls, ...next };
    },
  };
}

// Without MaxResults AWS gives the first 1,000.
function pageOf(found: readonly Queue[], input: { MaxResults?: number | undefined; NextToken?: string | undefined }) {
  checkRange('MaxResults', input.MaxResults, 1, 1000);
  const { items, next } = paginate(found, input.MaxResults ?? 1000, input.NextToken, 'InvalidParameterValue');
  return { urls: items.map((queue) => queue.url), next: next === undefined ? {} : { NextToken: next } };
}
