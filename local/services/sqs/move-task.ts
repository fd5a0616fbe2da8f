import { z } from 'zod';
import { AwsError } from '../../aws-error';
import type { Operation, Permission } from '../../service';
import { checkRange, invalid, required } from './errors';
import { Mover } from './mover';
import type { Queue } from './queue';
import type { Queues } from './queues';

const startInput = z.object({
  SourceArn: z.string().optional(),
  DestinationArn: z.string().optional(),
  MaxNumberOfMessagesPerSecond: z.number().optional(),
});
const listInput = z.object({ SourceArn: z.string().optional(), MaxResults: z.number().optional() });
const cancelInput = z.object({ TaskHandle: z.string().optional() });

/** Tasks ListMessageMoveTasks shows, at most. */
const shown = 10;

/** StartMessageMoveTask, ListMessageMoveTasks and CancelMessageMoveTask, for dead-letter queues of queues. */
export function moveTaskOperations(queues: Queues) {
  const movers = new Map<Queue, Mover[]>();
  queues.runtime.onStop(() => {
    for (const mover of [...movers.values()].flat()) mover.stop();
  });
  return {
    StartMessageMoveTask: startMessageMoveTask(queues, movers),
    ListMessageMoveTasks: listMessageMoveTasks(queues, movers),
    CancelMessageMoveTask: cancelMessageMoveTask(queues, movers),
  };
}

function startMessageMoveTask(queues: Queues, movers: Map<Queue, Mover[]>): Operation<z.infer<typeof startInput>> {
  const read = (input: z.infer<typeof startInput>) => ({
    source: existing(queues, 'SourceArn', required('SourceArn', input.SourceArn)),
    ...(input.DestinationArn && { destination: existing(queues, 'DestinationArn', input.DestinationArn) }),
  });
  return {
    input: startInput,
    permissions(input) {
      const { source, destination } = read(input);
      const destinations = destination ? [destination] : queues.sourcesOf(source);
      return [
        ...allowMove(queues, 'StartMessageMoveTask', source),
        ...destinations.flatMap((queue) => queues.allowSend(queue)),
      ];
    },
    run(input, call) {
      const { source, destination } = read(input);
      const rate = input.MaxNumberOfMessagesPerSecond;
      checkRange('MaxNumberOfMessagesPerSecond', rate, 1, 500);
      if (source === destination) throw invalid('Source queue arn and destination queue arn cannot be the same.');
      if (queues.sourcesOf(source).length === 0)
        throw invalid('Source queue must be configured as a Dead Letter Queue.');
      const earlier = movers.get(source) ?? [];
      if (earlier.some((mover) => mover.status === 'RUNNING')) {
        throw invalid(
          'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
        );
      }
      const to = destination ? destination.name : 'where they came from';
      const hop = call.record({ resource: source.arn, summary: `moving the messages of ${source.name} to ${to}` });
      const { principal } = call;
      const order = {
        source,
        principal,
        hop,
        ...(destination && { destination }),
        ...(rate !== undefined && { rate }),
      };
      const mover = new Mover(queues, order);
      movers.set(source, [mover, ...earlier].slice(0, shown));
      return { TaskHandle: handleOf(mover) };
    },
  };
}

function listMessageMoveTasks(queues: Queues, movers: Map<Queue, Mover[]>): Operation<z.infer<typeof listInput>> {
  const read = (input: z.infer<typeof listInput>) =>
    existing(queues, 'SourceArn', required('SourceArn', input.SourceArn));
  return {
    input: listInput,
    permissions: (input) => allowMove(queues, 'ListMessageMoveTasks', read(input)),
    run(input) {
      checkRange('MaxResults', input.MaxResults, 1, shown);
      return { Results: (movers.get(read(input)) ?? []).slice(0, input.MaxResults ?? 1).map(describe) };
    },
  };
}

function cancelMessageMoveTask(queues: Queues, movers: Map<Queue, Mover[]>): Operation<z.infer<typeof cancelInput>> {
  const read = (input: z.infer<typeof cancelInput>) => {
    const [id, arn] = Buffer.from(required('TaskHandle', input.TaskHandle), 'base64').toString().split(' ');
    if (!id || !arn) throw invalid('Value for parameter TaskHandle is invalid.');
    return { id, source: existing(queues, 'SourceArn', arn) };
  };
  return {
    input: cancelInput,
    permissions: (input) => allowMove(queues, 'CancelMessageMoveTask', read(input).source),
    run(input) {
      const { id, source } = read(input);
      const mover = movers.get(source)?.find((candidate) => candidate.id === id);
      if (!mover) throw new AwsError('ResourceNotFoundException', 'Task does not exist.', 404);
      if (mover.status !== 'RUNNING') throw invalid('Only active tasks can be cancelled.');
      mover.cancel();
      return { ApproximateNumberOfMessagesMoved: mover.moved };
    },
  };
}

function allowMove(queues: Queues, action: string, source: Queue): Permission[] {
  return [
    ...queues.allow(action, source),
    ...queues.allowReceive(source),
    ...queues.allow('DeleteMessage', source),
    ...queues.allow('GetQueueAttributes', source),
  ];
}

function existing(queues: Queues, parameter: string, arn: string): Queue {
  const queue = queues.find(arn);
  if (queue) return queue;
  throw new AwsError(
    'ResourceNotFoundException',
    `The resource that you specified for the ${parameter} parameter doesn't exist.`,
    404,
  );
}

function handleOf(mover: Mover): string {
  return Buffer.from(`${mover.id} ${mover.order.source.arn}`).toString('base64');
}

function describe(mover: Mover) {
  const { source, destination, rate } = mover.order;
  return {
    ...(mover.status === 'RUNNING' && { TaskHandle: handleOf(mover) }),
    Status: mover.status,
    SourceArn: source.arn,
    ...(destination && { DestinationArn: destination.arn }),
    ...(rate !== undefined && { MaxNumberOfMessagesPerSecond: rate }),
    ApproximateNumberOfMessagesMoved: mover.moved,
    ApproximateNumberOfMessagesToMove: mover.toMove,
    ...(mover.failure !== undefined && { FailureReason: mover.failure }),
    StartedTimestamp: mover.startedAt,
  };
}
