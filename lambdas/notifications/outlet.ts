import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { scalars } from '../shared/attributes';
import type { Outlet } from './sender';

/** Where messages come from, and the topic that they go to. */
export interface OutletOptions {
  /** Reads the table. */
  readonly database: Pick<DynamoDBClient, 'send'>;
  /** Table of the messages. */
  readonly tableName: string;
  /** Publishes to the topic. */
  readonly notifier: Pick<SNSClient, 'send'>;
  /** A standard topic. */
  readonly topicArn: string;
}

/** Reads messages from the table and publishes them to the topic; subscribers tell duplicates by the attribute `id`. */
export function outlet({ database, tableName, notifier, topicArn }: OutletOptions): Omit<Outlet, 'report'> {
  return {
    async find(id) {
      const Key = { id: { S: id } };
      const { Item } = await database.send(new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }));
      return Item && scalars(Item);
    },
    async publish(id, Message) {
      const MessageAttributes = { id: { DataType: 'String', StringValue: id } };
      const { MessageId } = await notifier.send(new PublishCommand({ TopicArn: topicArn, Message, MessageAttributes }));
      return MessageId!;
    },
  };
}
