import type { Hop } from '../../local/timeline';
import { dev, type Orders } from './orders';

/** A message as the table has it, its values without their types. */
export type StoredMessage = Readonly<Record<string, string>> & { readonly id: string };

const sender = (hop: Hop) => hop.principal!.includes(`/${dev('send-message')}`);

/** All messages, by id. */
export async function messages({ call }: Orders): Promise<StoredMessage[]> {
  const { Items, LastEvaluatedKey: more } = await call('dynamodb', 'Scan', { TableName: dev('messages') });
  expect(more).toBeUndefined();
  const plain = (item: Record<string, { S?: string; N?: string }>) =>
    Object.fromEntries(Object.entries(item).map(([name, { S, N }]) => [name, S ?? N!])) as StoredMessage;
  return (Items as any[]).map(plain).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** One message. */
export async function message(local: Orders, id: string): Promise<StoredMessage> {
  return (await messages(local)).find((one) => one.id === id)!;
}

/** How many messages have each status. */
export async function statuses(local: Orders): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { sendStatus = 'none' } of await messages(local)) counts[sendStatus] = (counts[sendStatus] ?? 0) + 1;
  return counts;
}

/** Tries of `send-message` to publish, those that failed too. */
export function tries({ timeline }: Orders): Hop[] {
  return timeline.hops.filter((hop) => hop.service === 'sns' && hop.operation === 'Publish' && sender(hop));
}

/** Texts of what the topic took from `send-message`, whatever it answered. */
export function taken(local: Orders): string[] {
  return tries(local)
    .filter(({ outcome }) => outcome === 'ok')
    .map(({ data }) => data!.message as string);
}

/** Texts of what the topic took and said so: an invocation that hears of it tries no more. */
export function acknowledged(local: Orders): string[] {
  const last = new Map<number, Hop>();
  for (const hop of tries(local)) last.set(hop.parents[0]!, hop);
  return [...last.values()].filter(({ outcome }) => outcome === 'ok').map(({ data }) => data!.message as string);
}

/** ARNs of the executions of the state machine that delivers, from the first on. */
export async function executions({ call, runtime }: Orders): Promise<any[]> {
  const stateMachineArn = runtime.arn('states', `stateMachine:${dev('delivery')}`);
  const found: any[] = [];
  let nextToken: string | undefined;
  do {
    const page = await call('states', 'ListExecutions', { stateMachineArn, maxResults: 1000, nextToken });
    found.push(...page.executions);
    nextToken = page.nextToken;
  } while (nextToken);
  return found.toReversed();
}

/** State of an alarm of this environment. */
export async function alarmState({ call }: Orders, name: string): Promise<string> {
  const { MetricAlarms } = await call('cloudwatch', 'DescribeAlarms', { AlarmNames: [dev(name)] });
  return MetricAlarms[0].StateValue as string;
}

/** Which states of an alarm the operations topic was told of, in order. */
export function notified({ timeline, runtime }: Orders, name: string): string[] {
  return timeline.hops
    .filter(({ operation, outcome, resource }) => {
      return operation === 'Publish' && outcome === 'ok' && resource === runtime.arn('sns', dev('alarms'));
    })
    .map(({ data }) => JSON.parse(data!.message as string))
    .filter(({ AlarmName }) => AlarmName === dev(name))
    .map(({ NewStateValue }) => NewStateValue as string);
}

/** The alarm that keeps messages back. */
export const breaker = 'send-message-SendFailed';
/** The alarm on messages that nothing tries again. */
export const abandonedAlarm = 'retry-failed-Abandoned';
/** Milliseconds in which the schedule makes its first run: it is due at once, and has a flexible window of a minute. */
export const firstRun = 70_000;
