/** What an item holds here: text, numbers and yes or no. */
export type Scalar = string | number | boolean;

/** A scalar as DynamoDB writes it. */
export function attribute(value: Scalar): { S: string } | { N: string } | { BOOL: boolean } {
  if (typeof value === 'string') return { S: value };
  return typeof value === 'number' ? { N: String(value) } : { BOOL: value };
}

/** Values as attributes, without those that are absent. */
export function attributes(values: Readonly<Record<string, Scalar | undefined>>) {
  const present = Object.entries(values).filter((entry): entry is [string, Scalar] => entry[1] !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, attribute(value)]));
}

/** The scalars of an item or image; other attributes are left out. */
export function scalars(image: Readonly<Record<string, object>> = {}): Record<string, Scalar> {
  const scalar = ({ S, N, BOOL }: { S?: string; N?: string; BOOL?: boolean }) =>
    S ?? (N === undefined ? BOOL : Number(N));
  const values = Object.entries(image).map(([name, value]) => [name, scalar(value)] as const);
  return Object.fromEntries(values.filter((entry): entry is [string, Scalar] => entry[1] !== undefined));
}
