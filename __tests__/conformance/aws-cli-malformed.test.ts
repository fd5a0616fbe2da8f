import { simulatedClock } from '../../local/clock';
import { type Local, startLocal } from '../../local/index';
import { synthesisFolder } from '../synthesis';
import { dev } from './orders';
import { aws, describeCli } from './stock-cli';

const orders = dev('orders');
const queue = dev('order-statistics-dlq');

describeCli('malformed calls of the stock AWS CLI', () => {
  let local: Local;
  beforeAll(async () => {
    local = await startLocal({ from: synthesisFolder(), clock: simulatedClock() });
  });
  afterAll(async () => local.stop());

  const complaint = async (args: string): Promise<string> => {
    const words = args.replaceAll('QUEUES', `${local.endpoint}/000000000000`).split(' ');
    try {
      await aws(local, words, { AWS_MAX_ATTEMPTS: '1' });
    } catch (error) {
      return (error as { stderr: string }).stderr;
    }
    return 'accepted';
  };

  test.each([
    [`dynamodb put-item --table-name ${orders} --item {"id":{"S":"a"}}`, 'ValidationException'],
    [`dynamodb put-item --table-name ${orders} --item {"id":{"S":""},"createdAt":{"N":"1"}}`, 'ValidationException'],
    [`dynamodb put-item --table-name ${orders} --item {"id":{"S":"a"},"createdAt":{"N":"x"}}`, 'ValidationException'],
    [`dynamodb get-item --table-name ${orders} --key {"id":{"S":"a"}}`, 'ValidationException'],
    [`dynamodb query --table-name ${orders} --key-condition-expression id==:x`, 'ValidationException'],
    ['dynamodb scan --table-name nothing', 'ResourceNotFoundException'],
    [`dynamodb scan --table-name ${orders} --region us-east-1`, 'InvalidSignatureException'],
    ['dynamodb delete-backup --backup-arn arn:aws:dynamodb:eu-central-1:0:table/a', 'UnknownOperationException'],
    ['sqs send-message --queue-url QUEUES/nothing --message-body x', 'NonExistentQueue'],
    ['sqs receive-message --queue-url nonsense', 'InvalidAddress'],
    [`sqs receive-message --queue-url QUEUES/${queue} --max-number-of-messages 99`, 'InvalidParameterValue'],
    [`sqs delete-message --queue-url QUEUES/${queue} --receipt-handle x`, 'ReceiptHandleIsInvalid'],
    ['sqs start-message-move-task --source-arn nonsense', 'ResourceNotFoundException'],
    ['sqs list-queues --no-sign-request', 'MissingAuthenticationTokenException'],
    ['events test-event-pattern --event-pattern {"a":[{"x":1}]} --event {}', 'InvalidEventPatternException'],
    ['events list-rules --event-bus-name nothing', 'ResourceNotFoundException'],
    ['lambda invoke --function-name nothing /dev/null', 'ResourceNotFoundException'],
    ['logs filter-log-events --log-group-name nothing', 'ResourceNotFoundException'],
    ['pipes describe-pipe --name nothing', 'NotFoundException'],
    ['sns publish --topic-arn nothing --message m', 'NotFound'],
    ['kms describe-key --key-id nothing', 'NotFoundException'],
    ['iam get-role --role-name nothing', 'NoSuchEntity'],
    ['apigateway get-rest-api --rest-api-id nothing', 'NotFoundException'],
    ['s3api get-object --bucket nothing --key k /dev/null', 'NoSuchBucket'],
    ['ec2 describe-instances', 'UnknownOperationException'],
    ['secretsmanager list-secrets', 'UnknownOperationException'],
  ])('%s: %s', async (args, code) => {
    expect(await complaint(args)).toMatch(new RegExp(`An error occurred \\([\\w.]*${code}\\).*: \\S`));
  });
});
