import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { alarmOnDeadLetters } from '../constructs/alarms';
import { DirectConsumer } from '../constructs/direct-consumer';
import { FailuresBucket } from '../constructs/failures-bucket';
import { NodeFunction } from '../constructs/node-function';
import { QueueConsumer } from '../constructs/queue-consumer';
import { Rule } from '../constructs/rule';
import { StreamConsumer } from '../constructs/stream-consumer';
import { Table } from '../constructs/table';
import { userEvents } from '../lambdas/users/user-event-type';
import { BaseStack } from './base-stack';
import type { OutboxCoreStack } from './outbox-core-stack';
import type { Settings } from './settings';

/** Users: three functions write them, the relay publishes each change, two consumers greet and audit the created ones. */
export class UserEventsStack extends BaseStack {
  constructor(
    scope: Construct,
    settings: Settings,
    private readonly core: OutboxCoreStack,
  ) {
    super(scope, 'user-events', settings);
    const users = new Table(this, 'users', {
      name: 'users',
      hashKey: { name: 'id', type: 'S' },
      stream: true,
      encryptionKey: core.encryptionKey,
    });
    this.writers(users);
    this.relay(users);
    this.consumers();
  }

  private writers(users: Table): void {
    const environment = { USERS_TABLE: users.name };
    users.grantPut(this.function('create-user', environment).role);
    users.grantUpdate(this.function('update-user', environment).role);
    const remove = this.function('delete-user', environment);
    users.grantUpdate(remove.role);
    users.grantDelete(remove.role);
  }

  private relay(users: Table): void {
    const { encryptionKey, alarmTopic, bus } = this.core;
    const failures = new FailuresBucket(this, 'failures', { name: 'user-failures', encryptionKey });
    const relay = this.function('user-relay', { EVENT_BUS: bus.name }, 60);
    bus.grantPutEvents(relay.role);
    new StreamConsumer(this, 'relay', {
      name: 'user-relay',
      table: users,
      function: relay,
      filters: [{ eventName: ['INSERT', 'MODIFY', 'REMOVE'] }],
      failures,
      alarmTopic,
    });
    new TerraformOutput(this, 'UserFailuresBucket', {
      value: failures.name,
      description: 'Bucket that keeps changes of users that could not be published',
    });
  }

  private consumers(): void {
    const { encryptionKey, alarmTopic, bus } = this.core;
    const rule = new Rule(this, 'user-created', {
      name: 'user-created',
      bus,
      pattern: { source: [userEvents.source], 'detail-type': [userEvents.created] },
      encryptionKey,
      maxRetries: 4,
      maxEventAge: 400,
    });
    alarmOnDeadLetters(rule.deadLetters, 'user-created-rule-dlq', alarmTopic);

    const inbox = new Table(this, 'inbox', {
      name: 'user-inbox',
      hashKey: { name: 'id', type: 'S' },
      ttlAttribute: 'expiresAt',
      encryptionKey,
    });
    const byUserAndEvent = {
      hashKey: { name: 'userId', type: 'S' },
      rangeKey: { name: 'eventId', type: 'S' },
    } as const;
    const audit = new Table(this, 'audit', { name: 'user-audit', ...byUserAndEvent, encryptionKey });
    const welcomes = new Table(this, 'welcomes', { name: 'user-welcomes', ...byUserAndEvent, encryptionKey });

    const auditUser = this.function('audit-user', { INBOX_TABLE: inbox.name, AUDIT_TABLE: audit.name });
    audit.grantPut(auditUser.role);
    const welcomeUser = this.function('welcome-user', { INBOX_TABLE: inbox.name, WELCOMES_TABLE: welcomes.name });
    welcomes.grantPut(welcomeUser.role);
    for (const { role } of [auditUser, welcomeUser]) inbox.grantPut(role);

    const shared = { rule, encryptionKey, alarmTopic };
    new DirectConsumer(this, 'audit-consumer', { name: 'audit-user', function: auditUser, ...shared });
    new QueueConsumer(this, 'welcome-queue', { name: 'welcome-user', function: welcomeUser, ...shared });
  }

  /** @param timeout seconds */
  private function(name: string, environment: Record<string, string>, timeout = 30): NodeFunction {
    const { encryptionKey } = this.core;
    return new NodeFunction(this, name, {
      name,
      entry: `lambdas/users/${name}.ts`,
      timeout,
      environment,
      encryptionKey,
    });
  }
}
