import type { Alternative } from './compile';
import type { Condition } from './operators';

/** Which element of which arrays a leaf lies in: array number -> index. */
type Elements = ReadonlyMap<number, number>;

interface Leaf {
  readonly value: unknown;
  readonly elements: Elements;
}

/** How deep events are followed; JSON documents of EventBridge nest no deeper than Jackson reads (1000). */
const maximumDepth = 1000;

const nowhere: Elements = new Map();

/** All dotted paths on the way to the paths given. */
export function pathsTo(paths: Iterable<string>): ReadonlySet<string> {
  const all = new Set<string>();
  for (const path of paths) {
    for (let end = path.indexOf('.'); end >= 0; end = path.indexOf('.', end + 1)) all.add(path.slice(0, end));
    all.add(path);
  }
  return all;
}

/** The leaves of an event by dotted path, as far as a pattern asks for them; arrays leave no trace in the path. */
export function leavesOf(event: object, wanted: ReadonlySet<string>): Map<string, Leaf[]> {
  const leaves = new Map<string, Leaf[]>();
  let arrays = 0;
  const visit = (path: string, value: unknown, elements: Elements, depth: number): void => {
    if (depth > maximumDepth) return;
    if (Array.isArray(value)) {
      const id = arrays++;
      value.forEach((item: unknown, index) => {
        const nested = typeof item === 'object' && item !== null;
        visit(path, item, nested ? new Map(elements).set(id, index) : elements, depth + 1);
      });
    } else if (typeof value === 'object' && value !== null) {
      members(`${path}.`, value, elements, depth + 1);
    } else {
      const list = leaves.get(path);
      if (list) list.push({ value, elements });
      else leaves.set(path, [{ value, elements }]);
    }
  };
  const members = (prefix: string, object: object, elements: Elements, depth: number): void => {
    for (const [name, value] of Object.entries(object)) {
      const path = prefix + name;
      if (wanted.has(path)) visit(path, value, elements, depth);
    }
  };
  members('', event, nowhere, 0);
  return leaves;
}

/** Both together, or undefined if they lie in different elements of one array. */
function join(a: Elements, b: Elements): Elements | undefined {
  if (b.size === 0) return a;
  if (a.size === 0) return b;
  const joined = new Map(a);
  for (const [array, index] of b) {
    const other = joined.get(array);
    if (other !== undefined && other !== index) return undefined;
    joined.set(array, index);
  }
  return joined;
}

/**
 * A matcher for one alternative. All leaves that fulfil it must agree on the elements they lie in ("array consistency" of
 * Event Ruler); a field is absent if no leaf of its path agrees with those chosen before it, in the order of the paths.
 */
export function matcher(alternative: Alternative): (leaves: ReadonlyMap<string, readonly Leaf[]>) => boolean {
  const fields: [string, Condition][] = [...alternative].sort(([a], [b]) => (a < b ? -1 : 1));
  return (leaves) => {
    const tried = new Set<string>();
    const fulfilled = (position: number, chosen: Elements): boolean => {
      const field = fields[position];
      if (!field) return true;
      const key = `${position}:${[...chosen].sort(([a], [b]) => a - b).join(' ')}`;
      if (tried.has(key)) return false;
      tried.add(key);
      const [path, { tests, absent }] = field;
      let present = false;
      for (const leaf of leaves.get(path) ?? []) {
        const joined = join(chosen, leaf.elements);
        if (!joined) continue;
        present = true;
        if (tests.some((test) => test(leaf.value)) && fulfilled(position + 1, joined)) return true;
      }
      return absent && !present && fulfilled(position + 1, chosen);
    };
    return fulfilled(0, nowhere);
  };
}
