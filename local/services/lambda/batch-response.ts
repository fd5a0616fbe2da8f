/**
 * Which records of a batch a function's answer reports as failed.
 *
 * Source: AWS Lambda Developer Guide, "Handling errors for an SQS event source": an empty or null answer or list is a
 * complete success; an item without identifier or with one that is not in the batch is a complete failure. An answer
 * that is no object at all counts as a failure here.
 *
 * @param payload the answer, JSON text
 * @param identifiers of the batch's records
 * @returns identifiers of the failed ones, and why the whole batch fails if the answer is not valid
 */
export function reportedFailures(
  payload: string,
  identifiers: readonly string[],
): { failed: readonly string[]; invalid?: string } {
  const all = (invalid: string) => ({ failed: identifiers, invalid });
  let answer: unknown;
  try {
    answer = JSON.parse(payload || 'null');
  } catch {
    return all('the answer is not JSON');
  }
  if (answer === null || answer === '') return { failed: [] };
  if (typeof answer !== 'object' || Array.isArray(answer)) return all('the answer is no object');
  const list: unknown = (answer as { batchItemFailures?: unknown }).batchItemFailures ?? [];
  if (!Array.isArray(list)) return all('batchItemFailures is no list');
  const failed = list.map((item: unknown) => (item as { itemIdentifier?: unknown } | null)?.itemIdentifier);
  const known = new Set(identifiers);
  const wrong = failed.find((id) => typeof id !== 'string' || !known.has(id));
  if (wrong !== undefined || failed.includes(undefined)) {
    return all(`batchItemFailures has an itemIdentifier that is not in the batch: ${JSON.stringify(wrong) ?? 'none'}`);
  }
  return { failed: failed as string[] };
}
