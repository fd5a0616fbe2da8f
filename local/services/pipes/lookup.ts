import { AwsError } from '../../aws-error';
import { jsonPath } from './fields';

/**
 * A parameter's value: a path is looked up in the event, anything else stands for itself. The body of a message that is
 * JSON is looked into (EventBridge Pipes user guide, "Implicit body data parsing").
 *
 * @throws AwsError `ValidationException` if there is no such value
 */
export function resolve(value: string, event: unknown): string {
  if (!jsonPath.test(value)) return value;
  let found = withBody(event);
  for (const step of value.slice(1).match(/[\w/-]+|\[\d+\]/g) ?? []) {
    const name = step.startsWith('[') ? step.slice(1, -1) : step;
    found = typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined;
  }
  if (typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean') return String(found);
  throw new AwsError('ValidationException', `The path ${value} has no string value in the event`);
}

function withBody(event: unknown): unknown {
  if (typeof event !== 'object' || event === null || !('body' in event)) return event;
  const { body, eventSource } = event as { body: unknown; eventSource?: unknown };
  if (eventSource !== 'aws:sqs' || typeof body !== 'string') return event;
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? { ...event, body: parsed } : event;
  } catch {
    return event;
  }
}
