import { type SimulatedClock, simulatedClock } from '../../../../local/clock';
import type { Principal } from '../../../../local/principal';
import { seededRandom } from '../../../../local/random';
import { Runtime } from '../../../../local/runtime';
import { sqs } from '../../../../local/services/sqs';
import type { messageParents } from '../../../../local/services/sqs/message';

export const account = '000000000000';
export const arnOf = (name: string) => `arn:aws:sqs:eu-central-1:${account}:${name}`;
export const urlOf = (name: string) => `http://127.0.0.1:4566/${account}/${name}`;
export const redrive = (to: string, maxReceiveCount: number) =>
  JSON.stringify({ deadLetterTargetArn: arnOf(to), maxReceiveCount });

export interface Received {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly MD5OfMessageAttributes?: string;
  readonly Attributes: Record<string, string>;
  readonly MessageAttributes?: object;
  readonly [messageParents]: readonly number[];
}

export function setUp(seed = 1) {
  const clock = simulatedClock();
  const runtime = new Runtime({ clock, random: seededRandom(seed), region: 'eu-central-1' });
  runtime.endpoint = 'http://127.0.0.1:4566';
  const service = sqs(runtime);
  runtime.register(service);
  const queue = async (name: string, given: object = {}) => {
    const type = service.resources['aws_sqs_queue']!;
    const parsed = type.arguments.parse({ name, ...given });
    const address = `core/aws_sqs_queue.${name}`;
    return type.create({ address, stack: 'core', type: 'aws_sqs_queue', name, arguments: parsed });
  };
  const as = (principal: Principal) => async (operation: string, input: object, parents?: readonly number[]) =>
    runtime.call({ service: 'sqs', operation, input, principal, ...(parents && { parents }) });
  const call = as(runtime.administrator);
  const receive = async (name: string, given: object = {}): Promise<Received[]> => {
    const input = { QueueUrl: urlOf(name), AttributeNames: ['All'], MessageAttributeNames: ['All'], ...given };
    return (await call('ReceiveMessage', input)).Messages ?? [];
  };
  const send = async (name: string, MessageBody: string, given: object = {}) =>
    call('SendMessage', { QueueUrl: urlOf(name), MessageBody, ...given });
  const attributes = async (name: string, ...AttributeNames: string[]): Promise<Record<string, string>> =>
    (await call('GetQueueAttributes', { QueueUrl: urlOf(name), AttributeNames })).Attributes;
  const counts = async (name: string) => {
    const all = await attributes(name, 'All');
    return ['', 'NotVisible', 'Delayed'].map((state) => Number(all[`ApproximateNumberOfMessages${state}`]));
  };
  return { clock, runtime, service, queue, as, call, send, receive, attributes, counts };
}

export function pass(clock: SimulatedClock, seconds: number): void {
  const end = clock.now() + seconds * 1000;
  while (clock.step(end)) continue;
  clock.moveTo(end);
}
