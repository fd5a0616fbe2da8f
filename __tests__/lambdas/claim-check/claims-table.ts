import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { ClaimStore } from '../../../lambdas/claim-check/claim-store';
import type { AwsError } from '../../../local/aws-error';
import type { Item } from '../../../local/services/dynamodb/item';
import { Database } from '../../local/services/dynamodb-fixture';

export const claimDays = 30;
export const daySeconds = 86_400;

/** A message of the queue of submissions, as JSON, of so many bytes. */
export function body(id: string, bytes = 200): string {
  const text = (filler: string) => JSON.stringify({ id, type: 'invoice', payload: { filler } });
  return text('x'.repeat(bytes - text('').length));
}

/** A store over a table as the local runtime runs it, and a bucket that is a map. */
export class ClaimsTable {
  readonly database = new Database();
  readonly objects = new Map<string, string>();
  /** What was asked of table and bucket, in order. */
  readonly asked: string[] = [];
  /** Called before each request. */
  before: (operation: string) => Promise<unknown> = async () => {};
  readonly store = new ClaimStore({
    client: { send: async (command: any) => this.send(command) } as never,
    tableName: 'claims',
    objects: {
      put: async (key, text) => (await this.ask('PutObject'), void this.objects.set(key, text)),
      get: async (key) => (await this.ask('GetObject'), this.objects.get(key)),
    },
    bucketName: 'payloads',
    claimDays,
    clock: { now: () => this.database.clock.now(), jitter: async () => {} },
  });

  async make(): Promise<this> {
    await this.database.table({
      name: 'claims',
      billing_mode: 'PAY_PER_REQUEST',
      hash_key: 'claimId',
      attribute: [{ name: 'claimId', type: 'S' }],
    });
    return this;
  }

  async items(): Promise<readonly Item[]> {
    return this.database.items('claims');
  }

  async put(Item: Item): Promise<void> {
    await this.database.call('PutItem', { TableName: 'claims', Item });
  }

  /** Lets so many days pass. */
  pass(days: number): void {
    this.database.clock.moveTo(this.database.clock.now() + days * daySeconds * 1000);
  }

  private async ask(operation: string): Promise<void> {
    this.asked.push(operation);
    await this.before(operation);
  }

  private async send({ constructor: { name }, input }: { constructor: { name: string }; input: object }) {
    const operation = name.replace(/Command$/, '');
    await this.ask(operation);
    return this.database.call(operation, input).catch((error: AwsError) => {
      if (error.code !== 'ConditionalCheckFailedException') throw error;
      const Item = error.fields['Item'] as never;
      throw new ConditionalCheckFailedException({ $metadata: {}, message: error.message, Item });
    });
  }
}
