import { Database, inboxTable } from '../dynamodb-fixture';

/** Milliseconds. */
export const hour = 60 * 60_000;
/** Arguments of the inbox table with a stream of old and new images. */
export const streamed = { ...inboxTable, stream_enabled: true, stream_view_type: 'NEW_AND_OLD_IMAGES' };
/** Input of `PutItem`. */
export const put = (id: string, n: number) => ({ TableName: 'inbox', Item: { id: { S: id }, n: { N: String(n) } } });

/** A database with one table, and the ARN of its stream. */
export async function withStream(table: object = streamed) {
  const db = new Database();
  const { stream_arn: arn } = await db.table(table);
  return { db, arn };
}
