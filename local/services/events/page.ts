import { z } from 'zod';
import { paginate } from '../pages';

/** Input members of the operations that list: up to 100 of a page (service model of EventBridge, LimitMax100). */
export const page = { NextToken: z.string().optional(), Limit: z.int().min(1).max(100).optional() };

/**
 * Cuts the page that a request asks for out of a list.
 *
 * @throws AwsError `ValidationException` for a token that no page gave
 */
export function pageOf<T>(all: readonly T[], request: { NextToken?: string | undefined; Limit?: number | undefined }) {
  const { items, next } = paginate(all, request.Limit ?? 100, request.NextToken, 'ValidationException');
  return { items, more: next === undefined ? {} : { NextToken: next } };
}
