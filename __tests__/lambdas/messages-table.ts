import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { MessageStore } from '../../lambdas/notifications/message-store';
import { statusIndex } from '../../lambdas/notifications/send-status';
import type { AwsError } from '../../local/aws-error';
import type { Item } from '../../local/services/dynamodb/item';
import { Database } from '../local/services/dynamodb-fixture';

export const leaseSeconds = 900;

/** The table as the stack makes it. */
const messagesTable = {
  name: 'messages',
  billing_mode: 'PAY_PER_REQUEST',
  hash_key: 'id',
  attribute: [
    { name: 'id', type: 'S' },
    { name: 'sendStatus', type: 'S' },
  ],
  global_secondary_index: [
    {
      name: statusIndex.name,
      hash_key: 'sendStatus',
      projection_type: 'INCLUDE',
      non_key_attributes: [...statusIndex.attributes],
    },
  ],
};

/** A store over a table as the local runtime runs it. */
export class MessagesTable {
  readonly database = new Database();
  /** Called before each request, with the name of the operation. */
  before: (operation: string, input: Record<string, any>) => Promise<unknown> = async () => {};
  readonly client = { send: async (command: any) => this.send(command) } as never;
  readonly store = new MessageStore({
    client: this.client,
    tableName: 'messages',
    leaseSeconds,
    clock: { now: () => this.database.clock.now(), jitter: async () => {} },
  });

  async make(...items: readonly Item[]): Promise<this> {
    await this.database.table(messagesTable);
    for (const item of items) await this.put(item);
    return this;
  }

  async put(Item: Item): Promise<void> {
    await this.database.call('PutItem', { TableName: 'messages', Item });
  }

  async item(id: string): Promise<Item | undefined> {
    return (await this.database.call('GetItem', { TableName: 'messages', Key: { id: { S: id } } })).Item;
  }

  /** A time so many seconds ago, as messages have it. */
  ago(seconds: number): { S: string } {
    return { S: new Date(this.database.clock.now() - seconds * 1000).toISOString() };
  }

  /** Lets so many seconds pass. */
  pass(seconds: number): void {
    this.database.clock.moveTo(this.database.clock.now() + seconds * 1000);
  }

  private async send({ constructor: { name }, input }: { constructor: { name: string }; input: Record<string, any> }) {
    const operation = name.replace(/Command$/, '');
    await this.before(operation, input);
    return this.database.call(operation, input).catch((error: AwsError) => {
      if (error.code !== 'ConditionalCheckFailedException') throw error;
      throw new ConditionalCheckFailedException({ $metadata: {}, message: error.message });
    });
  }
}
