import { z } from 'zod';
import type { AwsError } from '../../../../local/aws-error';
import { simulatedClock } from '../../../../local/clock';
import type { Principal } from '../../../../local/principal';
import { seededRandom } from '../../../../local/random';
import { Runtime } from '../../../../local/runtime';
import { type Call, jsonErrors } from '../../../../local/service';
import { sns } from '../../../../local/services/sns';

export const account = '000000000000';
export const topicArn = `arn:aws:sns:eu-central-1:${account}:alarms`;
export const queueArn = `arn:aws:sqs:eu-central-1:${account}:inbox`;

/** What an endpoint of the topic was sent; `time` in milliseconds. */
export interface Delivered {
  readonly input: Record<string, unknown>;
  readonly principal: Principal;
  readonly parents: readonly number[];
  readonly time: number;
}

/** A runtime with SNS; queues and functions record what they are sent, and throw `failures` first, one per call. */
export function setUp() {
  const clock = simulatedClock();
  const runtime = new Runtime({ clock, random: seededRandom(1), region: 'eu-central-1' });
  runtime.endpoint = 'http://127.0.0.1:4566';
  const delivered: Delivered[] = [];
  const failures: AwsError[] = [];
  const operation = {
    input: z.record(z.string(), z.unknown()),
    permissions: () => [],
    run(input: Record<string, unknown>, { principal, parents }: Call) {
      const failure = failures.shift();
      if (failure) throw failure;
      delivered.push({ input, principal, parents, time: clock.now() });
      return {};
    },
  };
  runtime.register({ name: 'sqs', operations: { SendMessage: operation }, resources: {}, errors: jsonErrors });
  runtime.register({ name: 'lambda', operations: { Invoke: operation }, resources: {}, errors: jsonErrors });
  const service = sns(runtime);
  runtime.register(service);
  const create = async (type: string, given: object) => {
    const resource = service.resources[type]!;
    const parsed = resource.arguments.parse(given);
    return resource.create({ address: `core/${type}.x`, stack: 'core', type, name: 'x', arguments: parsed });
  };
  const subscribe = async (protocol: string, endpoint: string, given: object = {}) =>
    create('aws_sns_topic_subscription', { topic_arn: topicArn, protocol, endpoint, ...given });
  const call = async (name: string, input: object, principal: Principal = runtime.administrator) =>
    runtime.call({ service: 'sns', operation: name, input, principal });
  const publish = async (given: object = {}) => {
    const answer = await call('Publish', { TopicArn: topicArn, Message: 'hello', ...given });
    await runtime.idle();
    return answer;
  };
  return { clock, runtime, delivered, failures, create, subscribe, call, publish };
}
