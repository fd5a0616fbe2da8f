/** The IAM actions behind each grant, per kind of resource. */
export const actions = {
  /** CloudWatch checks it against all alarms of the region, whichever are asked for. */
  alarm: { describe: ['cloudwatch:DescribeAlarms'] },
  bucket: { get: ['s3:GetObject'], list: ['s3:ListBucket'], put: ['s3:PutObject'] },
  bus: { putEvents: ['events:PutEvents'] },
  function: { invoke: ['lambda:InvokeFunction'] },
  key: {
    /** DynamoDB, SQS and S3 decrypt on behalf of the caller. */
    decrypt: ['kms:Decrypt'],
    /** SQS and SNS make a data key for what is sent, and decrypt it to verify. */
    encrypt: ['kms:Decrypt', 'kms:GenerateDataKey'],
    /** S3 makes a data key for what is put. */
    store: ['kms:GenerateDataKey'],
  },
  logGroup: {
    /** What Step Functions needs to set up the delivery of its logs; deliveries have no resources to name. */
    deliver: [
      'logs:CreateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
      'logs:GetLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:UpdateLogDelivery',
    ],
    open: ['logs:CreateLogStream'],
    append: ['logs:PutLogEvents'],
    /** What API Gateway has in AWS's own policy AmazonAPIGatewayPushToCloudWatchLogs. */
    push: [
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:DescribeLogGroups',
      'logs:DescribeLogStreams',
      'logs:PutLogEvents',
      'logs:GetLogEvents',
      'logs:FilterLogEvents',
    ],
    write: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  },
  queue: {
    send: ['sqs:SendMessage'],
    /** What an event source mapping or a pipe needs. */
    consume: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  },
  stateMachine: { start: ['states:StartExecution'] },
  stream: {
    read: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
  },
  table: {
    delete: ['dynamodb:DeleteItem'],
    get: ['dynamodb:GetItem'],
    put: ['dynamodb:PutItem'],
    query: ['dynamodb:Query'],
    update: ['dynamodb:UpdateItem'],
  },
  topic: { publish: ['sns:Publish'] },
  /** X-Ray has no resources to name. */
  xray: {
    /** What Step Functions asks beside, to know what to trace. */
    sample: ['xray:GetSamplingRules', 'xray:GetSamplingTargets'],
    write: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  },
} as const;
