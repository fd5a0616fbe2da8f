import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AwsError } from '../../../local/aws-error';
import { answerWith, gateway, type Json, region } from './listening';

describe('the AWS CLI', () => {
  const run = promisify(execFile);
  let version: string | undefined;

  beforeAll(async () => {
    try {
      const { stdout } = await run('aws', ['--version']);
      version = stdout.trim();
    } catch (error) {
      console.log(`skipped: no AWS CLI here (${(error as Error).message.split('\n')[0]})`);
    }
  }, 30_000);

  const aws = async (...command: string[]): Promise<Json> => {
    const env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      AWS_ACCESS_KEY_ID: 'AKIDDEVELOPER',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_MAX_ATTEMPTS: '1',
    };
    const { stdout } = await run('aws', ['--endpoint-url', gateway.endpoint, '--output', 'json', ...command], { env });
    return JSON.parse(stdout || '{}') as Json;
  };

  test('speaks to every protocol', async () => {
    if (!version) return;
    answerWith(
      ({ service }) =>
        ({
          sts: { Account: '000000000000', Arn: 'arn:aws:iam::000000000000:user/developer', UserId: 'U' },
          sqs: { QueueUrls: ['u'] },
          cloudwatch: { MetricAlarms: [{ AlarmName: 'a', StateUpdatedTimestamp: new Date(0) }] },
          lambda: { Functions: [{ FunctionName: 'f' }] },
          pipes: { Pipes: [{ Name: 'p', CreationTime: new Date(0) }] },
        })[service as 'sts'] ?? {},
    );
    const [identity, queues, alarms, functions, pipes] = await Promise.all([
      aws('sts', 'get-caller-identity'),
      aws('sqs', 'list-queues'),
      aws('cloudwatch', 'describe-alarms'),
      aws('lambda', 'list-functions'),
      aws('pipes', 'list-pipes'),
    ]);
    expect(identity.Arn).toBe('arn:aws:iam::000000000000:user/developer');
    expect(queues.QueueUrls).toEqual(['u']);
    expect(alarms.MetricAlarms[0].AlarmName).toBe('a');
    expect(functions.Functions).toEqual([{ FunctionName: 'f' }]);
    expect(pipes.Pipes[0].Name).toBe('p');
  }, 60_000);

  test('names errors rightly in every protocol', async () => {
    if (!version) return;
    answerWith(() => {
      throw new AwsError('ResourceNotFoundException', 'not there', 400);
    });
    for (const command of [
      ['dynamodb', 'scan', '--table-name', 't'],
      ['sns', 'publish', '--topic-arn', 'arn:aws:sns:eu-central-1:000000000000:t', '--message', 'm'],
      ['cloudwatch', 'describe-alarms'],
      ['lambda', 'get-function', '--function-name', 'f'],
    ]) {
      await expect(aws(...command)).rejects.toThrow(/An error occurred \(ResourceNotFoundException\).*not there/);
    }
  }, 60_000);
});
