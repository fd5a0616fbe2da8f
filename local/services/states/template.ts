import type { Random } from '../../random';
import { evaluate, parseExpression } from './intrinsics';
import type { Documents } from './path';

/**
 * A payload template (`Parameters`, `ItemSelector`, `ResultSelector`), compiled: members whose name ends in `.$` are paths or
 * intrinsic functions, all else is as it stands.
 */
export type Template = (documents: Documents, random: Random) => unknown;

/** @throws Error for a member that is neither a path nor an intrinsic function */
export function parseTemplate(value: unknown): Template {
  if (Array.isArray(value)) {
    const items = value.map(parseTemplate);
    return (documents, random) => items.map((item) => item(documents, random));
  }
  if (typeof value !== 'object' || value === null) return () => value;
  const members = Object.entries(value).map(([name, member]): [string, Template] => {
    if (!name.endsWith('.$')) return [name, parseTemplate(member)];
    if (typeof member !== 'string')
      throw new Error(`${name}: expected a path or an intrinsic function, got ${JSON.stringify(member)}`);
    const expression = parseExpression(member);
    return [name.slice(0, -2), (documents, random) => evaluate(expression, documents, random)];
  });
  return (documents, random) => Object.fromEntries(members.map(([name, member]) => [name, member(documents, random)]));
}
