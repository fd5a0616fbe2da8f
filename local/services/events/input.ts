import { AwsError } from '../../aws-error';
import type { BusEvent } from './entry';

/** What a target's input may be made of. */
export interface InputContext {
  readonly event: BusEvent;
  /** The event as JSON. */
  readonly json: string;
  readonly ruleName: string;
  readonly ruleArn: string;
  /** When the bus took the event, in epoch milliseconds. */
  readonly ingested: number;
}

/** Makes what a target receives. */
export type Input = (context: InputContext) => string;

/** Input transformer as Terraform has it. */
export interface InputTransformer {
  readonly input_paths?: Readonly<Record<string, string>> | undefined;
  readonly input_template: string;
}

/** A path into an event: `$`, then names after dots or in brackets, and indexes. */
export const eventPath = /^\$(\.[\w/-]+|\[\d+\]|\['[^']+'\])*$/;

const variable = /^<([A-Za-z0-9._-]+)>/;
const missing = '\u0000missing';

function at(path: string, event: BusEvent): unknown {
  const steps = path.slice(1).match(/[^.[\]']+/g) ?? [];
  return steps.reduce<unknown>((value, step) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    return Object.entries(value).find(([name]) => name === step)?.[1];
  }, event);
}

/** What of the event a path names, as JSON; `null` if there is nothing. */
export function fromPath(path: string): Input {
  return ({ event, json }) => (path === '$' ? json : (JSON.stringify(at(path, event)) ?? 'null'));
}

/** Variables that every template has (user guide, eb-transform-target-input). */
const predefined: Readonly<Record<string, (context: InputContext) => unknown>> = {
  'aws.events.rule-arn': ({ ruleArn }) => ruleArn,
  'aws.events.rule-name': ({ ruleName }) => ruleName,
  'aws.events.event.ingestion-time': ({ ingested }) => new Date(ingested).toISOString(),
  'aws.events.event': ({ event }) => ({ ...event, detail: undefined }),
  'aws.events.event.json': ({ event }) => event,
};

/** Whether a template may use a variable of this name without a path for it. */
export function isPredefined(name: string): boolean {
  return Object.hasOwn(predefined, name);
}

/** Names of the variables in a template that begin with `aws.`. */
export function predefinedIn(template: string): string[] {
  return [...template.matchAll(/<(aws\.[A-Za-z0-9._-]+)>/g)].map((match) => match[1]!);
}

type Resolve = (name: string) => { readonly value: unknown } | undefined;

/** A value is inserted as JSON, but inside quotes as bare text, unescaped. */
function render(template: string, resolve: Resolve): string {
  let text = '';
  let quoted = false;
  for (let i = 0; i < template.length; i++) {
    const found = template[i] === '<' ? variable.exec(template.slice(i, i + 256)) : null;
    const resolved = found && resolve(found[1]!);
    if (resolved) {
      const { value } = resolved;
      if (quoted) text += typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
      else text += JSON.stringify(value === undefined ? missing : value);
      i += found[0].length - 1;
    } else if (template[i] === '\\' && quoted) {
      text += template.slice(i, i + 2);
      i++;
    } else {
      if (template[i] === '"') quoted = !quoted;
      text += template[i];
    }
  }
  return text;
}

function isLinesOfText(template: string): boolean {
  return template
    .trim()
    .split(/\s*\n\s*/)
    .every((line) => /^".*"$/.test(line));
}

function withoutMissing(json: string): string {
  const drop = (_: string, value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.filter((item) => item !== missing);
    return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== missing));
  };
  const parsed: unknown = JSON.parse(json, drop);
  return JSON.stringify(parsed === missing ? '' : parsed);
}

/**
 * Fills in a template. A member whose path leads to nothing is left out.
 *
 * @throws AwsError `INVALID_JSON` from the input made, if a value breaks the template's JSON
 */
export function transformed({ input_paths: paths = {}, input_template: template }: InputTransformer): Input {
  const text = isLinesOfText(template);
  return (context) => {
    const resolve: Resolve = (name) => {
      if (Object.hasOwn(paths, name)) return { value: at(paths[name]!, context.event) };
      return isPredefined(name) ? { value: predefined[name]!(context) } : undefined;
    };
    const rendered = render(template, resolve);
    try {
      JSON.parse(rendered);
    } catch {
      if (text) return rendered;
      throw new AwsError('INVALID_JSON', 'The input template does not make valid JSON of this event');
    }
    return rendered.includes(JSON.stringify(missing)) ? withoutMissing(rendered) : rendered;
  };
}
