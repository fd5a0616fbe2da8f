import { type AwsError, toAwsError } from '../../aws-error';
import type { Principal } from '../../principal';
import type { Runtime } from '../../runtime';
import type { Exchange, Pipe, PipeEvent } from './pipe';

/** How much of a pipe's work is logged, from least to most. */
const levels = ['OFF', 'ERROR', 'INFO', 'TRACE'];

/** The level from which each step is logged (EventBridge Pipes user guide, "Specifying EventBridge Pipes log level"). */
const stepLevels = {
  EXECUTION_STARTED: 'INFO',
  EXECUTION_SUCCEEDED: 'INFO',
  EXECUTION_FAILED: 'ERROR',
  EXECUTION_PARTIALLY_FAILED: 'ERROR',
  EXECUTION_THROTTLED: 'ERROR',
  EXECUTION_TIMEOUT: 'ERROR',
  ENRICHMENT_STAGE_ENTERED: 'INFO',
  ENRICHMENT_STAGE_SUCCEEDED: 'INFO',
  ENRICHMENT_STAGE_FAILED: 'ERROR',
  ENRICHMENT_INVOCATION_STARTED: 'TRACE',
  ENRICHMENT_INVOCATION_SUCCEEDED: 'TRACE',
  ENRICHMENT_INVOCATION_FAILED: 'ERROR',
  TARGET_STAGE_ENTERED: 'INFO',
  TARGET_STAGE_SUCCEEDED: 'INFO',
  TARGET_STAGE_FAILED: 'ERROR',
  TARGET_STAGE_PARTIALLY_FAILED: 'ERROR',
  TARGET_STAGE_SKIPPED: 'TRACE',
  TARGET_INVOCATION_STARTED: 'TRACE',
  TARGET_INVOCATION_SUCCEEDED: 'TRACE',
  TARGET_INVOCATION_FAILED: 'ERROR',
  TARGET_INVOCATION_PARTIALLY_FAILED: 'ERROR',
} as const;

/** Bytes of a log line. */
const maximumLine = 262_144;

/** What a line tells beside its step. */
export interface StepDetails {
  readonly error?: AwsError | undefined;
  /** IAM prefix of the service that the error came from. */
  readonly service?: string;
  /** The batch, if execution data is logged. */
  readonly payload?: readonly PipeEvent[];
  /** Request and answer, if execution data is logged. */
  readonly exchange?: Exchange;
}

/** The log of one execution: steps are noted as they happen and written at its end. */
export interface ExecutionLog {
  /** Notes a step, if the pipe's level asks for it. */
  step(messageType: keyof typeof stepLevels, details?: StepDetails): void;
  /** Writes what was noted to the log group. */
  write(): void;
}

/** Writes a pipe's execution log to its log group. */
export interface PipeLog {
  /** Makes the log stream; without permission the pipe runs unlogged. */
  open(): Promise<void>;
  /** Begins the log of an execution. */
  execution(): ExecutionLog;
}

/**
 * The log of a pipe, delivered as AWS delivers vended logs: by `delivery.logs.amazonaws.com`, which a resource policy of
 * the log group must let create streams and put events; `aws:SourceArn` is `arn:aws:logs:<region>:<account>:*`
 * (CloudWatch Logs user guide, "Logs sent to CloudWatch Logs", V1 permissions).
 */
export function pipeLog(runtime: Runtime, pipe: Pipe): PipeLog {
  const configuration = pipe.arguments.log_configuration;
  const groupArn = configuration?.cloudwatch_logs_log_destination?.log_group_arn;
  const level = groupArn ? levels.indexOf(configuration.level) : 0;
  const destination = { logGroupName: groupArn?.split(':')[6] ?? '', logStreamName: pipe.name };
  const principal: Principal = {
    kind: 'service',
    service: 'delivery.logs.amazonaws.com',
    sourceArn: runtime.arn('logs', '*'),
  };
  const withData = configuration?.include_execution_data !== undefined;
  let open = false;
  const lost = (thrown: unknown) => {
    const { code, message } = toAwsError(thrown);
    const summary = `${pipe.name} is not logged: ${code}: ${message}`;
    runtime.timeline.record({ service: 'pipes', operation: 'log', resource: pipe.arn, outcome: 'failed', summary });
  };
  return {
    async open() {
      if (open || level === 0) return;
      try {
        await runtime.call({ service: 'logs', operation: 'CreateLogStream', input: destination, principal });
        open = true;
      } catch (error) {
        open = toAwsError(error).code === 'ResourceAlreadyExistsException';
        if (!open) lost(error);
      }
    },
    execution() {
      const executionId = runtime.random.uuid();
      const lines: { timestamp: number; message: string }[] = [];
      return {
        step(messageType, details = {}) {
          if (!open || levels.indexOf(stepLevels[messageType]) > level) return;
          const timestamp = runtime.clock.now();
          const about = { resourceArn: pipe.arn, timestamp, executionId, messageType };
          const line = { ...about, logLevel: stepLevels[messageType], ...members(details, withData) };
          lines.push({ timestamp, message: fitted(line) });
        },
        write() {
          if (lines.length === 0) return;
          const input = { ...destination, logEvents: lines };
          const written = runtime.call({ service: 'logs', operation: 'PutLogEvents', input, principal });
          void written.catch(lost);
        },
      };
    },
  };
}

function members({ error, service, payload, exchange }: StepDetails, withData: boolean): object {
  const data = withData && {
    ...(payload && { payload: JSON.stringify(payload.map(({ event }) => event)) }),
    ...(exchange && { awsRequest: JSON.stringify(exchange.request) }),
    ...(exchange?.response !== undefined && { awsResponse: JSON.stringify(exchange.response) }),
  };
  const { status: httpStatusCode, message, code: details } = error ?? {};
  return { ...data, ...(error && { error: { httpStatusCode, message, details, awsService: service } }) };
}

/** The line as JSON of at most 256 KB, execution data cut at its end in AWS's order ("Truncating execution data"). */
function fitted(line: Readonly<Record<string, unknown>>): string {
  let text = JSON.stringify(line);
  const truncatedFields: string[] = [];
  for (const field of ['payload', 'awsRequest', 'awsResponse']) {
    const value = line[field];
    if (Buffer.byteLength(text) <= maximumLine || typeof value !== 'string') continue;
    truncatedFields.push(field);
    const excess = Buffer.byteLength(JSON.stringify({ ...line, truncatedFields })) - maximumLine;
    line = { ...line, [field]: value.slice(0, Math.max(0, value.length - excess)), truncatedFields };
    text = JSON.stringify(line);
  }
  return text;
}
