import type { AttributeValue, Item } from 'dynalite/db';
import { createHash } from 'node:crypto';

export type { AttributeValue, Item };

/** Freezes a value all the way down. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}

const scalars = ['S', 'N', 'B', 'BOOL', 'NULL'] as const;
const sets = ['SS', 'NS', 'BS'] as const;

/** The named attributes of an item, as far as it has them. */
export function pick(item: Item, names: readonly string[]): Item {
  return Object.freeze(Object.fromEntries(names.filter((name) => item[name]).map((name) => [name, item[name]!])));
}

/** Whether two items are equal; sets have no order. */
export function sameItem(one: Item, other: Item): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && sameValue(one[name]!, other[name]!))
  );
}

function sameValue(one: AttributeValue, other: AttributeValue): boolean {
  if (one.M && other.M) return sameItem(one.M, other.M);
  if (one.L && other.L)
    return one.L.length === other.L.length && one.L.every((value, i) => sameValue(value, other.L![i]!));
  return (
    scalars.some((type) => one[type] !== undefined && one[type] === other[type]) ||
    sets.some((type) => one[type] && other[type] && sameMembers(one[type], other[type]))
  );
}

function sameMembers(one: readonly string[], other: readonly string[]): boolean {
  const members = new Set(other);
  return one.length === members.size && one.every((member) => members.has(member));
}

/**
 * Size of an item in bytes: UTF-8 attribute names and values; 3 bytes for a list or map and 1 for each of its members.
 * AWS: Amazon DynamoDB Developer Guide, "DynamoDB Item sizes and formats".
 */
export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) bytes += Buffer.byteLength(name) + valueBytes(value);
  return bytes;
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.B !== undefined) return Buffer.byteLength(value.B, 'base64');
  if (value.SS) return sum(value.SS, (text) => Buffer.byteLength(text));
  if (value.NS) return sum(value.NS, numberBytes);
  if (value.BS) return sum(value.BS, (binary) => Buffer.byteLength(binary, 'base64'));
  if (value.L) return 3 + sum(value.L, (member) => 1 + valueBytes(member));
  if (value.M) return 3 + Object.keys(value.M).length + itemBytes(value.M);
  return 1;
}

function numberBytes(number: string): number {
  const digits = number
    .replace(/^-/, '')
    .replace('.', '')
    .replace(/^0+|0+$/g, '').length;
  return 1 + Math.ceil(digits / 2) + (number.startsWith('-') ? 1 : 0);
}

function sum<T>(values: readonly T[], size: (value: T) => number): number {
  return values.reduce((total, value) => total + size(value), 0);
}

/** A scalar value as text: what a person reads, and what `dynamodb:LeadingKeys` holds. */
export function valueText(value: AttributeValue): string {
  return value.S ?? value.N ?? value.B ?? JSON.stringify(value);
}

/** A key for a person: `id=abc createdAt=17`. */
export function keyText(key: Item): string {
  return Object.entries(key)
    .map(([name, value]) => `${name}=${valueText(value)}`)
    .join(' ');
}

/** Equal for equal documents, whatever the order of their members. */
export function fingerprint(document: unknown): string {
  const sorted = (_name: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return createHash('sha256').update(JSON.stringify(document, sorted)).digest('hex');
}
