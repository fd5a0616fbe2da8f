import { AwsError, toAwsError } from '../../aws-error';
import type { Principal, RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';
import type { HistoryEvent } from './history';
import type { StateMachine } from './state-machine';

/** What a state machine logs, from least to most. */
export const levels = ['OFF', 'FATAL', 'ERROR', 'ALL'] as const;
/** One of {@link levels}. */
export type Level = (typeof levels)[number];

/** How much of its executions a state machine logs, and where. */
export interface Logging {
  readonly level: Level;
  readonly withData: boolean;
  /** ARN of the log group, with `:*` at its end. */
  readonly destination?: string;
}

/** What the role must be allowed on `*` (Developer Guide, "Using CloudWatch Logs to log execution history"). */
const deliveryActions = [
  'CreateLogDelivery',
  'GetLogDelivery',
  'UpdateLogDelivery',
  'DeleteLogDelivery',
  'ListLogDeliveries',
  'PutResourcePolicy',
  'DescribeResourcePolicies',
  'DescribeLogGroups',
];

/** Members of details that are execution data. */
const executionData = new Set(['input', 'output', 'parameters']);

/** Details of an event without the data that the execution works on. */
export function withoutData(details: object): object {
  return Object.fromEntries(Object.entries(details).filter(([name]) => !executionData.has(name)));
}

function groupOf(destination: string): string {
  return destination.split(':')[6]!;
}

/**
 * Checks what AWS checks of a state machine that shall log.
 *
 * @throws AwsError `AccessDeniedException`, `InvalidLoggingConfiguration`
 */
export async function checkLogging(runtime: Runtime, { level, destination }: Logging, role: RolePrincipal) {
  if (level === 'OFF') return;
  if (!destination) throw new AwsError('InvalidLoggingConfiguration', `Level ${level} needs a log destination`);
  for (const name of deliveryActions) {
    const action = `logs:${name}`;
    if (runtime.iam.authorize({ principal: role, action, resource: '*' }).allowed) continue;
    throw new AwsError(
      'AccessDeniedException',
      `The state machine IAM Role is not authorized to access the Log Destination: ${role.roleArn} lacks ${action} on *`,
    );
  }
  const logGroupName = groupOf(destination);
  const input = { logGroupNamePrefix: logGroupName };
  const found = await runtime.call({ service: 'logs', operation: 'DescribeLogGroups', input, principal: role });
  if (found.logGroups.some((group: { logGroupName: string }) => group.logGroupName === logGroupName)) return;
  throw new AwsError('InvalidLoggingConfiguration', `Log Destination ${destination} does not exist`);
}

/** The level of an event (Developer Guide, "Log levels for Step Functions execution events"). */
function levelOf(type: string): Level {
  if (/^Execution(?:Failed|Aborted|TimedOut)$/.test(type)) return 'FATAL';
  return /(?:Failed|TimedOut|Aborted)$/.test(type) || type === 'FailStateEntered' ? 'ERROR' : 'ALL';
}

/** Takes an event of an execution, whose ARN and last hop are given. */
export type Log = (executionArn: string, event: HistoryEvent, details: object) => void;

/**
 * The log of a state machine, delivered as AWS delivers vended logs: by `delivery.logs.amazonaws.com`, which a resource
 * policy of the log group must let create streams and put events.
 */
export function machineLog(
  runtime: Runtime,
  { name, arn }: StateMachine,
  { level, withData, destination }: Logging,
): Log {
  if (level === 'OFF' || !destination) return () => undefined;
  const principal: Principal = {
    kind: 'service',
    service: 'delivery.logs.amazonaws.com',
    sourceArn: runtime.arn('logs', '*'),
  };
  const date = new Date(runtime.clock.now()).toISOString().slice(0, 16).replaceAll(/[T:]/g, '-');
  const logStreamName = `states/${name}/${date}/${runtime.random.uuid().slice(0, 8)}`;
  const stream = { logGroupName: groupOf(destination), logStreamName };
  let isOpen = false;
  let before = Promise.resolve();
  const write = async (timestamp: number, message: string) => {
    try {
      if (!isOpen) await runtime.call({ service: 'logs', operation: 'CreateLogStream', input: stream, principal });
      isOpen = true;
      const input = { ...stream, logEvents: [{ timestamp, message }] };
      await runtime.call({ service: 'logs', operation: 'PutLogEvents', input, principal });
    } catch (error) {
      const { code, message: why } = toAwsError(error);
      const summary = `${name} is not logged: ${code}: ${why}`;
      runtime.timeline.record({ service: 'states', operation: 'log', resource: arn, outcome: 'failed', summary });
    }
  };
  return (executionArn, { id, type, previousEventId, timestamp }, details) => {
    if (levels.indexOf(levelOf(type)) > levels.indexOf(level)) return;
    const line = {
      id: String(id),
      type,
      details: withData ? details : withoutData(details),
      previous_event_id: String(previousEventId),
      event_timestamp: String(timestamp.getTime()),
      execution_arn: executionArn,
      redrive_count: '0',
    };
    const text = JSON.stringify(line);
    before = runtime.track(before.then(async () => write(timestamp.getTime(), text)));
  };
}
