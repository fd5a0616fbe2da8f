import type { IndexSchema, KeyElement } from 'dynalite/db';
import { z } from 'zod';
import { block, blocks, tags } from '../../arguments';
import type { TableDefinition } from './table';

const name = z.string().regex(/^[a-zA-Z0-9_.-]{3,255}$/, 'must be 3 to 255 letters, digits, _, . or -');
const attributeName = z.string().min(1).max(255);
const projection = {
  projection_type: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
  non_key_attributes: z.array(attributeName).optional(),
};
const onDemand = block(
  z.strictObject({ max_read_request_units: z.number().optional(), max_write_request_units: z.number().optional() }),
).optional();
const capacity = { read_capacity: z.number().min(1).optional(), write_capacity: z.number().min(1).optional() };

const shape = z.strictObject({
  name,
  hash_key: attributeName,
  range_key: attributeName.optional(),
  attribute: blocks(z.strictObject({ name: attributeName, type: z.enum(['S', 'N', 'B']) })),
  global_secondary_index: blocks(
    z.strictObject({
      name,
      hash_key: attributeName,
      range_key: attributeName.optional(),
      ...projection,
      ...capacity,
      on_demand_throughput: onDemand,
    }),
  ).default([]),
  local_secondary_index: blocks(z.strictObject({ name, range_key: attributeName, ...projection })).default([]),
  stream_enabled: z.boolean().optional(),
  stream_view_type: z.enum(['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']).optional(),
  server_side_encryption: block(
    z.strictObject({ enabled: z.boolean(), kms_key_arn: z.string().startsWith('arn:').optional() }),
  ).optional(),
  ttl: block(
    z.strictObject({ attribute_name: attributeName.optional(), enabled: z.boolean().default(false) }),
  ).optional(),
  point_in_time_recovery: block(
    z.strictObject({ enabled: z.boolean(), recovery_period_in_days: z.int().min(1).max(35).default(35) }),
  ).optional(),
  // Described, and otherwise without effect locally: capacity is not limited, and nothing deletes a table.
  billing_mode: z.enum(['PROVISIONED', 'PAY_PER_REQUEST']).default('PROVISIONED'),
  ...capacity,
  on_demand_throughput: onDemand,
  table_class: z.enum(['STANDARD', 'STANDARD_INFREQUENT_ACCESS']).default('STANDARD'),
  deletion_protection_enabled: z.boolean().default(false),
  tags,
});

type Shape = z.output<typeof shape>;

/** Arguments of `aws_dynamodb_table`; what the provider and AWS refuse together is refused here. */
export const tableArguments = shape.check((context) => {
  for (const message of faults(context.value)) {
    context.issues.push({ code: 'custom', message, input: context.value.name });
  }
});

/** What the arguments make. */
export function tableDefinition(args: Shape): TableDefinition {
  const { server_side_encryption: sse, point_in_time_recovery: recovery, ttl } = args;
  const global = args.global_secondary_index.map((index) => indexSchema(index, index.hash_key));
  const local = args.local_secondary_index.map((index) => indexSchema(index, args.hash_key));
  return {
    schema: {
      TableName: args.name,
      AttributeDefinitions: args.attribute.map((attribute) => ({
        AttributeName: attribute.name,
        AttributeType: attribute.type,
      })),
      KeySchema: keySchema(args.hash_key, args.range_key),
      ...(global.length > 0 && { GlobalSecondaryIndexes: global }),
      ...(local.length > 0 && { LocalSecondaryIndexes: local }),
    },
    billingMode: args.billing_mode,
    capacity: { read: args.read_capacity ?? 0, write: args.write_capacity ?? 0 },
    tableClass: args.table_class,
    deletionProtection: args.deletion_protection_enabled,
    recoveryDays: recovery?.enabled ? recovery.recovery_period_in_days : undefined,
    streamViewType: args.stream_enabled ? args.stream_view_type : undefined,
    encryption: { kms: sse?.enabled ?? false, keyArn: sse?.kms_key_arn },
    ttlAttribute: ttl?.enabled ? ttl.attribute_name : undefined,
    tags: args.tags ?? {},
  };
}

function keySchema(hashKey: string, rangeKey: string | undefined): KeyElement[] {
  const hash: KeyElement = { AttributeName: hashKey, KeyType: 'HASH' };
  return rangeKey === undefined ? [hash] : [hash, { AttributeName: rangeKey, KeyType: 'RANGE' }];
}

function indexSchema(
  index: Shape['local_secondary_index'][0] | Shape['global_secondary_index'][0],
  hashKey: string,
): IndexSchema {
  return {
    IndexName: index.name,
    KeySchema: keySchema(hashKey, index.range_key),
    Projection: {
      ProjectionType: index.projection_type,
      ...(index.non_key_attributes && { NonKeyAttributes: index.non_key_attributes }),
    },
  };
}

function faults(args: Shape): string[] {
  const indexes = [...args.global_secondary_index, ...args.local_secondary_index];
  const keys = [
    args.hash_key,
    args.range_key,
    ...indexes.flatMap((index) => [index.range_key, 'hash_key' in index ? index.hash_key : undefined]),
  ];
  const used = new Set(keys.filter((key) => key !== undefined));
  const defined = args.attribute.map((attribute) => attribute.name);
  const { server_side_encryption: sse, ttl } = args;
  const rules: [boolean, string][] = [
    ...[...used].map((key): [boolean, string] => [!defined.includes(key), `key ${key} needs an attribute block`]),
    ...defined.map((attribute): [boolean, string] => [
      !used.has(attribute),
      `attribute ${attribute} is no key of the table or of an index; remove it`,
    ]),
    [new Set(defined).size < defined.length, 'two attribute blocks have the same name'],
    [new Set(indexes.map((index) => index.name)).size < indexes.length, 'two indexes have the same name'],
    [args.hash_key === args.range_key, 'hash_key and range_key must be different attributes'],
    [
      args.local_secondary_index.length > 0 && !args.range_key,
      'a local secondary index needs a table with a range_key',
    ],
    [
      indexes.some((index) => (index.projection_type === 'INCLUDE') !== Boolean(index.non_key_attributes?.length)),
      'non_key_attributes must be given with projection_type INCLUDE, and only then',
    ],
    [Boolean(args.stream_enabled) && !args.stream_view_type, 'stream_enabled needs a stream_view_type'],
    [!args.stream_enabled && Boolean(args.stream_view_type), 'stream_view_type needs stream_enabled = true'],
    [Boolean(ttl?.enabled) && !ttl?.attribute_name, 'ttl needs an attribute_name when it is enabled'],
    [Boolean(sse && !sse.enabled && sse.kms_key_arn), 'kms_key_arn needs server_side_encryption.enabled = true'],
    [
      args.billing_mode === 'PROVISIONED' && !(args.read_capacity && args.write_capacity),
      'billing_mode PROVISIONED needs read_capacity and write_capacity of at least 1',
    ],
    [
      args.billing_mode === 'PAY_PER_REQUEST' && Boolean(args.read_capacity ?? args.write_capacity),
      'billing_mode PAY_PER_REQUEST takes no read_capacity and write_capacity',
    ],
  ];
  return rules.filter(([fault]) => fault).map(([, message]) => message);
}
