import { isObject } from '../terraform/values';

/**
 * A value that an event pattern wants: the first literal of each list, and something fitting for the other matchers.
 *
 * @param pattern such as `{"detail-type": ["OrderPlaced"], "detail": {"status": [{"prefix": "NEW"}]}}`
 */
export function sampleOf(pattern: unknown): unknown {
  if (Array.isArray(pattern)) return wanted(pattern);
  if (!isObject(pattern)) return {};
  const entries = Object.entries(pattern).flatMap(([key, inner]): [string, unknown][] => {
    if (key.startsWith('$')) return [];
    const value = sampleOf(inner);
    return value === undefined ? [] : [[key, value]];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** What fits one of the alternatives; undefined where nothing must be there. */
function wanted(alternatives: readonly unknown[]): unknown {
  const [first] = alternatives;
  if (!isObject(first)) return first ?? null;
  if (first.exists === false) return undefined;
  const text = first.prefix ?? first['equals-ignore-case'] ?? first.suffix;
  if (typeof text === 'string') return text;
  if (Array.isArray(first.numeric)) return Number(first.numeric[1]);
  return 'sample';
}

/** Values that patterns want, by the name of the field or attribute, whatever it is nested in. */
export function hintsIn(pattern: unknown, name = ''): [string, unknown][] {
  if (Array.isArray(pattern)) {
    const value = wanted(pattern);
    return value === undefined || value === 'sample' ? [] : [[name, value]];
  }
  if (!isObject(pattern)) return [];
  return Object.entries(pattern).flatMap(([key, inner]) => hintsIn(inner, attributeTypes.has(key) ? name : key));
}

/** Keys that DynamoDB puts between the name of an attribute and its value. */
const attributeTypes: ReadonlySet<string> = new Set(['S', 'N', 'B', 'BOOL']);

/** Every event pattern in the arguments of a resource: of rules, pipes and event source mappings. */
export function patternsIn(attributes: unknown): unknown[] {
  const texts = [...JSON.stringify(attributes).matchAll(/"(?:event_)?pattern":("(?:[^"\\]|\\.)*")/g)];
  return texts.map(([, text]) => JSON.parse(JSON.parse(text!) as string) as unknown);
}
