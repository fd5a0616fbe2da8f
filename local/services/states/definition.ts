import { z } from 'zod';
import { parseRule, type Rule } from './choice';
import { parseExpression } from './intrinsics';
import { type Path, isReference, parsePath } from './path';
import { type Template, parseTemplate } from './template';

const path = z.string().transform((text, context): Path => compiled(() => parsePath(text), context));
const reference = path.refine(isReference, 'must name one place');
/** Null stands for an empty object, or for throwing a result away. */
const pathOrNull = path.nullable().default(parsePath('$'));
const resultPath = reference.nullable().default(parsePath('$'));
const template = z.unknown().transform((value, context): Template => compiled(() => parseTemplate(value), context));
const expression = z.string().transform((text, context) => compiled(() => parseExpression(text), context));
const seconds = z.int().min(1).max(99_999_999);

function compiled<T>(compile: () => T, context: z.core.$RefinementCtx): T {
  try {
    return compile();
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
}

const retrier = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: z.array(z.string()).min(1),
  IntervalSeconds: seconds.default(1),
  MaxAttempts: z.int().min(0).max(99_999_999).default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.int().min(1).max(31_622_400).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
});

const catcher = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: z.array(z.string()).min(1),
  ResultPath: resultPath,
  Next: z.string(),
});

const common = { Comment: z.string().optional(), InputPath: pathOrNull, OutputPath: pathOrNull };
const goesOn = { Next: z.string().optional(), End: z.literal(true).optional() };
const results = { ResultSelector: template.optional(), ResultPath: resultPath };
const failing = { Retry: z.array(retrier).default([]), Catch: z.array(catcher).default([]) };

const task = z.strictObject({
  Type: z.literal('Task'),
  ...common,
  ...goesOn,
  ...results,
  ...failing,
  Resource: z.string(),
  Parameters: template.optional(),
  TimeoutSeconds: seconds.optional(),
  TimeoutSecondsPath: reference.optional(),
});

const pass = z.strictObject({
  Type: z.literal('Pass'),
  ...common,
  ...goesOn,
  Result: z.unknown().optional(),
  Parameters: template.optional(),
  ResultPath: resultPath,
});

const rule = z.looseObject({ Next: z.string() }).transform((value, context) => {
  return { holds: compiled((): Rule => parseRule(value), context), next: value.Next };
});

const choice = z.strictObject({
  Type: z.literal('Choice'),
  ...common,
  Choices: z.array(rule).min(1),
  Default: z.string().optional(),
});

const wait = z
  .strictObject({
    Type: z.literal('Wait'),
    ...common,
    ...goesOn,
    Seconds: z.int().min(0).max(99_999_999).optional(),
    SecondsPath: reference.optional(),
    Timestamp: z.iso.datetime({ offset: true }).optional(),
    TimestampPath: reference.optional(),
  })
  .refine(
    (state) =>
      [state.Seconds, state.SecondsPath, state.Timestamp, state.TimestampPath].filter((one) => one !== undefined)
        .length === 1,
    'needs one of Seconds, SecondsPath, Timestamp and TimestampPath',
  );

const succeed = z.strictObject({ Type: z.literal('Succeed'), ...common });

const fail = z.strictObject({
  Type: z.literal('Fail'),
  Comment: z.string().optional(),
  Error: z.string().optional(),
  ErrorPath: expression.optional(),
  Cause: z.string().optional(),
  CausePath: expression.optional(),
});

/** States that lead to one another: a branch, or what is done with each item. */
export interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

const branch: z.ZodType<Machine> = z.lazy(() => z.strictObject(shape));

const processor: z.ZodType<Machine> = z.lazy(() =>
  z.strictObject({
    ...shape,
    ProcessorConfig: z.strictObject({ Mode: z.literal('INLINE', 'only inline maps are modelled') }).optional(),
  }),
);

const parallel = z.strictObject({
  Type: z.literal('Parallel'),
  ...common,
  ...goesOn,
  ...results,
  ...failing,
  Parameters: template.optional(),
  Branches: z.array(branch).min(1),
});

const map = z.strictObject({
  Type: z.literal('Map'),
  ...common,
  ...goesOn,
  ...results,
  ...failing,
  ItemsPath: reference.default(parsePath('$')),
  ItemSelector: template.optional(),
  MaxConcurrency: z.int().min(0).default(0),
  ItemProcessor: processor,
});

