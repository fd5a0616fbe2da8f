import { z } from 'zod';
import { AwsError } from '../../aws-error';
import { invalid, required } from './errors';
import type { MessageAttribute, MessageContents } from './message';

const attributeValue = z.object({
  DataType: z.string().optional(),
  StringValue: z.string().optional(),
  BinaryValue: z
    .union([z.string(), z.instanceof(Uint8Array).transform((bytes) => Buffer.from(bytes).toString('base64'))])
    .optional(),
  StringListValues: z.array(z.unknown()).optional(),
  BinaryListValues: z.array(z.unknown()).optional(),
});

type AttributeInput = z.infer<typeof attributeValue>;

/** The members of SendMessage that make the message. */
export const contentsInput = z.object({
  MessageBody: z.string().optional(),
  DelaySeconds: z.number().optional(),
  MessageAttributes: z.record(z.string(), attributeValue).optional(),
  MessageSystemAttributes: z.record(z.string(), attributeValue).optional(),
  MessageDeduplicationId: z.string().optional(),
  MessageGroupId: z.string().optional(),
});

/** What a sender gives of a message. */
export type ContentsInput = z.infer<typeof contentsInput>;

// SQS accepts the characters of XML 1.0; a lone surrogate is none.
const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
const characters = '#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';

/** At most 10: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
const maximumAttributes = 10;

/**
 * Checks what a sender gives.
 *
 * @throws AwsError `MissingParameter`, `InvalidMessageContents`, `InvalidParameterValue`, `UnsupportedOperation`
 */
export function readContents(input: ContentsInput): MessageContents {
  const body = required('MessageBody', input.MessageBody);
  checkCharacters(body);
  if (input.MessageDeduplicationId !== undefined) {
    throw invalid(
      `Value ${input.MessageDeduplicationId} for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type.`,
    );
  }
  if (input.MessageGroupId !== undefined) {
    throw new AwsError(
      'UnsupportedOperation',
      'MessageGroupId makes a fair queue, which the local runtime does not model: leave it out.',
    );
  }
  const given = Object.entries(input.MessageAttributes ?? {});
  if (given.length > maximumAttributes) {
    throw invalid(`Number of message attributes [${given.length}] exceeds the allowed maximum [${maximumAttributes}].`);
  }
  const traceHeader = readTraceHeader(input.MessageSystemAttributes ?? {});
  return {
    body,
    attributes: Object.fromEntries(given.map(([name, value]) => [name, readAttribute(name, value)])),
    ...(traceHeader !== undefined && { traceHeader }),
  };
}

/**
 * Size of a message as SQS counts it, in bytes: body, and name, type and value of each attribute.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export function sizeOf(body: string, attributes: Readonly<Record<string, AttributeInput>>): number {
  let size = Buffer.byteLength(body);
  for (const [name, { DataType = '', StringValue = '', BinaryValue = '' }] of Object.entries(attributes)) {
    size += Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue);
    size += Buffer.byteLength(BinaryValue, 'base64');
  }
  return size;
}

function checkCharacters(text: string): void {
  if (!forbidden.test(text)) return;
  throw new AwsError('InvalidMessageContents', `Invalid characters found. Valid unicode characters are ${characters}`);
}

function readAttribute(name: string, value: AttributeInput): MessageAttribute {
  checkName(name);
  if (value.StringListValues?.length || value.BinaryListValues?.length) {
    throw new AwsError(
      'UnsupportedOperation',
      'Message attribute list values in SendMessage operation are not supported.',
    );
  }
  const type = value.DataType ?? '';
  const kind = /^(String|Number|Binary)(\..+)?$/s.exec(type)?.[1];
  if (!type) throw invalid(`The message attribute '${name}' must contain a non-empty message attribute type.`);
  if (!kind || type.length > 256) {
    throw invalid(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const text = kind === 'Binary' ? value.BinaryValue : value.StringValue;
  const other = kind === 'Binary' ? value.StringValue : value.BinaryValue;
  if (!text || other !== undefined) {
    throw invalid(
      `The message attribute '${name}' must contain a non-empty message attribute value for message attribute type '${kind}'.`,
    );
  }
  if (kind === 'Binary') return { DataType: type, BinaryValue: text };
  checkCharacters(text);
  if (kind === 'Number' && (text.trim() !== text || !Number.isFinite(Number(text)))) {
    throw invalid(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
  return { DataType: type, StringValue: text };
}

function checkName(name: string): void {
  if (/^(aws|amazon)\./i.test(name)) {
    throw invalid(`Message (user) attribute name '${name}' can not start with 'AWS.' or 'Amazon.'.`);
  }
  if (name.length > 256 || !/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/.test(name)) {
    throw invalid(
      `Message (user) attribute name '${name}' is invalid: up to 256 of A-Z, a-z, 0-9, underscore, hyphen, and single periods inside.`,
    );
  }
}

function readTraceHeader(attributes: Readonly<Record<string, AttributeInput>>): string | undefined {
  for (const [name, value] of Object.entries(attributes)) {
    if (name !== 'AWSTraceHeader') throw invalid(`Message system attribute name '${name}' is invalid.`);
    if (value.DataType !== 'String' || !value.StringValue) {
      throw invalid("The message system attribute 'AWSTraceHeader' must contain a non-empty value of type 'String'.");
    }
  }
  return attributes['AWSTraceHeader']?.StringValue;
}
