import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import type { Call } from '../../service';
import { keyText } from './item';
import { expiredByTtl } from './record';
import type { ItemChange, Stream } from './stream';
import { Table, type TableDefinition } from './table';

/** A change, and the table it is made to. */
export interface TableChange extends ItemChange {
  readonly table: Table;
}

/** All tables of a runtime. */
export class Tables {
  private readonly byName = new Map<string, Table>();
  private readonly streams = new Map<string, Stream>();

  constructor(readonly runtime: Runtime) {}

  /** Tables in the order of their names. */
  get all(): readonly Table[] {
    return [...this.byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws Error if there is a table of that name */
  create(definition: TableDefinition): Table {
    const { TableName } = definition.schema;
    if (this.byName.has(TableName))
      throw new Error(`A table named ${TableName} exists already; give this one another name`);
    const table = new Table(this.runtime, definition, (owner, key, writtenBy) => this.expire(owner, key, writtenBy));
    this.byName.set(TableName, table);
    if (table.stream) this.streams.set(table.stream.arn, table.stream);
    return table;
  }

  find(name: string): Table | undefined {
    return this.byName.get(name);
  }

  /** @throws AwsError `ResourceNotFoundException` */
  get(name: string, message = 'Requested resource not found'): Table {
    const table = this.byName.get(name);
    if (!table) throw new AwsError('ResourceNotFoundException', message);
    return table;
  }

  /** @throws AwsError `ResourceNotFoundException` */
  stream(arn: string): Stream {
    const stream = this.streams.get(arn);
    if (!stream)
      throw new AwsError('ResourceNotFoundException', `Requested resource not found: Stream: ${arn} not found`);
    return stream;
  }

  /** Makes changes, all at once: nobody sees some of them without the others. */
  commit(changes: readonly TableChange[], call: Pick<Call, 'record'>, userIdentity?: typeof expiredByTtl): void {
    const effective = changes.filter(({ before, after }) => before !== after);
    for (const change of effective) change.table.apply(change);
    const signals = new Set<string>();
    for (const change of changes) {
      const { table, key, keys, before, after } = change;
      const eventName = after === before ? undefined : after ? (before ? 'MODIFY' : 'INSERT') : 'REMOVE';
      const hop = call.record({
        resource: table.arn,
        summary: `${table.name} ${keyText(keys)}: ${eventName ?? 'unchanged'}`,
        data: { keys, ...(eventName && { eventName }) },
      });
      table.expiry?.written(key, after, hop);
      if (!eventName || !table.stream) continue;
      table.stream.append(change, [hop], userIdentity);
      signals.add(table.stream.arn);
    }
    for (const arn of signals) this.runtime.signal(arn);
  }

  private expire(table: Table, key: string, writtenBy: number): void {
    const before = table.items.get(key);
    if (!before) return;
    const { timeline } = this.runtime;
    const principal = expiredByTtl.principalId;
    const step = { service: 'dynamodb', operation: 'expire', principal, parents: [writtenBy] };
    const change = { table, key, keys: table.keysOf(before), before, after: undefined };
    this.commit([change], { record: (hop) => timeline.record({ ...step, ...hop }) }, expiredByTtl);
  }
}
