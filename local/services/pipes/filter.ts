import { compilePattern } from '../event-pattern';
import type { Pipe } from './pipe';

/**
 * The pipe's filters as one test, compiled once; undefined for a pipe without filters, which takes everything.
 *
 * @throws InvalidEventPatternException
 */
export function matcher(pipe: Pipe): ((event: Readonly<Record<string, unknown>>) => boolean) | undefined {
  const filters = pipe.arguments.source_parameters.filter_criteria?.filter ?? [];
  const patterns = filters.map(({ pattern }) => compilePattern(pattern, { dialect: 'pipes' }));
  return patterns.length > 0 ? (event) => patterns.some((matches) => matches(event)) : undefined;
}
