import type { Construct } from 'constructs';
import { alarmOnDeadLetters } from '../constructs/alarms';
import { NodeFunction } from '../constructs/node-function';
import { QueueConsumer } from '../constructs/queue-consumer';
import { Rule } from '../constructs/rule';
import { Table } from '../constructs/table';
import { orderEvents } from '../lambdas/orders/order-event-type';
import { BaseStack } from './base-stack';
import type { OutboxCoreStack } from './outbox-core-stack';
import type { Settings } from './settings';

function orderCreated(stack: BaseStack, { bus, encryptionKey, alarmTopic }: OutboxCoreStack): Rule {
  const rule = new Rule(stack, 'order-created', {
    name: 'order-created',
    bus,
    pattern: {
      source: [orderEvents.source],
      'detail-type': [orderEvents.detailType],
      detail: { dynamodb: { NewImage: { Status: { S: [{ prefix: 'CREATED' }] } } } },
    },
    encryptionKey,
    maxRetries: 4,
    maxEventAge: 400,
  });
  alarmOnDeadLetters(rule.deadLetters, 'order-created-rule-dlq', alarmTopic);
  return rule;
}

/** What happens when an order is created: rule -> two queues -> two functions, each with an effect exactly once. */
export class OrderConsumersStack extends BaseStack {
  constructor(scope: Construct, settings: Settings, core: OutboxCoreStack) {
    super(scope, 'order-consumers', settings);
    const { encryptionKey, alarmTopic } = core;
    const rule = orderCreated(this, core);
    const inbox = new Table(this, 'inbox', {
      name: 'order-inbox',
      hashKey: { name: 'id', type: 'S' },
      ttlAttribute: 'expiresAt',
      encryptionKey,
    });
    const confirmations = new Table(this, 'confirmations', {
      name: 'order-confirmations',
      hashKey: { name: 'orderId', type: 'S' },
      rangeKey: { name: 'createdAt', type: 'N' },
      encryptionKey,
    });
    const statistics = new Table(this, 'statistics', {
      name: 'order-statistics',
      hashKey: { name: 'status', type: 'S' },
      rangeKey: { name: 'day', type: 'S' },
      encryptionKey,
    });

    const confirm = new NodeFunction(this, 'order-confirmation', {
      name: 'order-confirmation',
      entry: 'lambdas/orders/order-confirmation.ts',
      timeout: 30,
      environment: { INBOX_TABLE: inbox.name, CONFIRMATIONS_TABLE: confirmations.name },
      encryptionKey,
    });
    inbox.grantPut(confirm.role);
    confirmations.grantPut(confirm.role);
    new QueueConsumer(this, 'confirmation-queue', {
      name: 'order-confirmation',
      rule,
      function: confirm,
      encryptionKey,
      alarmTopic,
    });

    const count = new NodeFunction(this, 'order-statistics', {
      name: 'order-statistics',
      entry: 'lambdas/orders/order-statistics.ts',
      timeout: 30,
      environment: { INBOX_TABLE: inbox.name, STATISTICS_TABLE: statistics.name },
      encryptionKey,
    });
    inbox.grantPut(count.role);
    statistics.grantUpdate(count.role);
    new QueueConsumer(this, 'statistics-queue', {
      name: 'order-statistics',
      rule,
      function: count,
      encryptionKey,
      alarmTopic,
    });
  }
}
