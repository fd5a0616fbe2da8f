import { z } from 'zod';
import { json, tags } from '../../arguments';
import type { ResourceType } from '../../service';
import { keyArn } from '../sqs/encryption';
import type { Topics } from './topics';

const refused = (hint: string) => z.undefined({ error: hint }).optional();

const topicArguments = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_-]{1,256}$/, 'expected 1 to 256 letters, digits, hyphens and underscores'),
  display_name: z.string().max(100).default(''),
  policy: json(z.looseObject({})).optional(),
  kms_master_key_id: z.string().min(1).optional(),
  fifo_topic: z.literal(false, { error: 'FIFO topics are not modelled: leave fifo_topic out' }).optional(),
  delivery_policy: refused('delivery_policy is for HTTP endpoints, which are not modelled: leave it out'),
  // Without effect here: the local runtime passes trace headers on and signs nothing.
  tracing_config: z.enum(['PassThrough', 'Active']).default('PassThrough'),
  signature_version: z.union([z.literal(1), z.literal(2)]).default(1),
  tags,
});

const policyArguments = z.strictObject({ arn: z.string(), policy: json(z.looseObject({})) });

const subscriptionArguments = z
  .strictObject({
    topic_arn: z.string(),
    protocol: z.enum(['email', 'sqs', 'lambda'], { error: 'the local runtime delivers to email, sqs and lambda only' }),
    endpoint: z.string().min(1),
    raw_message_delivery: z.boolean().default(false),
    filter_policy: refused('filter_policy is not modelled: filter in a rule of EventBridge, or in the subscriber'),
    filter_policy_scope: refused('filter_policy is not modelled: leave filter_policy_scope out'),
    redrive_policy: refused('redrive_policy of a subscription is not modelled: leave it out'),
    delivery_policy: refused('delivery_policy is for HTTP endpoints, which are not modelled: leave it out'),
  })
  .superRefine(({ protocol, endpoint, raw_message_delivery: raw }, context) => {
    const expected = {
      email: { pattern: /^[^@\s]+@[^@\s]+$/, form: 'an e-mail address' },
      sqs: { pattern: /^arn:[^:]+:sqs:[^:]+:\d{12}:[A-Za-z0-9_-]+$/, form: "a standard queue's ARN" },
      lambda: { pattern: /^arn:[^:]+:lambda:[^:]+:\d{12}:function:[^:]+(:[^:]+)?$/, form: "a function's ARN" },
    }[protocol];
    if (!expected.pattern.test(endpoint)) {
      context.addIssue({
        code: 'custom',
        path: ['endpoint'],
        message: `expected ${expected.form} for protocol ${protocol}, got ${endpoint}`,
      });
    }
    if (raw && protocol !== 'sqs') {
      context.addIssue({
        code: 'custom',
        path: ['raw_message_delivery'],
        message: `only protocol sqs has raw delivery, not ${protocol}`,
      });
    }
  });

/** `aws_sns_topic`, standard topics only. */
export function topicResource(topics: Topics): ResourceType<z.infer<typeof topicArguments>> {
  const { runtime } = topics;
  return {
    arguments: topicArguments,
    async create({ address, arguments: given }) {
      const { name, kms_master_key_id: id } = given;
      const arn = runtime.arn('sns', name);
      const key = id && { id, arn: await keyArn(runtime, id) };
      topics.add({
        address,
        arn,
        name,
        displayName: given.display_name,
        tracing: given.tracing_config,
        signatureVersion: given.signature_version,
        subscriptions: [],
        ...(key && { key }),
      });
      if (given.policy) runtime.iam.setResourcePolicy(arn, given.policy);
      return { arn, id: arn, name, owner: runtime.accountId };
    },
  };
}

/** `aws_sns_topic_policy`. */
export function topicPolicyResource(topics: Topics): ResourceType<z.infer<typeof policyArguments>> {
  return {
    arguments: policyArguments,
    create({ arguments: { arn, policy } }) {
      topics.runtime.iam.setResourcePolicy(topics.at(arn).arn, policy);
      return { id: arn, owner: topics.runtime.accountId };
    },
  };
}

/** `aws_sns_topic_subscription`; an e-mail address counts as confirmed. */
export function subscriptionResource(topics: Topics): ResourceType<z.infer<typeof subscriptionArguments>> {
  const { runtime } = topics;
  return {
    arguments: subscriptionArguments,
    create({ arguments: { topic_arn: topicArn, protocol, endpoint, raw_message_delivery: raw } }) {
      const arn = `${topicArn}:${runtime.random.uuid()}`;
      topics.at(topicArn).subscriptions.push({ arn, topicArn, protocol, endpoint, raw });
      return {
        arn,
        id: arn,
        owner_id: runtime.accountId,
        pending_confirmation: false,
        confirmation_was_authenticated: true,
      };
    },
  };
}
