import { AwsError } from '../../aws-error';
import type { RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';
import type { BatchFailure, Consumer, End, GivenUp } from '../stream-reader/consumer';
import { type StreamReader, streamReader } from '../stream-reader/reader';
import { type SourceRecord, batchInfo, count, parentsOf } from '../stream-reader/record';
import { reportedFailures } from './batch-response';
import { deliverOnce } from './delivery';
import { checkDestination, countLost, objectKey, sendTo } from './destination';
import type { EventSource, Mapping } from './event-source';
import type { InvokeResult } from './invoke';

/** Bytes of one event. Source: Lambda quotas, invocation payload (6 MB). */
const maximumEvent = 6_291_456;

/** How many times larger than in the stream a record is as JSON, at most: `{"BOOL":true}` and a name for 2 bytes. */
const expansion = 12;

/** What the members take that are the same in all records. */
const overhead = 1024;

/** Reads a DynamoDB stream for a mapping. */
export class StreamSource implements EventSource {
  private readonly reader: StreamReader;

  constructor(
    private readonly runtime: Runtime,
    private readonly mapping: Mapping,
  ) {
    const { filters, onFailure } = mapping;
    const consumer: Consumer = {
      service: 'lambda',
      arn: mapping.arn,
      name: mapping.target.configuration.function_name,
      stream: mapping.sourceArn,
      reading: mapping.reading!,
      words: { owner: 'mapping', place: 'destination' },
      matches: (event) => filters.length === 0 || filters.some((fits) => fits(event)),
      fitting,
      process: async (records) => this.process(records),
      ...(onFailure && { sendOn: async (given, role) => this.sendOn(onFailure, given, role) }),
      hasRead: (read, filteredOut) => {
        this.count('PolledEventCount', read);
        this.count('FilteredOutEventCount', filteredOut);
      },
      hasEnded: (records, end) => this.ended(records, end),
    };
    this.reader = streamReader(runtime, consumer);
  }

  async check(principal: RolePrincipal): Promise<void> {
    const { runtime, mapping } = this;
    const streams = runtime.service('dynamodbstreams');
    for (const action of ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams']) {
      try {
        runtime.authorize(principal, { action: `dynamodb:${action}`, resource: mapping.sourceArn }, streams);
      } catch (error) {
        throw new Error(
          `Cannot access stream ${mapping.sourceArn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM: ${(error as Error).message}`,
          { cause: error },
        );
      }
    }
    if (mapping.onFailure) checkDestination(runtime, principal, mapping.onFailure);
  }

  async start(principal: RolePrincipal): Promise<void> {
    await this.reader.start(principal);
  }

  stop(): void {
    this.reader.stop();
  }

  private async process(records: readonly SourceRecord[]): Promise<BatchFailure | undefined> {
    const { runtime, mapping } = this;
    const { function_name: name } = mapping.target.configuration;
    const value = runtime.clock.now() - records.at(-1)!.time;
    runtime.measure({ namespace: 'AWS/Lambda', name: 'IteratorAge', dimensions: { FunctionName: name }, value });
    this.count('InvokedEventCount', records.length);
    const event = { Records: records.map((record) => record.event) };
    const result = await deliverOnce(runtime, mapping, { event, parents: parentsOf(records), what: count(records) });
    const failure = this.failureOf(records, result);
    mapping.lastResult = failure ? 'PROBLEM: Function call failed' : 'OK';
    return failure;
  }

  /** Throttles and what else keeps the function from being invoked do not count as attempts. */
  private failureOf(records: readonly SourceRecord[], result: InvokeResult | AwsError): BatchFailure | undefined {
    if (result instanceof AwsError) {
      this.count('FailedInvokeEventCount', records.length);
      return { records, counts: false, reason: `${result.code}: ${result.message}` };
    }
    const { requestId, functionError } = result;
    const answer = { requestId, ...(functionError && { functionError }) };
    if (functionError) {
      this.count('FailedInvokeEventCount', records.length);
      return { records, counts: true, reason: result.failure!, answer };
    }
    if (!this.mapping.reportsFailures) return undefined;
    const reported = this.reported(records, result);
    return reported && { ...reported, counts: true, answer };
  }

  /** What the function reports: all from the first failed record on is tried again. */
  private reported(records: readonly SourceRecord[], { payload, hop }: InvokeResult) {
    const { target } = this.mapping;
    const identifiers = records.map((record) => record.sequenceNumber);
    const { failed, invalid } = reportedFailures(payload, identifiers);
    const unique = new Set(failed);
    if (unique.size === 0) return undefined;
    this.count('FailedInvokeEventCount', unique.size);
    const reason = `${unique.size} of ${count(records)} failed${invalid ? `, ${invalid}` : ''}`;
    this.runtime.timeline.record({
      service: 'lambda',
      operation: 'Invoke',
      resource: target.arn,
      parents: [hop],
      outcome: 'failed',
      summary: `${target.configuration.function_name}: ${reason}`,
      data: { batchItemFailures: [...unique] },
    });
    const first = identifiers.findIndex((identifier) => unique.has(identifier));
    return { records: records.slice(first), reason, divided: first > 0 };
  }

  /** Sends the invocation record; only S3 gets the event itself (Lambda developer guide, "Retain discarded records"). */
  private async sendOn(arn: string, given: GivenUp, role: RolePrincipal): Promise<string> {
    const { runtime, mapping } = this;
    const { records, answer } = given;
    const isBucket = arn.split(':')[2] === 's3';
    const document = {
      requestContext: {
        requestId: answer?.requestId ?? runtime.random.uuid(),
        functionArn: mapping.target.arn,
        condition: given.condition,
        approximateInvokeCount: given.attempts,
      },
      ...(answer && {
        responseContext: {
          statusCode: 200,
          executedVersion: '$LATEST',
          ...(answer.functionError && { functionError: answer.functionError }),
        },
      }),
      version: '1.0',
      timestamp: new Date(runtime.clock.now()).toISOString(),
      DDBStreamBatchInfo: batchInfo(mapping.sourceArn, records),
      ...(isBucket && { payload: JSON.stringify({ Records: records.map((record) => record.event) }) }),
    };
    const dispatch = {
      body: JSON.stringify(document),
      parents: parentsOf(records),
      ...(isBucket && { key: objectKey(runtime, `${mapping.uuid}/${records[0]!.shardId}`) }),
    };
    await sendTo(runtime, mapping.target, arn, dispatch, role);
    return `${isBucket ? 'invocation record' : 'metadata'} sent to ${arn.split(':').at(-1)!}`;
  }

  private ended(records: readonly SourceRecord[], end: End): void {
    if (end === 'sent') this.count('OnFailureDestinationDeliveredEventCount', records.length);
    if (end === 'refused') countLost(this.runtime, this.mapping.target, 'DestinationDeliveryFailures');
    if (end === 'refused' || end === 'dropped') this.count('DroppedEventCount', records.length);
  }

  private count(name: string, value: number): void {
    const { counts, uuid } = this.mapping;
    if (counts && value > 0)
      this.runtime.measure({ namespace: 'AWS/Lambda', name, dimensions: { EventSourceMappingUUID: uuid }, value });
  }
}

/** How many of the first records fit in one event; small ones are not written as JSON to find out. */
function fitting(records: readonly SourceRecord[]): number {
  const sizes = records.map(
    ({ event }) => (event['dynamodb'] as { SizeBytes: number }).SizeBytes * expansion + overhead,
  );
  if (sizes.reduce((sum, size) => sum + size, 0) < maximumEvent) return records.length;
  let bytes = overhead;
  const end = records.findIndex((record) => {
    bytes += Buffer.byteLength(JSON.stringify(record.event)) + 1;
    return bytes > maximumEvent;
  });
  return end === -1 ? records.length : Math.max(1, end);
}
