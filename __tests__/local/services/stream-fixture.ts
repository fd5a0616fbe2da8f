import { dynamodb, dynamodbStreams } from '../../../local/services/dynamodb';
import { events } from '../../../local/services/events';
import { kms } from '../../../local/services/kms';
import { s3 } from '../../../local/services/s3';
import { sns } from '../../../local/services/sns';
import { sqs } from '../../../local/services/sqs';
import { runUntil } from '../../../local/simulation';
import { functionFixture } from './function-fixture';

/** Rights that a function needs to read a stream. */
export const readStream = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
  (action) => `dynamodb:${action}`,
);

/** Functions among the real services that they and their events meet. */
export async function serviceFixture() {
  const fixture = functionFixture();
  const { runtime, services, clock } = fixture;
  for (const service of [
    kms(runtime),
    dynamodb(runtime),
    dynamodbStreams(runtime),
    sqs(runtime),
    sns(runtime),
    s3(runtime),
    events(runtime),
  ]) {
    services[service.name] = service;
    runtime.register(service);
  }
  const url = (name: string) => `${runtime.endpoint}/000000000000/${name}`;
  /** Takes all messages of a queue. */
  const messages = async (name: string): Promise<any[]> => {
    const input = { QueueUrl: url(name), MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
    const { Messages = [] } = await fixture.call('sqs', 'ReceiveMessage', input);
    return Messages;
  };
  const queue = async (name: string) => (await fixture.create('aws_sqs_queue', name, { name })).arn as string;
  /** Lets time pass, in milliseconds. */
  const pass = async (ms: number) => {
    const end = clock.now() + ms;
    await runUntil(runtime, clock, () => false, ms);
    clock.moveTo(end);
  };
  const until = async (done: () => boolean, limit?: number) => runUntil(runtime, clock, done, limit);
  const total = (name: string) =>
    fixture.metrics.filter((metric) => metric.name === name).reduce((sum, { value }) => sum + value, 0);
  /** Hops of invocations that began. */
  const starts = (name: string) =>
    runtime.timeline.hops.filter(
      (hop) => hop.operation === 'Invoke' && hop.outcome === 'ok' && hop.summary.startsWith(`${name}: `),
    );
  return { ...fixture, messages, queue, pass, until, total, starts };
}

/** Functions among the real services, with a table whose stream the function `relay` reads. */
export async function streamFixture(code: string, mapping: object | ((arns: { queue: string }) => object) = {}) {
  const fixture = await serviceFixture();
  const table = await fixture.create('aws_dynamodb_table', 'users', {
    name: 'users',
    billing_mode: 'PAY_PER_REQUEST',
    hash_key: 'id',
    attribute: [{ name: 'id', type: 'S' }],
    stream_enabled: true,
    stream_view_type: 'NEW_AND_OLD_IMAGES',
  });
  const relay = await fixture.addFunction('relay', code);
  const queue = await fixture.queue('failures');
  const made = await fixture.create('aws_lambda_event_source_mapping', 'users', {
    event_source_arn: table.stream_arn,
    function_name: relay.arn,
    starting_position: 'TRIM_HORIZON',
    ...(typeof mapping === 'function' ? mapping({ queue }) : mapping),
  });
  const put = async (id: string, more: object = {}) =>
    fixture.call('dynamodb', 'PutItem', { TableName: 'users', Item: { id: { S: id }, ...more } });
  /** Ids of the records of each invocation, in order. */
  const batches = async (): Promise<string[][]> =>
    (await fixture.lines('relay'))
      .filter((line) => line.includes('batch '))
      .map((line) => JSON.parse(line.slice(line.indexOf('batch ') + 6)));
  const hops = (operation: string) =>
    fixture.runtime.timeline.hops.filter((hop) => hop.service === 'lambda' && hop.operation === operation);
  return { ...fixture, table, relay, mapping: made, put, batches, hops };
}
