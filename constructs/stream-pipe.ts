import { PipesPipe } from '@cdktf/provider-aws/lib/pipes-pipe';
import { Construct } from 'constructs';
import { BaseStack } from '../stacks/base-stack';
import { alarm, alarmOnDeadLetters } from './alarms';
import type { AlarmTopic } from './alarm-topic';
import type { EncryptionKey } from './encryption-key';
import type { EventBus } from './event-bus';
import { LogGroup } from './log-group';
import { Queue } from './queue';
import { ServiceRole } from './service-role';
import type { Table } from './table';

/** A table, and the bus that its changes are published to. */
export interface StreamPipeProps {
  /** Name of the pipe, without project and environment. */
  readonly name: string;
  /** The outbox: a table with a stream. */
  readonly table: Table;
  /** Where the events go. */
  readonly bus: EventBus;
  /** Patterns, one of which a stream record must match; at most 5. */
  readonly filters: readonly object[];
  /** `source` of the events. */
  readonly source: string;
  /** `detail-type` of the events. */
  readonly detailType: string;
  /** Encrypts the dead letters and the pipe's log group. */
  readonly encryptionKey: EncryptionKey;
  /** Told when the pipe fails, or there are dead letters. */
  readonly alarmTopic: AlarmTopic;
}

/**
 * The relay: an EventBridge Pipe that publishes each change of a table. It starts at the oldest record (nothing
 * written before it ran is lost), takes up to 10 records within a second, gives up on a record after 10 tries or an
 * hour (a poison record would otherwise block its shard for a day) and leaves a pointer to it in a dead-letter queue.
 */
export class StreamPipe extends Construct {
  /** Pointers (no payload) to stream records that could not be published. */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: StreamPipeProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const { encryptionKey, alarmTopic } = props;
    const name = stack.nameOf(props.name);
    this.deadLetters = new Queue(this, 'dead-letters', { name: `${props.name}-pipe-dlq`, encryptionKey });
    const logs = new LogGroup(this, 'logs', { prefix: '/aws/vendedlogs/pipes', name: props.name, encryptionKey });
    const delivery = logs.grantDelivery();

    const role = new ServiceRole(this, 'role', {
      name: `${props.name}-pipe`,
      service: 'pipes.amazonaws.com',
      sourceArn: stack.arnOf('pipes', `pipe/${name}`),
    });
    props.table.grantReadStream(role);
    props.bus.grantPutEvents(role);
    this.deadLetters.grantSend(role);

    const pipe = new PipesPipe(this, 'pipe', {
      name,
      roleArn: role.arn,
      source: props.table.streamArn,
      sourceParameters: {
        dynamodbStreamParameters: {
          startingPosition: 'TRIM_HORIZON',
          batchSize: 10,
          maximumBatchingWindowInSeconds: 1,
          maximumRecordAgeInSeconds: 3600,
          maximumRetryAttempts: 10,
          onPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          parallelizationFactor: 1,
          deadLetterConfig: { arn: this.deadLetters.arn },
        },
        filterCriteria: { filter: props.filters.map((filter) => ({ pattern: JSON.stringify(filter) })) },
      },
      target: props.bus.arn,
      targetParameters: {
        eventbridgeEventBusParameters: { source: props.source, detailType: props.detailType },
      },
      logConfiguration: { level: 'ERROR', cloudwatchLogsLogDestination: { logGroupArn: logs.arn } },
      dependsOn: [role.policy, delivery],
    });

    alarmOnDeadLetters(this.deadLetters, `${props.name}-pipe-dlq`, alarmTopic);
    alarm(this, 'pipeFailures', `${props.name}-pipe`, { PipeName: pipe.name }, alarmTopic);
  }
}
