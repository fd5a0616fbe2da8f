import { z } from 'zod';
import type { AwsError } from '../../../../local/aws-error';
import { simulatedClock } from '../../../../local/clock';
import { seededRandom } from '../../../../local/random';
import { Runtime } from '../../../../local/runtime';
import { type Operation, type Service, jsonErrors } from '../../../../local/service';
import { type StreamRecord, recordParents } from '../../../../local/services/dynamodb/record';
import type { entryParents } from '../../../../local/services/events/entry';
import { pipes } from '../../../../local/services/pipes';
import { runUntil } from '../../../../local/simulation';

export const stream = 'arn:aws:dynamodb:eu-west-1:000000000000:table/orders/stream/2026-01-01T00:00:00.000';
export const bus = 'arn:aws:events:eu-west-1:000000000000:event-bus/shop';
export const queue = 'arn:aws:sqs:eu-west-1:000000000000:orders-dlq';
export const role = 'arn:aws:iam::000000000000:role/pipe';
export const pipeArn = 'arn:aws:pipes:eu-west-1:000000000000:pipe/orders';

/** The detail of an event as the fake stream's records make it. */
export interface Detail {
  readonly eventName: string;
  readonly dynamodb: {
    readonly Keys: { readonly id: { readonly S: string } };
    readonly NewImage: Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;
  };
}

/** An entry that the fake bus was sent. */
export interface Entry {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
  readonly Resources: readonly string[];
  readonly Time?: number;
  readonly EventBusName: string;
  readonly [entryParents]: readonly number[];
}

/** Body of a dead-letter message. */
export interface DeadLetter {
  readonly context: { readonly partnerResourceArn: string; readonly condition: string };
  readonly DDBStreamBatchInfo: Readonly<Record<string, unknown>>;
}

/** A line of the pipe's log. */
export interface Line {
  readonly messageType: string;
}

interface Inputs {
  readonly SendMessage: { readonly QueueUrl: string; readonly MessageBody: string };
  readonly PutLogEvents: { readonly logEvents: readonly { readonly message: string }[] };
  readonly PutEvents: { readonly Entries: readonly Entry[] };
  readonly GetShardIterator: { readonly ShardIteratorType: string; readonly SequenceNumber?: string };
  readonly GetRecords: { readonly ShardIterator: string; readonly Limit: number };
}

function operation<Input = unknown>(
  action: string,
  resource: string,
  run: (input: Input) => unknown,
): Operation<Input> {
  return { input: z.custom<Input>(), permissions: () => [{ action, resource }], run };
}

function service(name: string, operations: Service['operations']): Service {
  return { name, errors: jsonErrors, operations, resources: {} };
}

const allow = (Action: string | string[], Resource = '*') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource }],
});

/** A pipe between recording fakes of its neighbours. */
export class Harness {
  readonly clock = simulatedClock();
  readonly runtime = new Runtime({ clock: this.clock, random: seededRandom(1), region: 'eu-west-1' });
  readonly sent: { readonly at: number; readonly entries: readonly Entry[] }[] = [];
  readonly deadLetters: { at: number; QueueUrl: string; body: DeadLetter }[] = [];
  readonly logged: Line[] = [];
  readonly metrics: { name: string; value: number }[] = [];
  reads = 0;
  /** Answers the error code for an entry; throws for the whole request. */
  refuse: (detail: Detail) => string | undefined = () => undefined;
  deadLetterError: AwsError | undefined;
  private readonly records: StreamRecord[] = [];

  constructor() {
    this.runtime.endpoint = 'http://127.0.0.1:4566';
    this.runtime.register(service('sts', {}));
    this.runtime.register(this.streams());
    this.runtime.register(this.bus());
    this.runtime.register(
      service('sqs', {
        SendMessage: operation<Inputs['SendMessage']>('sqs:SendMessage', queue, (input) => this.deadLetter(input)),
      }),
    );
    this.runtime.register(
      service('logs', {
        CreateLogStream: operation(
          'logs:CreateLogStream',
          'arn:aws:logs:eu-west-1:000000000000:log-group:pipe',
          () => ({}),
        ),
        PutLogEvents: operation<Inputs['PutLogEvents']>(
          'logs:PutLogEvents',
          'arn:aws:logs:eu-west-1:000000000000:log-group:pipe',
          (input) => this.logged.push(...input.logEvents.map((event) => JSON.parse(event.message))),
        ),
      }),
    );
    this.runtime.register(pipes(this.runtime));
    this.runtime.onMetric((metric) => this.metrics.push(metric));
    this.trust({ Service: 'pipes.amazonaws.com' }, { ArnEquals: { 'aws:SourceArn': pipeArn } });
    this.runtime.iam.putRolePolicy(role, 'all', allow(['dynamodb:*', 'events:*', 'sqs:*']));
  }

