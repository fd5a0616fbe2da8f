/**
 * Resources that hold what cannot be made again, or whose name others know, with the arguments that replace them when
 * they change ("Forces new resource" in the provider's documentation).
 */
export const statefulTypes: Readonly<Record<string, readonly string[]>> = {
  aws_api_gateway_rest_api: [],
  aws_cloudwatch_event_archive: ['name', 'event_source_arn'],
  aws_cloudwatch_event_bus: ['name'],
  aws_cloudwatch_log_group: ['name'],
  aws_dynamodb_table: ['name', 'hash_key', 'range_key', 'local_secondary_index'],
  aws_kms_alias: ['name'],
  aws_kms_key: ['customer_master_key_spec', 'key_usage', 'multi_region'],
  aws_pipes_pipe: ['name', 'source'],
  aws_s3_bucket: ['bucket'],
  aws_scheduler_schedule_group: ['name'],
  aws_sfn_state_machine: ['name', 'type'],
  aws_sns_topic: ['name', 'fifo_topic'],
  aws_sqs_queue: ['name', 'fifo_queue'],
};
