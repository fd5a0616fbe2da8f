import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { alarm, grantDescribeAlarms } from '../constructs/alarms';
import { FailuresBucket } from '../constructs/failures-bucket';
import { NodeFunction } from '../constructs/node-function';
import { Schedule } from '../constructs/schedule';
import { StateMachine } from '../constructs/state-machine';
import { StreamConsumer } from '../constructs/stream-consumer';
import { Table } from '../constructs/table';
import { Topic } from '../constructs/topic';
import { statusIndex } from '../lambdas/notifications/send-status';
import { BaseStack } from './base-stack';
import type { OutboxCoreStack } from './outbox-core-stack';
import type { Settings } from './settings';

/** How much longer a claim holds than an execution may take, in seconds: for what an execution leaves running. */
const leaseMargin = 300;

/** Messages: each insert starts a delivery to the topic; a breaker stops tries that would fail, a schedule tries again. */
export class NotificationsStack extends BaseStack {
  constructor(
    scope: Construct,
    settings: Settings,
    private readonly core: OutboxCoreStack,
  ) {
    super(scope, 'notifications', settings);
    const messages = new Table(this, 'messages', {
      name: 'messages',
      hashKey: { name: 'id', type: 'S' },
      indexes: [{ ...statusIndex, hashKey: { name: 'sendStatus', type: 'S' } }],
      stream: true,
      encryptionKey: core.encryptionKey,
    });
    const delivery = this.delivery(messages);
    this.starts(messages, delivery);
    this.retries(messages, delivery);
    new TerraformOutput(this, 'MessagesTableName', { value: messages.name, description: 'Put a message here' });
  }

  /** Sends one message: state machine, sender, topic and breaker. */
  private delivery(messages: Table): StateMachine {
    const { encryptionKey, alarmTopic } = this.core;
    const email = this.settings.notificationEmail;
    const topic = new Topic(this, 'notifications', { name: 'notifications', encryptionKey, email });
    const sender = this.function('send-message', { MESSAGES_TABLE: messages.name, TOPIC_ARN: topic.arn });
    messages.grantGet(sender.role);
    topic.grantPublish(sender.role);
    const measured = { service: 'send-message', function_name: sender.name };
    const breaker = alarm(sender, 'sendFailures', 'send-message', measured, alarmTopic);

    const delivery = new StateMachine(this, 'delivery', {
      name: 'delivery',
      definition: 'stacks/notifications/delivery.asl.json',
      values: { partition: this.partition, table: messages.name, breaker, sender: sender.arn },
      encryptionKey,
      alarmTopic,
    });
    messages.grantUpdate(delivery.role);
    sender.grantInvoke(delivery.role);
    grantDescribeAlarms(delivery.role);
    return delivery;
  }

  /** Starts the first delivery of each inserted message. */
  private starts(messages: Table, delivery: StateMachine): void {
    const { encryptionKey, alarmTopic } = this.core;
    const failures = new FailuresBucket(this, 'failures', { name: 'message-failures', encryptionKey });
    const starter = this.function('start-delivery', { STATE_MACHINE_ARN: delivery.arn });
    delivery.grantStart(starter.role);
    new StreamConsumer(this, 'starter', {
      name: 'start-delivery',
      table: messages,
      function: starter,
      filters: [{ eventName: ['INSERT'], dynamodb: { NewImage: { message: { S: [{ exists: true }] } } } }],
      failures,
      alarmTopic,
    });
    new TerraformOutput(this, 'MessageFailuresBucket', {
      value: failures.name,
      description: 'Bucket that keeps inserts whose delivery could not be started',
    });
  }

  /** Delivers again what failed, on schedule. */
  private retries(messages: Table, delivery: StateMachine): void {
    const { encryptionKey, alarmTopic } = this.core;
    const retry = this.function(
      'retry-failed',
      {
        MESSAGES_TABLE: messages.name,
        STATE_MACHINE_ARN: delivery.arn,
        LEASE_SECONDS: String(delivery.timeout + leaseMargin),
      },
      60,
    );
    messages.grantQuery(retry.role, statusIndex.name);
    messages.grantUpdate(retry.role);
    delivery.grantStart(retry.role);
    const measured = { service: 'retry-failed', function_name: retry.name };
    alarm(retry, 'abandoned', 'retry-failed', measured, alarmTopic);
    new Schedule(this, 'retry-schedule', {
      name: 'retry-failed',
      function: retry,
      rateMinutes: this.settings.retryRateMinutes,
      encryptionKey,
      alarmTopic,
    });
  }

  /** @param timeout seconds */
  private function(name: string, environment: Record<string, string>, timeout = 30): NodeFunction {
    const { encryptionKey } = this.core;
    return new NodeFunction(this, name, {
      name,
      entry: `lambdas/notifications/${name}.ts`,
      timeout,
      environment,
      encryptionKey,
    });
  }
}
