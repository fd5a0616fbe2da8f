import type { AwsError } from '../../aws-error';

/** Why a delivery did not succeed, in the words of dead letters. */
export interface Failure {
  /** `ERROR_CODE` of the dead letter (user guide, eb-rule-dlq). */
  readonly code: string;
  readonly message: string;
  /** Another attempt cannot help. */
  readonly permanent: boolean;
}

/** Which limit of the retry policy ended the attempts. */
export type ExhaustedCondition = 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';

function codeOf({ code, status }: AwsError): string {
  if (code === 'INVALID_JSON') return code;
  if (/AccessDenied/.test(code)) return 'NO_PERMISSIONS';
  if (/DoesNotExist|NonExistent|NotFound/.test(code)) return 'NO_RESOURCE';
  if (/Throttl|TooManyRequests/i.test(code) || status === 429) return 'THROTTLING';
  if (/Timeout/i.test(code)) return 'TIMEOUT';
  return status >= 500 ? 'INTERNAL_ERROR' : 'INVALID_PARAMETER';
}

const permanent = new Set([
  'NO_PERMISSIONS',
  'NO_RESOURCE',
  'FAILED_TO_ASSUME_ROLE',
  'INVALID_JSON',
  'INVALID_PARAMETER',
]);

/**
 * Reads the error of a target.
 *
 * @param code given where the error itself does not tell
 */
export function failureOf(error: AwsError, code = codeOf(error)): Failure {
  return { code, message: error.message || code, permanent: permanent.has(code) };
}

/**
 * Pause before a retry, in milliseconds: doubled from 1 s up to 10 min, less up to half of it by chance. AWS says no more than
 * "exponential back off and jitter"; with these figures 185 attempts take about 24 hours.
 *
 * @param retries how many there were before
 * @param chance from 0 to 1
 */
export function backoff(retries: number, chance: number): number {
  return Math.min(1000 * 2 ** retries, 600_000) * (1 - chance / 2);
}
