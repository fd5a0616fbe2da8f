import { readStream } from '../../stream-fixture';
import { fixture, handler, mapped } from './mapped-stream';

describe('rights', () => {
  test.each(readStream)('does not start without %s', async (action) => {
    await mapped(handler());
    fixture.allow('logs:*', ...readStream.filter((other) => other !== action));
    await expect(fixture.runtime.start()).rejects.toThrow(
      `test/aws_lambda_event_source_mapping.users: Cannot access stream ${fixture.table.stream_arn}. Please ensure the role can perform`,
    );
  });

  test.each([
    ['arn:aws:s3:::failures', 's3:PutObject', 's3:ListBucket', 'ListBucket on S3'],
    ['arn:aws:s3:::failures', 's3:ListBucket', 's3:PutObject', 'PutObject on S3'],
    ['arn:aws:sqs:eu-west-1:000000000000:failures', 'sns:Publish', 'sqs:SendMessage', 'SendMessage on SQS'],
    ['arn:aws:sns:eu-west-1:000000000000:failures', 'sqs:SendMessage', 'sns:Publish', 'Publish on SNS'],
  ])('to %s: %s is not enough, %s is missing', async (arn, allowed, _missing, message) => {
    await mapped(handler(), { destination_config: { on_failure: { destination_arn: arn } } });
    fixture.allow('logs:*', ...readStream, allowed);
    await expect(fixture.runtime.start()).rejects.toThrow(`does not have permissions to call ${message}`);
  });

  test('needs nothing else, lambda:InvokeFunction included', async () => {
    await mapped(handler());
    fixture.allow('logs:*', ...readStream);
    await fixture.runtime.start();
    await fixture.put('a');
    await fixture.runtime.idle();
    expect(await fixture.batches()).toEqual([['a']]);
  });
});
