import { InvalidEventPatternException } from './invalid';

/** The literal texts between the unescaped asterisks. */
function literals(pattern: string): string[] {
  const parts = [''];
  // Event Ruler counts bytes of the quoted value, so the text starts at position 1.
  const position = (index: number) => Buffer.byteLength(pattern.slice(0, index)) + 1;
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i]!;
    if (character === '*') {
      if (pattern[i + 1] === '*') {
        throw new InvalidEventPatternException(`Consecutive wildcard characters at pos ${position(i)}`);
      }
      parts.push('');
    } else if (character === '\\') {
      const escaped = pattern[i + 1];
      if (escaped !== '*' && escaped !== '\\') {
        throw new InvalidEventPatternException(`Invalid escape character at pos ${position(i)}`);
      }
      parts[parts.length - 1] += escaped;
      i++;
    } else {
      parts[parts.length - 1] += character;
    }
  }
  return parts;
}

/**
 * `wildcard`: `*` stands for any characters, `\*` and `\\` for themselves.
 *
 * @throws InvalidEventPatternException for two asterisks in a row and for other escapes
 */
export function wildcard(operand: unknown): (event: unknown) => boolean {
  if (typeof operand !== 'string') throw new InvalidEventPatternException('wildcard match pattern must be a string');
  const parts = literals(operand);
  if (parts.length === 1) return (event) => event === parts[0];
  const first = parts[0]!;
  const last = parts.at(-1)!;
  const middle = parts.slice(1, -1);
  return (event) => {
    if (typeof event !== 'string' || event.length < first.length + last.length) return false;
    if (!event.startsWith(first) || !event.endsWith(last)) return false;
    const end = event.length - last.length;
    let at = first.length;
    for (const part of middle) {
      const found = event.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}
