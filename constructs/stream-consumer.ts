import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import { Construct } from 'constructs';
import { alarm } from './alarms';
import type { AlarmTopic } from './alarm-topic';
import type { FailuresBucket } from './failures-bucket';
import type { NodeFunction } from './node-function';
import type { Table } from './table';

/** A table, and the function that gets its changes. */
export interface StreamConsumerProps {
  /** What the alarms are named after, without project and environment. */
  readonly name: string;
  /** A table with a stream. */
  readonly table: Table;
  /** The function that processes its changes; it reports those that failed by their sequence numbers. */
  readonly function: NodeFunction;
  /** Patterns, one of which a stream record must match; at most 5. */
  readonly filters: readonly object[];
  /** Where records end that failed for good. */
  readonly failures: FailuresBucket;
  /** Told when records fail, are lost, or wait long. */
  readonly alarmTopic: AlarmTopic;
}

/** What expires by TTL is deleted by DynamoDB; a change of ours names nobody. */
const notExpired = { userIdentity: { principalId: [{ exists: false }] } };

/**
 * Hands the changes of a table to a function: in order per item, from the oldest on, up to 10 at once. What fails is
 * tried again 5 times for at most an hour (a poison record would otherwise block its shard for a day), then the rest of
 * its batch goes to the bucket, whole. Items that expire are no changes.
 */
export class StreamConsumer extends Construct {
  constructor(scope: Construct, id: string, props: StreamConsumerProps) {
    super(scope, id);
    const { name, table, function: handler, failures, alarmTopic } = props;
    table.grantReadStream(handler.role);
    failures.grantPut(handler.role);
    const { uuid } = new LambdaEventSourceMapping(this, 'mapping', {
      eventSourceArn: table.streamArn,
      functionName: handler.arn,
      startingPosition: 'TRIM_HORIZON',
      batchSize: 10,
      parallelizationFactor: 1,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 5,
      maximumRecordAgeInSeconds: 3600,
      functionResponseTypes: ['ReportBatchItemFailures'],
      filterCriteria: {
        filter: props.filters.map((filter) => ({ pattern: JSON.stringify({ ...filter, ...notExpired }) })),
      },
      destinationConfig: { onFailure: { destinationArn: failures.arn } },
      metricsConfig: { metrics: ['EventCount'] },
      dependsOn: [handler.role.policy],
    });
    alarm(this, 'failedRecords', name, { EventSourceMappingUUID: uuid }, alarmTopic);
    alarm(this, 'lostRecords', name, { EventSourceMappingUUID: uuid }, alarmTopic);
    alarm(this, 'streamLag', name, { FunctionName: handler.name }, alarmTopic);
  }
}
