import type { IndexSchema } from 'dynalite/db';
import type { Table } from './table';

/** Periods of "going back" end now, in seconds. */
const day = 24 * 60 * 60;

/** `DescribeTable`, as far as it says something of a table that runs locally. */
export function describeTable(table: Table): object {
  const { schema, definition, stream } = table;
  const { billingMode, capacity, encryption } = definition;
  const throughput = {
    NumberOfDecreasesToday: 0,
    ReadCapacityUnits: capacity.read,
    WriteCapacityUnits: capacity.write,
  };
  const created = table.created / 1000;
  const index = (described: IndexSchema) => ({
    ...described,
    IndexArn: `${table.arn}/index/${described.IndexName}`,
    IndexSizeBytes: 0,
    ItemCount: table.indexes.get(described.IndexName)!.entries.size,
  });
  const active = (described: IndexSchema) => ({
    ...index(described),
    IndexStatus: 'ACTIVE',
    ProvisionedThroughput: throughput,
  });
  const { GlobalSecondaryIndexes: global, LocalSecondaryIndexes: local } = schema;
  return {
    AttributeDefinitions: schema.AttributeDefinitions,
    TableName: table.name,
    KeySchema: schema.KeySchema,
    TableStatus: 'ACTIVE',
    CreationDateTime: created,
    ProvisionedThroughput: throughput,
    TableSizeBytes: 0,
    ItemCount: table.items.size,
    TableArn: table.arn,
    TableId: table.id,
    ...(billingMode === 'PAY_PER_REQUEST' && {
      BillingModeSummary: { BillingMode: billingMode, LastUpdateToPayPerRequestDateTime: created },
    }),
    ...(local && { LocalSecondaryIndexes: local.map(index) }),
    ...(global && { GlobalSecondaryIndexes: global.map(active) }),
    ...(stream && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: stream.viewType },
      LatestStreamLabel: stream.label,
      LatestStreamArn: stream.arn,
    }),
    ...(encryption.kms && {
      SSEDescription: {
        Status: 'ENABLED',
        SSEType: 'KMS',
        ...(encryption.keyArn && { KMSMasterKeyArn: encryption.keyArn }),
      },
    }),
    TableClassSummary: { TableClass: definition.tableClass },
    DeletionProtectionEnabled: definition.deletionProtection,
  };
}

/** `DescribeTimeToLive` */
export function describeTimeToLive({ definition }: Table): object {
  const { ttlAttribute } = definition;
  return ttlAttribute === undefined
    ? { TimeToLiveStatus: 'DISABLED' }
    : { TimeToLiveStatus: 'ENABLED', AttributeName: ttlAttribute };
}

/** `DescribeContinuousBackups` */
export function describeContinuousBackups({ definition, created }: Table, now: number): object {
  const { recoveryDays } = definition;
  if (recoveryDays === undefined) {
    return {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    };
  }
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: {
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: recoveryDays,
      EarliestRestorableDateTime: Math.max(created / 1000, now / 1000 - recoveryDays * day),
      LatestRestorableDateTime: now / 1000,
    },
  };
}
