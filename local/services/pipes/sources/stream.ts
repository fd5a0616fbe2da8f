import type { RolePrincipal } from '../../../principal';
import type { Runtime } from '../../../runtime';
import type { BatchFailure, Consumer, Reading } from '../../stream-reader/consumer';
import { streamReader } from '../../stream-reader/reader';
import { type SourceRecord, isInternal } from '../../stream-reader/record';
import { sendDeadLetter } from './dead-letter';
import { matcher } from '../filter';
import type { Execute, Failure, Pipe, Source } from '../pipe';
import { recordTaken } from './taken';

/** A DynamoDB stream as source of a pipe. */
export function streamSource(runtime: Runtime, pipe: Pipe, execute: Execute): Source {
  const queue = pipe.arguments.source_parameters.dynamodb_stream_parameters!.dead_letter_config?.arn;
  const consumer: Consumer = {
    service: 'pipes',
    arn: pipe.arn,
    name: pipe.name,
    stream: pipe.arguments.source,
    reading: readingOf(pipe),
    words: { owner: 'pipe', place: 'dead-letter queue' },
    matches: matcher(pipe) ?? (() => true),
    begin: (record, role) => begin(runtime, pipe, record, role),
    async process(records, role) {
      const failures = await execute(records, role);
      return failures.length === 0 ? undefined : failureOf(records, failures);
    },
    ...(queue && {
      async sendOn(given, role) {
        await sendDeadLetter(runtime, pipe, role, queue, given);
        return `metadata sent to ${queue.split(':').at(-1)!}`;
      },
    }),
  };
  return streamReader(runtime, consumer);
}

function readingOf(pipe: Pipe): Reading {
  const parameters = pipe.arguments.source_parameters.dynamodb_stream_parameters!;
  return {
    startingPosition: parameters.starting_position,
    batchSize: parameters.batch_size,
    window: parameters.maximum_batching_window_in_seconds * 1000,
    parallelizationFactor: parameters.parallelization_factor,
    maximumRecordAge: parameters.maximum_record_age_in_seconds,
    maximumRetryAttempts: parameters.maximum_retry_attempts,
    bisects: parameters.on_partial_batch_item_failure === 'AUTOMATIC_BISECT',
  };
}

function begin(runtime: Runtime, pipe: Pipe, record: SourceRecord, role: RolePrincipal): SourceRecord {
  const { event, sequenceNumber } = record;
  const hop = recordTaken(runtime, pipe, role, {
    what: String(event['eventName']),
    parents: record.parents,
    data: { eventID: event['eventID'], sequenceNumber },
  });
  return { ...record, parents: [hop] };
}

/** What went wrong inside AWS is not counted (EventBridge Pipes user guide, error handling). */
function failureOf(records: readonly SourceRecord[], failures: readonly Failure<SourceRecord>[]): BatchFailure {
  const failed = new Set(failures.map(({ record }) => record));
  const customers = failures.find(({ error }) => !isInternal(error));
  const { error } = customers ?? failures[0]!;
  return {
    records: records.filter((record) => failed.has(record)),
    counts: customers !== undefined,
    reason: `${error.code}: ${error.message}`,
  };
}
