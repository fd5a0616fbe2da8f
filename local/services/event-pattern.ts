import { alternatives } from './event-pattern/compile';
import type { Dialect } from './event-pattern/dialect';
import { InvalidEventPatternException } from './event-pattern/invalid';
import { leavesOf, matcher, pathsTo } from './event-pattern/match';

export type { Dialect } from './event-pattern/dialect';
export { InvalidEventPatternException } from './event-pattern/invalid';

/** Decides whether an event fits a pattern. */
export type Matcher = (event: unknown) => boolean;

/** Longest pattern, in characters, that the APIs of rules, pipes and event source mappings take (service models, member `Pattern`). */
const maximumPatternLength = 4096;

const rememberedPatterns = 500;
const remembered = new Map<string, Matcher>();

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function textOf(pattern: unknown): string {
  if (typeof pattern === 'string') return pattern;
  try {
    return JSON.stringify(pattern) ?? 'null';
  } catch (error) {
    throw new InvalidEventPatternException(`it cannot be written as JSON: ${messageOf(error)}`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidEventPatternException(messageOf(error));
  }
}

/**
 * Checks a pattern once and makes a matcher of it.
 *
 * Semantics are those of aws/event-ruler, which EventBridge runs: a field fits if any of its values fits any leaf at its
 * path; fields inside one array of objects must fit within one element.
 *
 * @param pattern JSON text, or what it parses to
 * @param options.dialect whose operators are allowed. @default bus
 * @throws InvalidEventPatternException naming what is wrong
 */
export function compilePattern(pattern: unknown, options: { readonly dialect?: Dialect } = {}): Matcher {
  const text = textOf(pattern);
  if (text.length > maximumPatternLength) {
    throw new InvalidEventPatternException(
      `the pattern has ${text.length} characters, at most ${maximumPatternLength} are allowed`,
    );
  }
  const compiled = alternatives(parse(text), options.dialect ?? 'bus');
  const wanted = pathsTo(compiled.flatMap((alternative) => [...alternative.keys()]));
  const matchers = compiled.map((alternative) => matcher(alternative));
  return (event) => {
    if (typeof event !== 'object' || event === null || Array.isArray(event)) return false;
    const leaves = leavesOf(event, wanted);
    return matchers.some((matches) => matches(leaves));
  };
}

/**
 * Whether an event fits a pattern of an event bus rule, as TestEventPattern answers. Remembers the patterns last used.
 *
 * @param pattern JSON text, or what it parses to
 * @param event the parsed event; what is not an object fits nothing
 * @throws InvalidEventPatternException naming what is wrong with the pattern
 */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  const text = textOf(pattern);
  let matches = remembered.get(text);
  if (!matches) {
    matches = compilePattern(text);
    if (remembered.size >= rememberedPatterns) remembered.delete(remembered.keys().next().value!);
    remembered.set(text, matches);
  }
  return matches(event);
}
