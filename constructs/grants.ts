/** The IAM actions behind each grant, per kind of resource. */
export const actions = {
  bucket: { list: ['s3:ListBucket'], put: ['s3:PutObject'] },
  bus: { putEvents: ['events:PutEvents'] },
  function: { invoke: ['lambda:InvokeFunction'] },
  key: {
    /** DynamoDB and SQS decrypt on behalf of the caller. */
    decrypt: ['kms:Decrypt'],
    /** SQS makes a data key for what is sent, and decrypts it to verify. */
    encrypt: ['kms:Decrypt', 'kms:GenerateDataKey'],
    /** S3 makes a data key for what is put. */
    store: ['kms:GenerateDataKey'],
  },
  logGroup: { write: ['logs:CreateLogStream', 'logs:PutLogEvents'] },
  queue: {
    send: ['sqs:SendMessage'],
    /** What an event source mapping needs. */
    consume: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  },
  stream: {
    read: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
  },
  table: { delete: ['dynamodb:DeleteItem'], put: ['dynamodb:PutItem'], update: ['dynamodb:UpdateItem'] },
  /** X-Ray has no resources to name. */
  xray: { write: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'] },
} as const;
