import type { Dialect } from './dialect';
import { InvalidEventPatternException } from './invalid';
import { type Condition, condition } from './operators';

/** One way to fulfil a pattern: what each field, by its dotted path, must fulfil. */
export type Alternative = ReadonlyMap<string, Condition>;

/** Names that may not be fields inside `$or` (Event Ruler, Constants.RESERVED_FIELD_NAMES_IN_OR_RELATIONSHIP). */
const reserved = new Set(
  'exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr html = < <= > >= regex'
    .concat(' not-wildcard not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before')
    .concat(' in-date-range ip-address-in-range ip-address-not-in-range')
    .split(' '),
);

/** How many alternatives the `$or` of one pattern may multiply to. */
const maximumAlternatives = 1000;

interface Place {
  /** Dotted path of the object with a dot at its end; empty at the top. */
  readonly prefix: string;
  readonly insideOr: boolean;
  readonly dialect: Dialect;
}

/** The alternatives so far, each with what the members of one object add. */
function withObject(before: Alternative[], object: object, place: Place): Alternative[] {
  const members = Object.entries(object);
  if (members.length === 0) throw new InvalidEventPatternException('Empty objects are not allowed');
  return members.reduce((all, [name, member]) => withMember(all, name, member, place), before);
}

function withMember(before: Alternative[], name: string, member: unknown, place: Place): Alternative[] {
  if (name === '$or') return withOr(before, member, place);
  if (place.insideOr && reserved.has(name)) {
    throw new InvalidEventPatternException(`${name} is Ruler reserved fieldName which cannot be used inside $or.`);
  }
  const path = place.prefix + name;
  if (Array.isArray(member)) {
    const expected = condition(member, place.dialect);
    return before.map((alternative) => new Map(alternative).set(path, expected));
  }
  if (typeof member === 'object' && member !== null)
    return withObject(before, member, { ...place, prefix: `${path}.` });
  throw new InvalidEventPatternException(`"${name}" must be an object or an array`);
}

function withOr(before: Alternative[], branches: unknown, place: Place): Alternative[] {
  if (!Array.isArray(branches)) throw new InvalidEventPatternException('It must be an Array followed with $or.');
  const after: Alternative[] = [];
  for (const branch of branches) {
    if (typeof branch !== 'object' || branch === null || Array.isArray(branch)) {
      throw new InvalidEventPatternException('Only JSON object is allowed in array of $or relationship.');
    }
    after.push(...withObject(before, branch, { ...place, insideOr: true }));
    if (after.length > maximumAlternatives) {
      throw new InvalidEventPatternException(
        `Rule is too complex - its $or multiply to more than ${maximumAlternatives} combinations`,
      );
    }
  }
  if (branches.length < 2) {
    throw new InvalidEventPatternException('There must have at least 2 Objects in $or relationship.');
  }
  return after;
}

/**
 * Resolves `$or` into the alternatives that fulfil a pattern.
 *
 * A field that a pattern names twice counts as last written, as in Event Ruler.
 *
 * @throws InvalidEventPatternException
 */
export function alternatives(pattern: unknown, dialect: Dialect): Alternative[] {
  if (typeof pattern !== 'object' || pattern === null || Array.isArray(pattern)) {
    throw new InvalidEventPatternException('Filter is not an object');
  }
  return withObject([new Map()], pattern, { prefix: '', insideOr: false, dialect });
}
