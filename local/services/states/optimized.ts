import { StateError } from './state-error';
import { parseNested } from '../../nested-json';

type Members = Record<string, any>;

/** An integration that Step Functions made for one action of a service. */
export interface Optimized {
  /** IAM prefix of the service. */
  readonly service: string;
  readonly operation: string;
  /** In front of the service's error codes. */
  readonly errors: string;
  /** @param origin ARNs of the state machine and the execution */
  prepare?(parameters: Members, origin: readonly string[]): Members;
  /** @throws StateError for an answer that is a failure */
  result?(output: any): object;
}

/**
 * By service and action. Source: Step Functions Developer Guide, "Integrating optimized services".
 */
export const optimized: Readonly<Record<string, Optimized>> = {
  'lambda:invoke': {
    service: 'lambda',
    operation: 'Invoke',
    errors: 'Lambda',
    prepare: ({ Payload = {}, ...rest }) => ({ ...rest, Payload: JSON.stringify(Payload) }),
    result: invoked,
  },
  'sns:publish': {
    service: 'sns',
    operation: 'Publish',
    errors: 'SNS',
    prepare: ({ Message, ...rest }) => ({ ...rest, Message: asText(Message) }),
  },
  'sqs:sendMessage': {
    service: 'sqs',
    operation: 'SendMessage',
    errors: 'SQS',
    prepare: ({ MessageBody, ...rest }) => ({ ...rest, MessageBody: asText(MessageBody) }),
  },
  'events:putEvents': {
    service: 'events',
    operation: 'PutEvents',
    errors: 'EventBridge',
    prepare: ({ Entries = [], ...rest }, origin) => ({
      ...rest,
      Entries: (Entries as Members[]).map((entry) => eventOf(entry, origin)),
    }),
    result(output) {
      if (output.FailedEntryCount === 0) return output;
      throw new StateError('EventBridge.FailedEntry', JSON.stringify(output));
    },
  },
  ...Object.fromEntries(
    ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'].map((operation): [string, Optimized] => [
      `dynamodb:${lower(operation)}`,
      { service: 'dynamodb', operation, errors: 'DynamoDB' },
    ]),
  ),
  'states:startExecution': {
    service: 'states',
    operation: 'StartExecution',
    errors: 'StepFunctions',
    prepare: ({ Input, ...rest }) => lowered({ ...rest, ...(Input !== undefined && { Input: asText(Input) }) }),
    result: capitalized,
  },
};

function asText(value: unknown): unknown {
  return typeof value === 'string' || value === undefined ? value : JSON.stringify(value);
}

function eventOf({ Detail, Resources = [], ...entry }: Members, origin: readonly string[]): Members {
  return { ...entry, Detail: asText(Detail), Resources: [...(Resources as string[]), ...origin] };
}

function invoked({ FunctionError, Payload, StatusCode, ...rest }: Members): object {
  const text = Payload === undefined ? '' : Buffer.from(Payload as string).toString('utf8');
  if (FunctionError) {
    const { errorType } = JSON.parse(text) as { errorType?: string };
    throw new StateError(errorType ?? 'Lambda.Unknown', text);
  }
  try {
    return { ...rest, Payload: text === '' ? '' : parseNested(text), StatusCode };
  } catch (error) {
    throw new StateError('States.Runtime', `The function's answer cannot be read: ${(error as Error).message}`);
  }
}

/** The name with a small letter at its beginning. */
export function lower(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** Members, at all depths, as services spell them that begin them with a small letter. */
export function lowered(value: Members): Members {
  return renamed(value, lower) as Members;
}

/** Members, at all depths, as integrations spell them. */
export function capitalized(value: Members): Members {
  return renamed(value, (name) => name.charAt(0).toUpperCase() + name.slice(1)) as Members;
}

function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [rename(name), renamed(member, rename)]));
}
