import { AwsError } from '../aws-error';

/** A part of a list, and the marker of the next part if there is one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/**
 * Cuts a page out of a list.
 *
 * @param marker as a former page gave it; undefined for the first page
 * @param errorCode the service's error for a marker that no page gave
 * @throws AwsError
 */
export function paginate<T>(all: readonly T[], limit: number, marker: string | undefined, errorCode: string): Page<T> {
  const from = marker === undefined ? 0 : Number(/^after-(\d+)$/.exec(marker)?.[1] ?? Number.NaN);
  if (Number.isNaN(from)) throw new AwsError(errorCode, `Invalid marker: ${marker}`);
  const end = from + limit;
  return { items: all.slice(from, end), next: end < all.length ? `after-${end}` : undefined };
}
