/** Levels of lists and objects that are followed: AWS gives no figure, and recursion ends at some thousands. */
export const deepest = 500;

/**
 * Parses JSON from outside, so that whatever follows its members, or writes it again, does not run out of stack.
 *
 * @throws SyntaxError, also for more than {@link deepest} levels
 */
export function parseNested(text: string): unknown {
  if (depthOf(text) > deepest) throw new SyntaxError(`JSON is nested deeper than ${deepest} levels`);
  return JSON.parse(text);
}

function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '[' || character === '{') most = Math.max(most, ++depth);
    else if (character === ']' || character === '}') depth--;
  }
  return most;
}
