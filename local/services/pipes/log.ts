import { type AwsError, toAwsError } from '../../aws-error';
import type { Principal } from '../../principal';
import type { Runtime } from '../../runtime';
import type { SourceRecord } from '../stream-reader/record';
import type { Delivery, Pipe } from './pipe';

/** How much of a pipe's work is logged, from least to most. */
const levels = ['OFF', 'ERROR', 'INFO', 'TRACE'];

/** The level from which each step is logged (EventBridge Pipes user guide, "Specifying EventBridge Pipes log level"). */
const stepLevels = {
  EXECUTION_STARTED: 'INFO',
  EXECUTION_SUCCEEDED: 'INFO',
  EXECUTION_FAILED: 'ERROR',
  EXECUTION_PARTIALLY_FAILED: 'ERROR',
  EXECUTION_THROTTLED: 'ERROR',
  TARGET_STAGE_ENTERED: 'INFO',
  TARGET_STAGE_SUCCEEDED: 'INFO',
  TARGET_STAGE_FAILED: 'ERROR',
  TARGET_STAGE_PARTIALLY_FAILED: 'ERROR',
  TARGET_INVOCATION_STARTED: 'TRACE',
  TARGET_INVOCATION_SUCCEEDED: 'TRACE',
  TARGET_INVOCATION_FAILED: 'ERROR',
  TARGET_INVOCATION_PARTIALLY_FAILED: 'ERROR',
} as const;

/** Steps that carry the batch itself, if execution data is logged. */
const payloadSteps = new Set<string>(['EXECUTION_STARTED', 'TARGET_STAGE_SUCCEEDED']);

/** Bytes of a log line. */
const maximumLine = 262_144;

/** The log of one execution: steps are noted as they happen and written at its end. */
export interface ExecutionLog {
  step(messageType: keyof typeof stepLevels, error?: AwsError): void;
  /** The last step of the target's invocation, with request and answer. */
  invoked(messageType: keyof typeof stepLevels, delivery: Delivery): void;
  write(): void;
}

/** Writes a pipe's execution log to its log group. */
export interface PipeLog {
  /** Makes the log stream; without permission the pipe runs unlogged. */
  open(): Promise<void>;
  execution(records: readonly SourceRecord[], service: string): ExecutionLog;
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
    execution(records, service) {
      const executionId = runtime.random.uuid();
      const lines: { timestamp: number; message: string }[] = [];
      const note = (messageType: keyof typeof stepLevels, error?: AwsError, data: object = {}) => {
        if (!open || levels.indexOf(stepLevels[messageType]) > level) return;
        const timestamp = runtime.clock.now();
        const payload = withData &&
          payloadSteps.has(messageType) && { payload: JSON.stringify(records.map((record) => record.event)) };
        lines.push({
          timestamp,
          message: fitted({
            resourceArn: pipe.arn,
            timestamp,
            executionId,
            messageType,
            logLevel: stepLevels[messageType],
            ...payload,
            ...data,
            ...(error && {
              error: { httpStatusCode: error.status, message: error.message, details: error.code, awsService: service },
            }),
          }),
        });
      };
      return {
        step: note,
        invoked: (messageType, { failures, request, response }) => {
          const data = withData && {
            awsRequest: JSON.stringify(request),
            ...(response !== undefined && { awsResponse: JSON.stringify(response) }),
          };
          note(messageType, failures[0]?.error, data || {});
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