const state = z.discriminatedUnion('Type', [task, pass, choice, wait, succeed, fail, parallel, map]);

const shape = {
  StartAt: z.string(),
  Comment: z.string().optional(),
  States: z.record(z.string().min(1).max(80), state),
};

const definition = z.strictObject({
  ...shape,
  Version: z.literal('1.0').optional(),
  QueryLanguage: z.literal('JSONPath', 'only JSONPath is modelled').optional(),
  TimeoutSeconds: seconds.optional(),
});

/** A state of any type. */
export type State = z.output<typeof state>;
/** A state that calls a service. */
export type TaskState = z.output<typeof task>;
/** An entry of `Retry`. */
export type Retrier = z.output<typeof retrier>;
/** A whole state machine. */
export type Definition = z.output<typeof definition>;

/**
 * Reads a definition in the Amazon States Language.
 *
 * @param checkTask says what is wrong with a task's resource, if anything
 * @throws Error with everything that cannot be run, each with the place
 */
export function parseDefinition(text: string, checkTask: (resource: string) => string | undefined): Definition {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new Error(`definition is not JSON: ${(error as Error).message}`, { cause: error });
  }
  const parsed = definition.safeParse(document);
  const problems = parsed.success
    ? [...problemsOf(parsed.data, checkTask), ...sameNames(parsed.data)]
    : parsed.error.issues.flatMap(({ path: place, message, ...issue }) =>
        'keys' in issue
          ? issue.keys.map((key) => `${[...place, key].join('.')}: is not modelled`)
          : [`${place.join('.') || 'definition'}: ${message}`],
      );
  if (!parsed.success || problems.length > 0) throw new Error(`definition cannot be run: ${problems.join('; ')}`);
  return parsed.data;
}

/** States that lead nowhere or to no state, or cannot be reached, here and in what they hold. */
function problemsOf({ StartAt, States }: Machine, checkTask: (resource: string) => string | undefined): string[] {
  const reached = new Set([StartAt]);
  for (const name of reached) for (const next of States[name] ? nextOf(States[name]) : []) reached.add(next);
  const missing = [...reached].filter((name) => !States[name]).map((name) => `there is no state ${name}`);
  const own = Object.entries(States).flatMap(([name, one]) => {
    const faults: (string | undefined | false)[] = [
      !reached.has(name) && 'cannot be reached',
      goesNowhere(one) && 'needs either Next or End',
      one.Type === 'Task' && checkTask(one.Resource),
      'Retry' in one && misplacedAll(one.Retry) && 'States.ALL must stand alone, in the last retrier',
      'Catch' in one && misplacedAll(one.Catch) && 'States.ALL must stand alone, in the last catcher',
    ];
    return faults.filter((fault) => fault).map((fault) => `States.${name}: ${fault}`);
  });
  const inner = Object.values(States).flatMap((one) => partsOf(one).flatMap((part) => problemsOf(part, checkTask)));
  return [...missing, ...own, ...inner];
}

/** Names are unique in the whole definition: Amazon States Language, "States". */
function sameNames(machine: Machine): string[] {
  const names = namesOf(machine);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...repeated].map((name) => `there are two states called ${name}`);
}

function namesOf({ States }: Machine): string[] {
  return [...Object.keys(States), ...Object.values(States).flatMap((one) => partsOf(one).flatMap(namesOf))];
}

function misplacedAll(handlers: readonly { readonly ErrorEquals: readonly string[] }[]): boolean {
  return handlers.some(
    ({ ErrorEquals }, index) =>
      ErrorEquals.includes('States.ALL') && (ErrorEquals.length > 1 || index < handlers.length - 1),
  );
}

function goesNowhere(one: State): boolean {
  if (one.Type === 'Choice' || one.Type === 'Succeed' || one.Type === 'Fail') return false;
  return (one.Next === undefined) === (one.End === undefined);
}

function nextOf(one: State): string[] {
  const next = 'Next' in one && one.Next !== undefined ? [one.Next] : [];
  const caught = 'Catch' in one ? one.Catch.map(({ Next }) => Next) : [];
  const chosen =
    one.Type === 'Choice' ? [...one.Choices.map((rules) => rules.next), ...(one.Default ? [one.Default] : [])] : [];
  return [...next, ...caught, ...chosen];
}

function partsOf(one: State): Machine[] {
  return one.Type === 'Parallel' ? one.Branches : one.Type === 'Map' ? [one.ItemProcessor] : [];
}
