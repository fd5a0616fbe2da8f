import { AwsError, toAwsError } from '../../aws-error';
import type { RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';
import type { Permission } from '../../service';
import { entryParents } from '../events/entry';
import type { LambdaFunction } from './functions';

/** What is sent to a destination. */
export interface Dispatch {
  /** JSON text. */
  readonly body: string;
  /** Attributes of a message, as queues and topics take them. */
  readonly attributes?: Readonly<Record<string, { readonly DataType: string; readonly StringValue: string }>>;
  /** Key of the object in a bucket. */
  readonly key?: string;
  /** Type of the event on a bus. */
  readonly detailType?: string;
  readonly parents: readonly number[];
}

interface Request {
  readonly operation: string;
  readonly input: object;
}

/** Services that a destination may be of. */
export type DestinationKind = 'sqs' | 'sns' | 's3' | 'lambda' | 'events';

/** What a role needs to send to a destination, by the operations that AWS names where it lacks one. */
const actions: Readonly<Record<DestinationKind, readonly string[]>> = {
  sqs: ['SendMessage'],
  sns: ['Publish'],
  s3: ['ListBucket', 'PutObject'],
  lambda: ['InvokeFunction'],
  events: ['PutEvents'],
};

function kindOf(arn: string): DestinationKind | undefined {
  const kind = arn.split(':')[2] ?? '';
  return kind in actions ? (kind as DestinationKind) : undefined;
}

/** What is wrong with a destination, if anything; FIFO queues and topics are refused as on AWS. */
export function destinationFault(arn: string, kinds: readonly DestinationKind[]): string | undefined {
  const kind = kindOf(arn);
  if (!kind || !kinds.includes(kind)) return `${arn} cannot be a destination here: it must be of ${kinds.join(', ')}`;
  if (arn.endsWith('.fifo')) return `${arn} cannot be a destination: FIFO queues and topics are not supported`;
  return undefined;
}

function permissionsOf(arn: string): Permission[] {
  const kind = kindOf(arn)!;
  return actions[kind].map((action) => ({
    action: `${kind}:${action}`,
    resource: action === 'PutObject' ? `${arn}/aws/lambda/` : arn,
  }));
}

/** A session of the function's role, for what Lambda does on its behalf. */
export function sessionOf(runtime: Runtime, { configuration, arn }: LambdaFunction): RolePrincipal {
  return runtime.assumeRole(configuration.role, 'lambda.amazonaws.com', arn, configuration.function_name);
}

/** @throws Error that names what the role may not do, as AWS answers when the destination is configured */
export function checkDestination(runtime: Runtime, role: RolePrincipal, arn: string): void {
  for (const permission of permissionsOf(arn)) {
    try {
      runtime.authorize(role, permission);
    } catch (error) {
      const [service, action] = permission.action.split(':');
      throw new Error(
        `The provided execution role does not have permissions to call ${action} on ${service!.toUpperCase()}: ${(error as Error).message}`,
        { cause: error },
      );
    }
  }
}

/** Where S3 keeps what is sent at a time: a day's folder, then the time and an identifier. */
export function objectKey(runtime: Runtime, prefix: string): string {
  const [date, time] = new Date(runtime.clock.now()).toISOString().slice(0, 19).split('T') as [string, string];
  return `aws/lambda/${prefix}/${date.replaceAll('-', '/')}/${date}T${time.replaceAll(':', '.')}-${runtime.random.uuid()}`;
}

/** The operation that sends, and its input. */
const requests: Readonly<
  Record<DestinationKind, (runtime: Runtime, target: LambdaFunction, arn: string, dispatch: Dispatch) => Request>
> = {
  sqs(runtime, _, arn, { body, attributes }) {
    const [account, name] = arn.split(':').slice(4);
    const message = { QueueUrl: `${runtime.endpoint}/${account}/${name}`, MessageBody: body };
    return { operation: 'SendMessage', input: { ...message, ...(attributes && { MessageAttributes: attributes }) } };
  },
  sns(_, __, arn, { body, attributes }) {
    const message = { TopicArn: arn, Message: body };
    return { operation: 'Publish', input: { ...message, ...(attributes && { MessageAttributes: attributes }) } };
  },
  s3(_, __, arn, { body, key }) {
    const Bucket = arn.split(':')[5];
    return { operation: 'PutObject', input: { Bucket, Key: key, Body: body, ContentType: 'application/json' } };
  },
  lambda(_, __, arn, { body }) {
    return { operation: 'Invoke', input: { FunctionName: arn, InvocationType: 'Event', Payload: body } };
  },
  events(_, target, arn, { body, detailType, parents }) {
    const entry = {
      EventBusName: arn,
      Source: 'lambda',
      DetailType: detailType,
      Detail: body,
      Resources: [arn, `${target.arn}:$LATEST`],
      [entryParents]: parents,
    };
    return { operation: 'PutEvents', input: { Entries: [entry] } };
  },
};

/**
 * Sends to a destination as the function's role.
 *
 * @throws AwsError as the destination answers
 */
export async function sendTo(
  runtime: Runtime,
  target: LambdaFunction,
  arn: string,
  dispatch: Dispatch,
  principal = sessionOf(runtime, target),
): Promise<void> {
  const service = kindOf(arn)!;
  const { parents } = dispatch;
  if (service === 's3') runtime.authorize(principal, { action: 's3:ListBucket', resource: arn }, undefined, parents);
  const request = requests[service](runtime, target, arn, dispatch);
  const answer = await runtime.call({ service, ...request, principal, parents });
  if (service === 'events' && answer.FailedEntryCount > 0) {
    const { ErrorCode, ErrorMessage } = answer.Entries[0];
    throw new AwsError(ErrorCode, ErrorMessage);
  }
}

/** Counts a record that did not reach its destination. Source: Lambda developer guide, metrics. */
export function countLost(runtime: Runtime, target: LambdaFunction, name: string): void {
  const dimensions = { FunctionName: target.configuration.function_name };
  runtime.measure({ namespace: 'AWS/Lambda', name, dimensions, value: 1 });
}

/** Sends what nobody tries again to send; if it does not arrive, that is counted under `metric` and recorded. */
export async function sendOnce(
  runtime: Runtime,
  target: LambdaFunction,
  arn: string,
  dispatch: Dispatch,
  metric: 'DestinationDeliveryFailures' | 'DeadLetterErrors',
): Promise<void> {
  const { function_name: name } = target.configuration;
  const to = arn.split(':').slice(5).join(':');
  const about = { service: 'lambda', resource: arn, parents: dispatch.parents } as const;
  try {
    const hop = runtime.timeline.record({
      ...about,
      operation: metric === 'DeadLetterErrors' ? 'dead-letter' : 'destination',
      outcome: metric === 'DeadLetterErrors' || dispatch.detailType?.endsWith('Failure') ? 'dead-lettered' : 'ok',
      summary: `${name}: record to ${to}`,
    });
    await sendTo(runtime, target, arn, { ...dispatch, parents: [hop] });
  } catch (thrown) {
    const error = toAwsError(thrown);
    countLost(runtime, target, metric);
    const summary = `${name}: record to ${to} lost: ${error.code}: ${error.message}`;
    runtime.timeline.record({ ...about, operation: 'drop', outcome: 'failed', summary });
  }
}
