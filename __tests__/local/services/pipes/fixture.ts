import { z } from 'zod';
import { jsonErrors, type Service } from '../../../../local/service';
import type { BusEvent } from '../../../../local/services/events/entry';
import { pipes } from '../../../../local/services/pipes';
import { states } from '../../../../local/services/states';
import { serviceFixture } from '../stream-fixture';

export const busArn = 'arn:aws:events:eu-west-1:000000000000:event-bus/shop';
export const pipeArn = 'arn:aws:pipes:eu-west-1:000000000000:pipe/claims';
export const pipeRole = 'arn:aws:iam::000000000000:role/pipe';
const machineRole = 'arn:aws:iam::000000000000:role/machine';

/** Rights that a pipe needs to read a queue. */
export const readQueue = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** A batch of three at most, gathered for a second. */
export const gathered = {
  source_parameters: { sqs_queue_parameters: { batch_size: 3, maximum_batching_window_in_seconds: 1 } },
};

/** Order of texts. */
export const alphabetical = (one: string, other: string) => (one < other ? -1 : 1);

const document = (statement: object) => ({ Version: '2012-10-17', Statement: { Effect: 'Allow', ...statement } });
const trust = (Service: string) => document({ Principal: { Service }, Action: 'sts:AssumeRole' });

type Services = Awaited<ReturnType<typeof serviceFixture>>;

/** A service of one operation, which answers after some seconds and notes when it was called. */
function slowService(
  { clock, runtime }: Pick<Services, 'clock' | 'runtime'>,
  name: string,
  operation: string,
  seconds: number,
  answer: (input: any) => unknown,
  calls: number[],
): Service {
  const run = async (input: unknown) => {
    calls.push(clock.now());
    await runtime.untracked(new Promise<void>((resolve) => void clock.schedule(seconds * 1000, resolve)));
    return answer(input);
  };
  const operations = { [operation]: { input: z.any(), permissions: () => [], run } };
  return { name, errors: jsonErrors, resources: {}, operations };
}

/** Bus, dead letters and roles. Returns the queue that the pipe reads. */
async function makeNeighbours(fixture: Services) {
  const { runtime } = fixture;
  await fixture.create('aws_cloudwatch_event_bus', 'shop', { name: 'shop' });
  const deadLetters = await fixture.queue('dead');
  runtime.iam.putRole({ arn: pipeRole, name: 'pipe', trustPolicy: trust('pipes.amazonaws.com') });
  runtime.iam.putRole({ arn: machineRole, name: 'machine', trustPolicy: trust('states.amazonaws.com') });
  return fixture.create('aws_sqs_queue', 'submission', {
    name: 'submission',
    max_message_size: 1_048_576,
    visibility_timeout_seconds: 60,
    redrive_policy: JSON.stringify({ deadLetterTargetArn: deadLetters, maxReceiveCount: 3 }),
  });
}

/** A pipe `claims` among real services, from the queue `submission`, which gives up after three receives, to a bus. */
export async function pipeFixture() {
  const fixture = await serviceFixture();
  const { runtime, services } = fixture;
  for (const service of [states(runtime), pipes(runtime)]) {
    services[service.name] = service;
    runtime.register(service);
  }
  const submission = await makeNeighbours(fixture);
  /** Replaces what the pipe's role may do. */
  const allowPipe = (...Action: string[]) =>
    runtime.iam.putRolePolicy(pipeRole, 'all', document({ Action, Resource: '*' }));
  allowPipe('*');
  const hops = (service: string, operation: string) =>
    runtime.timeline.hops.filter((hop) => hop.service === service && hop.operation === operation);
  const taken = () => hops('events', 'PutEvents').filter((hop) => hop.outcome === 'ok');
  return {
    ...fixture,
    submission: submission.arn as string,
    allowPipe,
    hops,
    /** Makes the pipe as the loader does. */
    createPipe: async (given: object = {}): Promise<unknown> => {
      const standard = { name: 'claims', role_arn: pipeRole, source: submission.arn, target: busArn };
      return fixture.create('aws_pipes_pipe', 'claims', { ...standard, ...given });
    },
    /** Makes a state machine that the role `machine` runs. */
    createMachine: async (definition: object): Promise<unknown> => {
      const given = { name: 'work', role_arn: machineRole, definition: JSON.stringify(definition) };
      return fixture.create('aws_sfn_state_machine', 'work', given);
    },
    send: async (...bodies: string[]) => {
      for (const MessageBody of bodies) {
        await fixture.call('sqs', 'SendMessage', { QueueUrl: submission.url, MessageBody });
      }
    },
    /** Events that the bus took. */
    events: () => taken().map((hop) => hop.data!['event'] as BusEvent),
    /** The hops that caused each of them. */
    causes: () => taken().map(({ parents }) => parents),
    /** Bodies of dead letters, sorted. */
    dead: async () => (await fixture.messages('dead')).map(({ Body }): string => Body).toSorted(alphabetical),
    /** Messages in the queue, received or not. */
    left: async () => {
      const AttributeNames = ['All'];
      const { Attributes } = await fixture.call('sqs', 'GetQueueAttributes', {
        QueueUrl: submission.url,
        AttributeNames,
      });
      const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: hidden } = Attributes;
      return Number(visible) + Number(hidden);
    },
    /** Puts a {@link slowService} in the place of the real one; tells when it was called. */
    slow: (name: string, operation: string, seconds: number, answer: (input: any) => unknown) => {
      const calls: number[] = [];
      runtime.register(slowService(fixture, name, operation, seconds, answer, calls));
      return calls;
    },
    describe: async () => fixture.call('pipes', 'DescribePipe', { Name: 'claims' }),
  };
}
