/** What a Terraform type is on the map. */
export interface Kind {
  /** Word on the map, as AWS's pages use it. */
  readonly word: string;
  /** Argument with the name that people know it by. */
  readonly name: string;
  /** IAM prefix, as in its ARN. */
  readonly service: string;
  /** Dimension of its metrics that holds the name. @default alarms name it by reference only */
  readonly dimension?: string;
  /** Drawn only if something leads to it: these also keep what is no event. @default false */
  readonly onlyAsTarget?: boolean;
  /** Operations that a fault can hit, by those who call it. @default none */
  readonly operations?: readonly string[];
}

/** Terraform types that carry events. Others are not drawn. */
export const kinds: Readonly<Record<string, Kind>> = {
  aws_api_gateway_rest_api: { word: 'API', name: 'name', service: 'execute-api', dimension: 'ApiName' },
  aws_dynamodb_table: {
    word: 'table',
    name: 'name',
    service: 'dynamodb',
    operations: ['TransactWriteItems', 'PutItem', 'UpdateItem', 'DeleteItem', 'GetItem', 'Query'],
  },
  aws_pipes_pipe: { word: 'pipe', name: 'name', service: 'pipes' },
  aws_cloudwatch_event_bus: { word: 'bus', name: 'name', service: 'events', operations: ['PutEvents'] },
  aws_cloudwatch_event_rule: { word: 'rule', name: 'name', service: 'events' },
  aws_cloudwatch_event_archive: { word: 'archive', name: 'name', service: 'events' },
  aws_sqs_queue: {
    word: 'queue',
    name: 'name',
    service: 'sqs',
    operations: ['SendMessage', 'ReceiveMessage', 'DeleteMessage'],
  },
  aws_lambda_function: { word: 'function', name: 'function_name', service: 'lambda', operations: ['Invoke'] },
  aws_sfn_state_machine: { word: 'state machine', name: 'name', service: 'states', operations: ['StartExecution'] },
  aws_sns_topic: { word: 'topic', name: 'name', service: 'sns', operations: ['Publish'] },
  aws_scheduler_schedule: { word: 'schedule', name: 'name', service: 'scheduler' },
  aws_s3_bucket: {
    word: 'bucket',
    name: 'bucket',
    service: 's3',
    onlyAsTarget: true,
    operations: ['PutObject', 'GetObject'],
  },
  aws_cloudwatch_log_group: { word: 'log group', name: 'name', service: 'logs', onlyAsTarget: true },
  aws_cloudwatch_metric_alarm: { word: 'alarm', name: 'alarm_name', service: 'cloudwatch' },
};

/** An argument that leads from one resource to another. */
export interface Way {
  /** Type of the resource that has the arguments. */
  readonly type: string;
  /** Path of the argument that names the beginning. @default the resource itself */
  readonly from?: string;
  /** Path of the argument that names the end; `*` stands for any name. @default the resource itself */
  readonly to?: string;
  /** Taken by what could not be delivered. @default false */
  readonly isFailure?: boolean;
}

/** The arguments that events travel along, by the names of the AWS provider. */
export const ways: readonly Way[] = [
  { type: 'aws_api_gateway_rest_api', to: 'body' },
  { type: 'aws_lambda_event_source_mapping', from: 'event_source_arn', to: 'function_name' },
  {
    type: 'aws_lambda_event_source_mapping',
    from: 'function_name',
    to: 'destination_config.on_failure.destination_arn',
    isFailure: true,
  },
  { type: 'aws_lambda_function', to: 'environment.variables' },
  { type: 'aws_lambda_function', to: 'dead_letter_config.target_arn', isFailure: true },
  {
    type: 'aws_lambda_function_event_invoke_config',
    from: 'function_name',
    to: 'destination_config.on_success.destination',
  },
  {
    type: 'aws_lambda_function_event_invoke_config',
    from: 'function_name',
    to: 'destination_config.on_failure.destination',
    isFailure: true,
  },
  { type: 'aws_pipes_pipe', from: 'source' },
  { type: 'aws_pipes_pipe', to: 'enrichment' },
  { type: 'aws_pipes_pipe', to: 'target' },
  { type: 'aws_pipes_pipe', to: 'source_parameters.*.dead_letter_config.arn', isFailure: true },
  { type: 'aws_cloudwatch_event_archive', from: 'event_source_arn' },
  { type: 'aws_cloudwatch_event_rule', from: 'event_bus_name' },
  { type: 'aws_cloudwatch_event_target', from: 'rule', to: 'arn' },
  { type: 'aws_cloudwatch_event_target', from: 'rule', to: 'dead_letter_config.arn', isFailure: true },
  { type: 'aws_sqs_queue', to: 'redrive_policy', isFailure: true },
  { type: 'aws_sqs_queue_redrive_policy', from: 'queue_url', to: 'redrive_policy', isFailure: true },
  { type: 'aws_sns_topic_subscription', from: 'topic_arn', to: 'endpoint' },
  { type: 'aws_sns_topic_subscription', from: 'topic_arn', to: 'redrive_policy', isFailure: true },
  { type: 'aws_scheduler_schedule', to: 'target.arn' },
  { type: 'aws_scheduler_schedule', to: 'target.dead_letter_config.arn', isFailure: true },
  { type: 'aws_sfn_state_machine', to: 'definition' },
];
