import { arn, logGroups, userFunctions, messageFunctions, claimFunctions } from '../questions';
import { type Askers, encryption, forStranger, stranger, service, role, key } from './asker';

const allLogs = [
  'CreateLogGroup',
  'CreateLogStream',
  'DescribeLogGroups',
  'DescribeLogStreams',
  'PutLogEvents',
  'GetLogEvents',
  'FilterLogEvents',
];
const alarmArn = (owner?: string) => arn('cloudwatch', 'alarm:any', owner);
const deliveredLogs = ['pipe log', 'delivery log', 'submission log', 'processing log', 'workflow log'];
const deliversLog = deliveredLogs.flatMap((log) => [`logs:CreateLogStream ${log}`, `logs:PutLogEvents ${log}`]);
const delivery = service('delivery.logs', arn('logs', '*'), ...deliversLog);

/** Who asks on behalf of all systems: logs, alarms and what runs functions. */
export const sharedAskers: Askers = {
  'API Gateway, for its logs': role(
    'api-gateway-logs',
    ...logGroups.flatMap((log) => allLogs.map((action) => `logs:${action} ${log}`)),
  ),
  'CloudWatch for an alarm': service('cloudwatch', alarmArn(), 'sns:Publish alarms', ...encryption),
  "CloudWatch for a stranger's alarm": service('cloudwatch', alarmArn(stranger)),
  'the delivery of logs': delivery,
  'the delivery of logs of a stranger': forStranger(delivery),
  'the delivery of logs for a bucket': service('delivery.logs', arn('s3', 'any')),
  'CloudWatch Logs': service(
    'logs.eu-central-1',
    arn('logs', 'log-group:any'),
    ...['Decrypt', 'GenerateDataKey', 'Encrypt', 'ReEncryptFrom', 'DescribeKey'].map(
      (action) => `kms:${action} ${key} for a log group`,
    ),
  ),
  Lambda: service(
    'lambda',
    arn('lambda', 'function:any'),
    'sts:AssumeRole order-confirmation',
    'sts:AssumeRole order-statistics',
    ...[...userFunctions, ...messageFunctions, ...claimFunctions].map((name) => `sts:AssumeRole ${name}`),
  ),
  'API Gateway': service('apigateway', '', 'sts:AssumeRole order-api', 'sts:AssumeRole api-gateway-logs'),
  'another service for logs': service('another', arn('logs', '*')),
};
