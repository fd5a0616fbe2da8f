import { AlarmTopic } from '../../constructs/alarm-topic';
import { EventBus } from '../../constructs/event-bus';
import { NodeFunction } from '../../constructs/node-function';
import { Rule } from '../../constructs/rule';
import { encryptedStack } from './stack';

/** A stack with a function, a rule and what consumers need beside them. */
export function consumerStack() {
  const it = encryptedStack();
  const { stack, encryptionKey } = it;
  const alarmTopic = new AlarmTopic(stack, 'alarms', { name: 'alarms', encryptionKey });
  const bus = new EventBus(stack, 'bus', { name: 'events', archiveDays: 30 });
  const entry = 'lambdas/orders/order-confirmation.ts';
  const handler = new NodeFunction(stack, 'function', { name: 'work', entry, timeout: 30, encryptionKey });
  const limits = { maxRetries: 4, maxEventAge: 400 };
  const rule = new Rule(stack, 'rule', { name: 'made', bus, pattern: { source: ['s'] }, encryptionKey, ...limits });
  return { ...it, alarmTopic, handler, rule };
}
