import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { AlarmTopic } from '../constructs/alarm-topic';
import { EncryptionKey } from '../constructs/encryption-key';
import { EventBus } from '../constructs/event-bus';
import { OrderApi } from '../constructs/order-api';
import { StreamPipe } from '../constructs/stream-pipe';
import { Table } from '../constructs/table';
import { orderEvents } from '../lambdas/orders/order-event-type';
import { BaseStack } from './base-stack';
import type { Settings } from './settings';

/** The outbox: API -> orders table -> stream -> pipe -> event bus. Consumers attach to the bus. */
export class OutboxCoreStack extends BaseStack {
  /** Encrypts payloads, those of the consumers too. */
  readonly encryptionKey: EncryptionKey;
  /** Where all alarms of the stacks report to. */
  readonly alarmTopic: AlarmTopic;
  /** Where consumers attach their rules. */
  readonly bus: EventBus;

  constructor(scope: Construct, settings: Settings) {
    super(scope, 'outbox-core', settings);
    const encryptionKey = (this.encryptionKey = new EncryptionKey(this, 'key', { name: 'payloads' }));
    const alarmTopic = (this.alarmTopic = new AlarmTopic(this, 'alarms', { name: 'alarms', encryptionKey }));
    const bus = (this.bus = new EventBus(this, 'bus', { name: 'events', archiveDays: 30 }));

    const orders = new Table(this, 'orders', {
      name: 'orders',
      hashKey: { name: 'id', type: 'S' },
      rangeKey: { name: 'createdAt', type: 'N' },
      stream: true,
      encryptionKey,
    });
    const api = new OrderApi(this, 'order-api', { name: 'order-api', table: orders, encryptionKey, alarmTopic });
    new StreamPipe(this, 'orders-pipe', {
      name: 'orders',
      table: orders,
      bus,
      filters: [{ eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { Status: { S: [{ exists: true }] } } } }],
      ...orderEvents,
      encryptionKey,
      alarmTopic,
    });

    new TerraformOutput(this, 'ApiRootUrl', { value: api.url, description: 'POST an order here' });
    new TerraformOutput(this, 'DynamoDBTableName', { value: orders.name, description: 'Table of the orders' });
    new TerraformOutput(this, 'EventBusName', { value: bus.name, description: 'Bus that consumers attach to' });
  }
}
