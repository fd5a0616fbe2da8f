import { StateError } from './state-error';

const wildcard = Symbol('*');
type Step = string | number | typeof wildcard;

/** A path of the Amazon States Language, without filters and slices. */
export interface Path {
  readonly text: string;
  /** `$` or, for the context object, `$$`. */
  readonly root: 'input' | 'context';
  readonly steps: readonly Step[];
}

/** What paths are read from. */
export interface Documents {
  readonly input: unknown;
  readonly context: unknown;
}

const step =
  /\.([\p{L}_][\p{L}\p{N}_-]*)|\.(\*)|\[(-?\d+)\]|\[(\*)\]|\[\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\]/uy;

/** @throws Error for what is no path, and for filters, slices and recursive descent, which are not modelled */
export function parsePath(text: string): Path {
  const root = text.startsWith('$$') ? 'context' : 'input';
  let position = root === 'context' ? 2 : 1;
  const steps: Step[] = [];
  while (text.startsWith('$') && position < text.length) {
    step.lastIndex = position;
    const match = step.exec(text);
    if (!match) break;
    const [, name, any, index, every, single, double] = match;
    const quoted = single ?? double;
    steps.push(
      name ?? (any || every ? wildcard : quoted === undefined ? Number(index) : quoted.replaceAll(/\\(.)/g, '$1')),
    );
    position = step.lastIndex;
  }
  if (!text.startsWith('$') || position < text.length) {
    throw new Error(`${JSON.stringify(text)} is not a path that is modelled here: names, indexes and [*] are`);
  }
  return { text, root, steps };
}

/** Whether the path names one place: only those can be written to and compared. */
export function isReference({ steps }: Path): boolean {
  return !steps.includes(wildcard);
}

/** @returns the value there, for a path with wildcards a list of all; undefined if there is none */
export function read(path: Path, documents: Documents): unknown {
  const matches = path.steps.reduce<readonly unknown[]>(
    (values, next) => values.flatMap((value) => membersOf(value, next)),
    [documents[path.root]],
  );
  return isReference(path) ? matches[0] : matches;
}

/** @throws StateError `States.ParameterPathFailure`, or the error given, if there is nothing */
export function demand(path: Path, documents: Documents, error = 'States.ParameterPathFailure'): unknown {
  const value = read(path, documents);
  if (value !== undefined) return value;
  throw new StateError(
    error,
    `The JSONPath '${path.text}' could not be found in the input '${JSON.stringify(documents[path.root])}'`,
  );
}

function membersOf(value: unknown, next: Step): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (next === wildcard) return Object.values(value);
  if (typeof next === 'number') {
    const found = Array.isArray(value) ? value.at(next) : undefined;
    return found === undefined ? [] : [found];
  }
  return Object.hasOwn(value, next) && !Array.isArray(value) ? [(value as Record<string, unknown>)[next]] : [];
}

/**
 * A copy of a document with a value at a path; objects on the way are made.
 *
 * @throws StateError `States.ResultPathMatchFailure` where the document has something else on the way
 */
export function write(document: unknown, { steps, text }: Path, value: unknown): unknown {
  const [next, ...rest] = steps;
  if (next === undefined) return value;
  const inner = { text, root: 'input', steps: rest } as const;
  if (typeof next === 'number' && Array.isArray(document) && next in document)
    return document.with(next, write(document[next], inner, value));
  if (typeof next === 'string' && typeof document === 'object' && document !== null && !Array.isArray(document)) {
    const own = Object.hasOwn(document, next) ? (document as Record<string, unknown>)[next] : {};
    return { ...document, [next]: write(own, inner, value) };
  }
  throw new StateError(
    'States.ResultPathMatchFailure',
    `Unable to apply ResultPath '${text}' to input '${JSON.stringify(document)}'`,
  );
}
