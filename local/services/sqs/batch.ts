import { z } from 'zod';
import { AwsError, toAwsError } from '../../aws-error';
import { queryCode } from './errors';

/** Entries of a batch request with their common member. */
export function entriesOf<T extends z.ZodRawShape>(members: T) {
  return z.array(z.object({ Id: z.string().optional(), ...members })).optional();
}

/** Entries a batch may hold: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const maximumEntries = 10;

/**
 * Checks the entries of a batch as a whole.
 *
 * @param type the entries' type, such as `SendMessageBatchRequestEntry`
 * @throws AwsError `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `InvalidBatchEntryId`, `BatchEntryIdsNotDistinct`
 */
export function checkEntries<E extends { Id?: string | undefined }>(
  type: string,
  entries: readonly E[] | undefined,
): readonly (E & { Id: string })[] {
  if (!entries?.length) throw new AwsError('EmptyBatchRequest', `There should be at least one ${type} in the request.`);
  if (entries.length > maximumEntries) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${maximumEntries}. You have sent ${entries.length}.`,
    );
  }
  const ids = new Set<string>();
  return entries.map((entry) => {
    const Id = entry.Id ?? '';
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(Id)) {
      throw new AwsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (ids.has(Id)) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`);
    ids.add(Id);
    return { ...entry, Id };
  });
}

/** Does each entry on its own: what fails is reported in `Failed`, which is left out when nothing does. */
export function eachEntry<E extends { Id: string }>(entries: readonly E[], act: (entry: E) => object) {
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...act(entry) });
    } catch (error) {
      const { code, message, status } = toAwsError(error);
      Failed.push({ Id: entry.Id, SenderFault: status < 500, Code: queryCode(code), Message: message });
    }
  }
  return { Successful, ...(Failed.length > 0 && { Failed }) };
}
