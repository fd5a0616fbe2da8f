import type { RolePrincipal } from '../../../principal';
import type { Runtime } from '../../../runtime';
import { pause } from '../../lambda/delivery';
import { checkAccess } from '../../queue-reader/access';
import type { Finish } from '../../queue-reader/consumer';
import { QueueReader } from '../../queue-reader/reader';
import { sqsRecord } from '../../queue-reader/record';
import { type ReceivedMessage, messageParents } from '../../sqs/message';
import { backoff, isInternal } from '../../stream-reader/record';
import { matcher } from '../filter';
import { type Execute, type Failure, type Pipe, type PipeEvent, type Source, causes } from '../pipe';
import { queueReading } from '../source-arguments';
import { recordTaken } from './taken';

/** Batches at the same time: as many as AWS begins with (user guide, eb-pipes-sqs); that it adds more is not modelled. */
const concurrentBatches = 5;

/** A message on its way. */
interface QueueRecord extends PipeEvent {
  readonly message: ReceivedMessage;
}

/**
 * An SQS queue as source of a pipe. Messages are deleted once they are through; what fails stays in the queue, whose
 * redrive policy counts. What went wrong inside AWS is tried again while the message is hidden, so that it counts no
 * receive (user guide, eb-pipes-error-troubleshooting).
 *
 * @throws Error for a filter that is none for queues
 */
export function queueSource(runtime: Runtime, pipe: Pipe, execute: Execute): Source {
  const { batchSize, window: seconds } = queueReading(pipe.arguments.source_parameters);
  const window = seconds * 1000;
  const matches = queueMatcher(pipe);
  let visibility = 0;
  let stopped = true;

  const process = async (messages: readonly ReceivedMessage[], role: RolePrincipal, finish: Finish) => {
    // The first message of a batch may have been hidden for as long as the batch gathered.
    const until = runtime.clock.now() + visibility - window;
    let records = messages.map((message) => begin(runtime, pipe, message, role));
    for (let tries = 1; ; tries++) {
      const failures = await execute(records, role);
      const failed = new Set(failures.map(({ record }) => record));
      const done = records.filter((record) => !failed.has(record));
      await finish(
        done.map(({ message }) => message),
        causes(done),
      );
      const wait = backoff(tries);
      const isTime = !stopped && runtime.clock.now() + wait < until;
      const again = failures.filter(({ error }) => isTime && isInternal(error));
      const left = failures.filter((failure) => !again.includes(failure));
      note(runtime, pipe, role, left, 'left in the queue');
      if (again.length === 0) return;
      note(runtime, pipe, role, again, `tried again in ${wait / 1000} s`);
      await pause(runtime, wait);
      records = again.map(({ record }) => record);
    }
  };

  const reader = new QueueReader(runtime, {
    service: 'pipes',
    name: pipe.name,
    queue: pipe.arguments.source,
    batchSize,
    window,
    hasRoom: (underWay) => underWay < concurrentBatches,
    ...(matches && { matches }),
    process,
  });
  const check = async (role: RolePrincipal) => {
    visibility = await checkAccess(runtime, role, pipe.arguments.source, 'customer');
  };
  return {
    check,
    async start(role) {
      await check(role);
      stopped = false;
      reader.start(role);
    },
    stop() {
      stopped = true;
      reader.stop();
    },
  };
}

function queueMatcher(pipe: Pipe) {
  const matches = matcher(pipe);
  for (const { pattern } of pipe.arguments.source_parameters.filter_criteria?.filter ?? []) {
    const other = Object.keys(JSON.parse(pattern) as object).find((key) => key !== 'body');
    if (other !== undefined) {
      throw new Error(`${other} cannot be filtered by the local runtime: a pattern for a queue names body only`);
    }
  }
  return matches;
}

function begin(runtime: Runtime, pipe: Pipe, message: ReceivedMessage, role: RolePrincipal): QueueRecord {
  const hop = recordTaken(runtime, pipe, role, {
    what: 'a message',
    parents: message[messageParents],
    data: { messageId: message.MessageId },
  });
  return { message, event: sqsRecord(message, pipe.arguments.source, runtime.region), parents: [hop] };
}

function note(
  runtime: Runtime,
  pipe: Pipe,
  role: RolePrincipal,
  failures: readonly Failure<QueueRecord>[],
  what: string,
): void {
  const { error } = failures[0] ?? {};
  if (!error) return;
  const records = failures.map(({ record }) => record);
  const count = `${records.length} message${records.length === 1 ? '' : 's'}`;
  runtime.timeline.record({
    service: 'pipes',
    operation: 'retry',
    resource: pipe.arn,
    principal: role.arn,
    parents: causes(records),
    outcome: 'failed',
    summary: `${pipe.name}: ${count} ${what}: ${error.code}: ${error.message}`,
    data: { messageIds: records.map(({ message }) => message.MessageId) },
  });
}
