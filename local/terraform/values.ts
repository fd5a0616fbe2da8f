import { ExpressionError } from './expression';

/** An object or map of the Terraform language. */
export type TerraformObject = Readonly<Record<string, unknown>>;

/** Terraform's name of a value's type. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'boolean' ? 'a bool' : `a ${typeof value}`;
}

/** Whether a value is an object or map; lists and null are none. */
export function isObject(value: unknown): value is TerraformObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Converts to a string as Terraform does: numbers in decimal notation, never with an exponent.
 *
 * @throws ExpressionError for lists, objects and null
 */
export function asString(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return decimal(value);
  throw new ExpressionError(`${typeName(value)} cannot be made a string`);
}

function decimal(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  return Number.isInteger(value) ? BigInt(value).toString() : small(value);
}

/** Writes a number with a negative exponent, whose digits JavaScript gives as `1.5e-7`. */
function small(value: number): string {
  const [digits, exponent] = Math.abs(value).toString().split('e-');
  const zeros = '0'.repeat(Number(exponent) - 1);
  return `${value < 0 ? '-' : ''}0.${zeros}${digits!.replace('.', '')}`;
}

/** @throws ExpressionError for what is no number and no text of one */
export function asNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value)) return Number(value);
  throw new ExpressionError(
    `expected a number, got ${typeof value === 'string' ? JSON.stringify(value) : typeName(value)}`,
  );
}

/** @throws ExpressionError */
export function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new ExpressionError(`expected a list, got ${typeName(value)}`);
}

/** @throws ExpressionError */
export function asObject(value: unknown): TerraformObject {
  if (isObject(value)) return value;
  throw new ExpressionError(`expected an object, got ${typeName(value)}`);
}

/** Order of Terraform's maps and sets: by the bytes of the text. */
export function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/** Writes JSON as `jsonencode` does: keys in order, `<`, `>`, `&` and the line separators escaped. */
export function encodeJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(encodeJson).join(',')}]`;
  if (isObject(value)) {
    const keys = Object.keys(value).sort(byBytes);
    return `{${keys.map((key) => `${encodeJson(key)}:${encodeJson(value[key])}`).join(',')}}`;
  }
  if (typeof value === 'number') return decimal(value);
  const text = JSON.stringify(value ?? null);
  return text.replaceAll(/[<>&\u2028\u2029]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
