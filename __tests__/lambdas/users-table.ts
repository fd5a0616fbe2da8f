import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { AwsError } from '../../local/aws-error';
import { UserStore } from '../../lambdas/users/user-store';
import { Database, inboxTable } from '../local/services/dynamodb-fixture';

/** A store over a table as the local runtime runs it, and what its stream tells. */
export class UsersTable {
  readonly database = new Database();
  private streamArn = '';
  /** Called before each write, with the name of the operation. */
  before: (operation: string) => Promise<unknown> = async () => {};
  readonly store = new UserStore({
    client: { send: async (command: any) => this.send(command) } as never,
    tableName: 'users',
    clock: { now: () => this.database.clock.now(), jitter: async () => {} },
  });

  async make(): Promise<this> {
    const stream = { stream_enabled: true, stream_view_type: 'NEW_AND_OLD_IMAGES' };
    this.streamArn = (await this.database.table({ ...inboxTable, ...stream, name: 'users' })).stream_arn;
    return this;
  }

  async items() {
    return this.database.items('users');
  }

  async records(): Promise<DynamoDBRecord[]> {
    return (await this.database.records(this.streamArn)) as unknown as DynamoDBRecord[];
  }

  private async send({ constructor: { name }, input }: { constructor: { name: string }; input: object }) {
    const operation = name.replace(/Command$/, '');
    await this.before(operation);
    return this.database.call(operation, input).catch((error: AwsError) => {
      if (error.code !== 'ConditionalCheckFailedException') throw error;
      const Item = error.fields['Item'] as never;
      throw new ConditionalCheckFailedException({ $metadata: {}, message: error.message, Item });
    });
  }
}