  trust(Principal: object, Condition?: object): void {
    const statement = { Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...(Condition && { Condition }) };
    this.runtime.iam.putRole({
      arn: role,
      name: 'pipe',
      trustPolicy: { Version: '2012-10-17', Statement: [statement] },
    });
  }

  /** Makes the pipe; `parameters` and `rest` go over the defaults. */
  async pipe(parameters: object = {}, rest: object = {}): Promise<void> {
    const type = this.runtime.service('pipes').resources['aws_pipes_pipe']!;
    const checked = type.arguments.parse({
      name: 'orders',
      role_arn: role,
      source: stream,
      target: bus,
      source_parameters: [
        {
          dynamodb_stream_parameters: [
            {
              starting_position: 'TRIM_HORIZON',
              batch_size: 10,
              maximum_record_age_in_seconds: -1,
              maximum_retry_attempts: 3,
              ...parameters,
            },
          ],
        },
      ],
      ...rest,
    });
    await type.create({
      address: 'core/aws_pipes_pipe.orders',
      stack: 'core',
      type: 'aws_pipes_pipe',
      name: 'orders',
      arguments: checked,
    });
  }

  start = () => this.runtime.start();

  /** Writes an item: a record in the stream. */
  write(
    id: string,
    image: StreamRecord['dynamodb']['NewImage'] = {},
    eventName: StreamRecord['eventName'] = 'INSERT',
  ): number {
    const hop = this.runtime.timeline.record({
      service: 'dynamodb',
      operation: 'PutItem',
      resource: 'orders',
      summary: id,
    });
    this.records.push({
      eventID: `e${this.records.length}`,
      eventName,
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'eu-west-1',
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(this.clock.now() / 1000),
        Keys: { id: { S: id } },
        NewImage: { id: { S: id }, ...image },
        SequenceNumber: String(this.records.length + 1),
        SizeBytes: 26,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
      [recordParents]: [hop],
    });
    this.runtime.signal(stream);
    return hop;
  }

  /** Lets time pass until it holds. */
  until = (done: () => boolean, limit?: number) => runUntil(this.runtime, this.clock, done, limit);

  /** Lets all that can happen happen, within seconds. */
  async pass(seconds: number): Promise<void> {
    const end = this.clock.now() + seconds * 1000;
    await runUntil(this.runtime, this.clock, () => false, seconds * 1000);
    this.clock.moveTo(end);
  }

  /** Item ids delivered, in order, with duplicates. */
  get delivered(): string[] {
    return this.taken.map((detail) => detail.dynamodb.Keys.id.S);
  }

  readonly taken: Detail[] = [];

  hops(operationName: string) {
    return this.runtime.timeline.hops.filter((hop) => hop.service === 'pipes' && hop.operation === operationName);
  }

  total(name: string): number {
    return this.metrics.filter((metric) => metric.name === name).reduce((sum, metric) => sum + metric.value, 0);
  }

  private streams(): Service {
    return service('dynamodbstreams', {
      DescribeStream: operation('dynamodb:DescribeStream', stream, () => ({
        StreamDescription: { Shards: [{ ShardId: 'shard-1' }] },
      })),
      GetShardIterator: operation<Inputs['GetShardIterator']>('dynamodb:GetShardIterator', stream, (input) => ({
        ShardIterator:
          { TRIM_HORIZON: '0', LATEST: String(this.records.length) }[input.ShardIteratorType] ?? input.SequenceNumber,
      })),
      GetRecords: operation<Inputs['GetRecords']>('dynamodb:GetRecords', stream, (input) => {
        this.reads++;
        const from = Number(input.ShardIterator);
        const Records = this.records.slice(from, from + input.Limit);
        return { Records, NextShardIterator: String(from + Records.length) };
      }),
    });
  }

  private bus(): Service {
    return service('events', {
      PutEvents: operation<Inputs['PutEvents']>('events:PutEvents', bus, (input) => {
        this.sent.push({ at: this.clock.now(), entries: input.Entries });
        const Entries = input.Entries.map((entry) => {
          const detail = JSON.parse(entry.Detail);
          const code = this.refuse(detail);
          if (code) return { ErrorCode: code, ErrorMessage: 'refused' };
          this.taken.push(detail);
          return { EventId: 'id' };
        });
        return { FailedEntryCount: Entries.filter((entry) => entry.ErrorCode).length, Entries };
      }),
    });
  }

  private deadLetter(input: Inputs['SendMessage']): object {
    if (this.deadLetterError) throw this.deadLetterError;
    this.deadLetters.push({ at: this.clock.now(), QueueUrl: input.QueueUrl, body: JSON.parse(input.MessageBody) });
    return {};
  }
}
