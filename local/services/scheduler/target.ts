import { isJson } from '../../arguments';
import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import type { Schedule, Target } from './schedule';

/** A call that a schedule makes. */
export interface TargetRequest {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What an invocation is known by. */
export interface Attempt {
  readonly schedule: Schedule;
  /** When it is due, in epoch milliseconds. */
  readonly due: number;
  /** When it was made first: its age counts from there. */
  readonly began: number;
  readonly executionId: string;
  /** From 1. */
  readonly number: number;
}

/** Beginnings of operations that universal targets may not call (user guide, "Using universal targets"). */
const readOnly =
  /^(get|describe|list|poll|receive|search|scan|query|select|read|lookup|discover|validate|batchGet|batchDescribe|batchRead|transactGet|adminGet|adminList|testMigration|retrieve|testConnection|translateDocument|isAuthorized|isAuthorizedWithToken|invokeModel)/i;

/** Names by which the SDKs call services, where IAM has another. */
const sdkNames: Readonly<Record<string, string>> = { sfn: 'states', eventbridge: 'events', cloudwatchlogs: 'logs' };

/** Services whose members begin in lower case, while universal targets write them with a capital. */
const lowerCase = new Set(['states', 'logs']);

const universal = /^arn:[^:]+:scheduler:::aws-sdk:(\w+):(\w+)$/;

/** What is wrong with a target, if anything. */
export function faultOf(target: Pick<Target, 'Arn' | 'Input' | 'EventBridgeParameters' | 'SqsParameters'>) {
  const { Arn: arn, Input: input } = target;
  const [, , service, , , kind] = arn.split(':');
  const sdk = universal.exec(arn);
  if (sdk && readOnly.test(sdk[2]!)) return `universal targets do not call read-only operations such as ${sdk[2]}`;
  if (sdk && !isObject(input ?? '{}')) return 'the input of a universal target must be a JSON object';
  if (service === 'events' && !target.EventBridgeParameters) return 'a bus needs EventBridgeParameters';
  if (service === 'events' && input === undefined) return 'a bus needs Input: the detail of the event';
  if (service === 'sqs' && arn.endsWith('.fifo') && !target.SqsParameters?.MessageGroupId)
    return 'a FIFO queue needs SqsParameters.MessageGroupId';
  if (['lambda', 'events', 'states'].includes(service!) && input !== undefined && !isJson(input))
    return 'Input must be JSON';
  if (sdk || service === 'sqs' || service === 'events' || kind === 'function' || kind === 'stateMachine')
    return undefined;
  return `${arn} is not modelled by the local runtime: use a function, queue, event bus, state machine or universal target`;
}

function isObject(text: string): boolean {
  return isJson(text) && text.trim().startsWith('{');
}

/** The time as Scheduler writes it, in epoch milliseconds: to the second. */
export function iso(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** The input with its context attributes replaced (user guide, "Adding context attributes"). */
function inputOf(runtime: Runtime, { schedule, due, executionId, number }: Attempt): string {
  const values: Readonly<Record<string, string>> = {
    'schedule-arn': schedule.arn,
    'scheduled-time': iso(due),
    'execution-id': executionId,
    'attempt-number': String(number),
  };
  const text = schedule.settings.Target.Input ?? notification(runtime, schedule, due, executionId);
  return text.replaceAll(/<aws\.scheduler\.([a-z-]+)>/g, (whole, name: string) => values[name] ?? whole);
}

/** What a target gets that is given no input. */
function notification(runtime: Runtime, schedule: Schedule, due: number, id: string): string {
  return JSON.stringify({
    version: '0',
    id,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: runtime.accountId,
    time: iso(due),
    region: runtime.region,
    resources: [schedule.arn],
    detail: '{}',
  });
}

/** The call that an attempt makes on its target. */
export function requestOf(runtime: Runtime, attempt: Attempt): TargetRequest {
  const { Target: target } = attempt.schedule.settings;
  const input = inputOf(runtime, attempt);
  const [, , service, , account, name] = target.Arn.split(':');
  const sdk = universal.exec(target.Arn);
  if (sdk) return universalRequest(sdk[1]!, sdk[2]!, target.Input === undefined ? '{}' : input);
  if (service === 'lambda') {
    return {
      service,
      operation: 'Invoke',
      input: { FunctionName: target.Arn, InvocationType: 'Event', Payload: input },
    };
  }
  if (service === 'states')
    return { service, operation: 'StartExecution', input: { stateMachineArn: target.Arn, input } };
  if (service === 'events') {
    const { DetailType, Source } = target.EventBridgeParameters!;
    const entry = { EventBusName: target.Arn, DetailType, Source, Detail: input, Resources: [attempt.schedule.arn] };
    return { service, operation: 'PutEvents', input: { Entries: [entry] } };
  }
  const group = target.SqsParameters?.MessageGroupId;
  return {
    service: 'sqs',
    operation: 'SendMessage',
    input: {
      QueueUrl: `${runtime.endpoint}/${account}/${name}`,
      MessageBody: input,
      ...(group && { MessageGroupId: group }),
    },
  };
}

function universalRequest(sdkName: string, action: string, text: string): TargetRequest {
  const service = sdkNames[sdkName] ?? sdkName;
  const given = JSON.parse(text) as Record<string, unknown>;
  const members = Object.entries(given).map(([name, value]) => [
    lowerCase.has(service) ? name[0]!.toLowerCase() + name.slice(1) : name,
    value,
  ]);
  return {
    service,
    operation: action[0]!.toUpperCase() + action.slice(1),
    input: Object.fromEntries(members) as Record<string, unknown>,
  };
}

/** @throws AwsError if a universal target calls what is not run here */
export function checkUniversal(runtime: Runtime, { Arn: arn }: Target): void {
  const sdk = universal.exec(arn);
  if (!sdk) return;
  const { service, operation } = universalRequest(sdk[1]!, sdk[2]!, '{}');
  if (Object.hasOwn(runtime.service(service).operations, operation)) return;
  throw new AwsError('ValidationException', `${service} has no operation ${operation} in the local runtime`);
}

/** What is wrong with an answer that says so itself. */
export function failureIn(answer: unknown): AwsError | undefined {
  const { FailedEntryCount: failed, Entries: entries } = (answer ?? {}) as {
    FailedEntryCount?: number;
    Entries?: { ErrorCode?: string; ErrorMessage?: string }[];
  };
  if (!failed) return undefined;
  const entry = entries?.find(({ ErrorCode }) => ErrorCode !== undefined);
  return new AwsError(entry?.ErrorCode ?? 'InternalFailure', entry?.ErrorMessage ?? `${failed} entries failed`);
}
