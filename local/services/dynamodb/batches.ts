import type { Parsed } from 'dynalite/db';
import { AwsError } from '../../aws-error';
import type { Call } from '../../service';
import { read, stage } from './engine';
import { type Input, writesOf } from './inputs';
import { type Item, itemBytes } from './item';
import type { Tables } from './tables';

/** Most bytes that one `BatchGetItem` answers. AWS: API reference of `BatchGetItem`, 16 MB. */
const maxBytes = 16 * 1024 * 1024;

/** `BatchWriteItem`: each request on its own, in no order that AWS would promise. */
export function batchWrite(tables: Tables, data: Input, call: Call): object {
  const staged = Object.entries(data.RequestItems!).flatMap(([TableName, requests]) => {
    const table = tables.get(TableName);
    const seen = new Set<string>();
    return writesOf(requests).map(({ PutRequest, DeleteRequest }) => {
      const parsed: Parsed = { TableName, ...PutRequest, ...DeleteRequest };
      const write = keyed(() => stage(PutRequest ? 'PutItem' : 'DeleteItem', table, parsed));
      if (seen.has(write.key))
        throw new AwsError('ValidationException', 'Provided list of item keys contains duplicates');
      seen.add(write.key);
      return write;
    });
  });
  for (const write of tables.runtime.random.shuffle(staged)) tables.commit([write], call);
  return { UnprocessedItems: {} };
}

/** In a batch AWS says the same of any key that does not fit. */
function keyed<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof AwsError) || !/Missing the key|Type mismatch for key/.test(error.message)) throw error;
    throw new AwsError(error.code, 'The provided key element does not match the schema');
  }
}

/** `BatchGetItem`: the items in any order; what does not fit into one answer is left unprocessed. */
export function batchGet(tables: Tables, data: Input): object {
  const Responses: Record<string, Item[]> = {};
  const UnprocessedKeys: Record<string, object> = {};
  let bytes = 0;
  for (const [TableName, request] of Object.entries(data.RequestItems!)) {
    if (Array.isArray(request)) continue;
    const { Keys, ...options } = request;
    const table = tables.get(TableName);
    const left: Item[] = [];
    const found: Item[] = [];
    for (const Key of Keys) {
      const { Item: item } = read(table, { ...options, TableName, Key });
      if (!item) continue;
      bytes += itemBytes(item);
      if (bytes > maxBytes) left.push(Key);
      else found.push(item);
    }
    Responses[TableName] = tables.runtime.random.shuffle(found);
    if (left.length > 0) UnprocessedKeys[TableName] = { ...sent(options), Keys: left };
  }
  return { Responses, UnprocessedKeys };
}

/** The options as the caller sent them, without parsed expressions. */
function sent(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !name.startsWith('_')));
}
