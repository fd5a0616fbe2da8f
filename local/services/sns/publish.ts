import { z } from 'zod';
import { AwsError } from '../../aws-error';
import type { Operation } from '../../service';
import { keyPermissions, toEncrypt } from '../sqs/encryption';
import { deliver } from './delivery';
import type { Published } from './notification';
import type { Topics } from './topics';

/** Bytes of a message with its attributes: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const maximumSize = 262_144;

const attribute = z.object({
  DataType: z.string().regex(/^(String|Number|Binary)(\..+)?$/, 'the type must begin with String, Number or Binary'),
  StringValue: z.string().min(1).optional(),
  BinaryValue: z.string().min(1).optional(),
});

const input = z.object({
  TopicArn: z.string().optional(),
  TargetArn: z.string().optional(),
  PhoneNumber: z.string().optional(),
  Message: z.string().optional(),
  Subject: z.string().optional(),
  MessageStructure: z.string().optional(),
  MessageAttributes: z.record(z.string(), attribute).optional(),
  MessageGroupId: z.string().optional(),
  MessageDeduplicationId: z.string().optional(),
});

type PublishInput = z.infer<typeof input>;

/** Publish. Delivery follows on its own, as on AWS: its failures do not fail the call. */
export function publish(topics: Topics): Operation<PublishInput> {
  const { runtime } = topics;
  return {
    input,
    permissions(request) {
      const arn = request.TopicArn ?? request.TargetArn;
      // Whoever may not publish does not hear whether the topic exists.
      if (arn && !topics.has(arn)) return [{ action: 'sns:Publish', resource: arn }];
      const topic = topics.at(arn);
      const key = keyPermissions(runtime, 'sns', topic.key?.arn, toEncrypt, ['aws:sns:topicArn', topic.arn]);
      return [{ action: 'sns:Publish', resource: topic.arn }, ...key];
    },
    run(request, call) {
      const topic = topics.at(request.TopicArn ?? request.TargetArn);
      check(request);
      const { Message: message = '', Subject: subject, MessageAttributes: attributes = {} } = request;
      const hop = call.record({
        resource: topic.arn,
        summary: `published to ${topic.name}${subject === undefined ? '' : `: ${subject}`}`,
        data: { message, ...(subject !== undefined && { subject }) },
      });
      const published: Published = {
        id: runtime.random.uuid(),
        message,
        attributes,
        hop,
        time: runtime.clock.now(),
        ...(subject !== undefined && { subject }),
      };
      topics.measure(topic, 'NumberOfMessagesPublished');
      deliver(topics, topic, published);
      return { MessageId: published.id };
    },
  };
}

function check(request: PublishInput): void {
  for (const name of ['PhoneNumber', 'MessageStructure', 'MessageGroupId', 'MessageDeduplicationId'] as const) {
    if (request[name] !== undefined) throw invalid(`${name} is not modelled by the local runtime: leave it out`);
  }
  const { Message: message = '', Subject: subject, MessageAttributes: attributes = {} } = request;
  if (message === '') throw invalid('Empty message');
  // eslint-disable-next-line no-control-regex -- AWS: ASCII, no line breaks or control characters
  if (subject !== undefined && !/^[\x20-\x7E]{1,100}$/.test(subject)) throw invalid('Subject');
  const size = Object.entries(attributes).reduce(
    (sum, [name, value]) =>
      sum + Buffer.byteLength(name + value.DataType + (value.StringValue ?? value.BinaryValue ?? '')),
    Buffer.byteLength(message),
  );
  if (size > maximumSize) throw invalid('Message too long');
  for (const [name, value] of Object.entries(attributes)) {
    const isBinary = value.DataType.startsWith('Binary');
    if (isBinary ? value.BinaryValue === undefined : value.StringValue === undefined) {
      throw new AwsError(
        'ParameterValueInvalid',
        `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${value.DataType}'.`,
      );
    }
  }
}

function invalid(reason: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${reason}`);
}
