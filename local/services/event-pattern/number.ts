import { InvalidEventPatternException } from './invalid';

const limit = 5e9;
const precision = 6;

function decimals(value: number): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent));
}

/** Whether numeric comparison works on the number: from -5e9 to 5e9 with up to six decimals (Event Ruler, ComparableNumber). */
function comparable(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= limit && decimals(value) <= precision;
}

/** @throws InvalidEventPatternException for a number that numeric comparison does not work on */
export function requireComparable(value: number): void {
  if (Math.abs(value) > limit) {
    throw new InvalidEventPatternException('Value must be between -5.0E9 and 5.0E9, inclusive');
  }
  if (decimals(value) > precision) {
    throw new InvalidEventPatternException(`Only values upto 6 decimals are supported: ${value}`);
  }
}

function requireNumber(operator: string, value: unknown): number {
  if (typeof value !== 'number') {
    const name = operator === '=' ? 'equals' : operator;
    throw new InvalidEventPatternException(`Value of ${name} must be numeric`);
  }
  requireComparable(value);
  return value;
}

const comparisons: Record<string, (value: number, threshold: number) => boolean> = {
  '=': (value, threshold) => value === threshold,
  '>': (value, threshold) => value > threshold,
  '>=': (value, threshold) => value >= threshold,
  '<': (value, threshold) => value < threshold,
  '<=': (value, threshold) => value <= threshold,
};

function upperBound(operator: unknown, value: unknown, bottom: number): (event: number) => boolean {
  if (typeof operator !== 'string') {
    throw new InvalidEventPatternException(`Bad value in numeric range: ${JSON.stringify(operator)}`);
  }
  if (operator !== '<' && operator !== '<=') {
    throw new InvalidEventPatternException(`Bad numeric range operator: ${operator}`);
  }
  const top = requireNumber(operator, value);
  if (bottom >= top) throw new InvalidEventPatternException('Bottom must be less than top');
  const below = comparisons[operator]!;
  return (event) => below(event, top);
}

/**
 * `numeric`: one comparison, or a lower bound and then an upper bound.
 *
 * @throws InvalidEventPatternException for anything else
 */
export function numeric(operand: unknown): (event: unknown) => boolean {
  if (!Array.isArray(operand)) throw new InvalidEventPatternException('Value of numeric must be an array.');
  const [operator, value, ...rest]: unknown[] = operand;
  if (typeof operator !== 'string') {
    throw new InvalidEventPatternException(`Invalid member in numeric match: ${JSON.stringify(operator) ?? ']'}`);
  }
  const compare = Object.hasOwn(comparisons, operator) ? comparisons[operator]! : undefined;
  if (!compare) throw new InvalidEventPatternException(`Unrecognized numeric range operator: ${operator}`);
  const threshold = requireNumber(operator, value);
  if (rest.length === 0) return (event) => comparable(event) && compare(event, threshold);
  if (!operator.startsWith('>')) throw new InvalidEventPatternException('Too many elements in numeric expression');
  const below = upperBound(rest[0], rest[1], threshold);
  if (rest.length > 2) throw new InvalidEventPatternException('Too many terms in numeric range expression');
  return (event) => comparable(event) && compare(event, threshold) && below(event);
}
