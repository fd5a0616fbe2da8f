import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock } from '../../local/clock';
import { type Gateway, startGateway } from '../../local/gateway';
import { seededRandom } from '../../local/random';
import { Runtime } from '../../local/runtime';
import { registerServices } from '../../local/services';
import { makerOf } from './make-resource';
import { aws, awsJson, describeCli } from './stock-cli';

const region = 'eu-central-1';
const arn = (service: string, suffix: string) => `arn:aws:${service}:${region}:000000000000:${suffix}`;
const topic = arn('sns', 'alerts');

describeCli('the stock AWS CLI with services of their own', () => {
  let runtime: Runtime;
  let gateway: Gateway;
  let folder: string;

  const at = () => ({ endpoint: gateway.endpoint, region });
  const run = async (...args: (string | string[])[]) => aws(at(), ['--output', 'json', ...args.flat()]);
  const json = async (...args: (string | string[])[]) => awsJson(at(), args.flat());
  const file = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'outbox-cli-'));
    runtime = new Runtime({ clock: realClock(100), random: seededRandom(1), region });
    const { types } = registerServices(runtime, () => undefined);
    gateway = await startGateway(runtime, { port: 0 });
    const make = makerOf(types);
    const allow = (statement: object) =>
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
    await make('aws_s3_bucket', { bucket: 'files' });
    await make('aws_s3_bucket', { bucket: 'versions' });
    await make('aws_s3_bucket_versioning', { bucket: 'versions', versioning_configuration: [{ status: 'Enabled' }] });
    const Principal = { Service: 'sns.amazonaws.com' };
    const queue = await make('aws_sqs_queue', {
      name: 'alerts',
      policy: allow({ Principal, Action: 'sqs:SendMessage', Resource: arn('sqs', 'alerts') }),
    });
    const denied = await make('aws_sqs_queue', { name: 'denied' });
    await make('aws_sns_topic', { name: 'alerts' });
    for (const endpoint of [queue.arn, denied.arn])
      await make('aws_sns_topic_subscription', { topic_arn: topic, protocol: 'sqs', endpoint });
    await make('aws_cloudwatch_metric_alarm', {
      alarm_name: 'failures',
      namespace: 'Delivery',
      metric_name: 'Failed',
      dimensions: { function: 'send' },
      statistic: 'Sum',
      period: 60,
      evaluation_periods: 1,
      threshold: 1,
      comparison_operator: 'GreaterThanOrEqualToThreshold',
      treat_missing_data: 'notBreaching',
      alarm_actions: [topic],
      ok_actions: [topic],
    });
    const role = await make('aws_iam_role', {
      name: 'retry',
      assume_role_policy: allow({ Principal: { Service: 'scheduler.amazonaws.com' }, Action: 'sts:AssumeRole' }),
    });
    await make('aws_scheduler_schedule', {
      name: 'retry',
      schedule_expression: 'rate(1 hour)',
      flexible_time_window: [{ mode: 'OFF' }],
      target: [{ arn: denied.arn, role_arn: role.arn, input: '{}' }],
    });
    await runtime.start();
  });

  afterAll(async () => {
    await runtime.stop();
    await gateway.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('s3', () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256));

    test('s3api put-object, head-object, get-object, list-objects-v2, delete-object', async () => {
      writeFileSync(file('in.bin'), bytes);
      const key = 'a folder/größe + 1.bin';
      const put = await json(
        ['s3api', 'put-object', '--bucket', 'files', '--key', key, '--body', file('in.bin')],
        ['--content-type', 'application/x-test', '--metadata', 'Order=17'],
      );
      expect(put).toMatchObject({ ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/), ServerSideEncryption: 'AES256' });
      const head = await json('s3api', 'head-object', '--bucket', 'files', '--key', key);
      expect(head).toMatchObject({
        ContentLength: bytes.length,
        ContentType: 'application/x-test',
        Metadata: { order: '17' },
        ETag: put.ETag,
      });
      await run('s3api', 'get-object', '--bucket', 'files', '--key', key, file('out.bin'));
      expect(readFileSync(file('out.bin')).equals(bytes)).toBe(true);
      const part = ['--range', 'bytes=10-19'];
      await run('s3api', 'get-object', '--bucket', 'files', '--key', key, ...part, file('part.bin'));
      expect(readFileSync(file('part.bin'))).toEqual(bytes.subarray(10, 20));
      const listed = await json('s3api', 'list-objects-v2', '--bucket', 'files', '--prefix', 'a folder/');
      expect(listed.Contents).toEqual([expect.objectContaining({ Key: key, Size: bytes.length })]);
      await run('s3api', 'delete-object', '--bucket', 'files', '--key', key);
      await expect(run('s3api', 'head-object', '--bucket', 'files', '--key', key)).rejects.toThrow('(404)');
    });

    test('s3 cp, ls and rm', async () => {
      writeFileSync(file('small.txt'), 'hello');
      await run('s3', 'cp', file('small.txt'), 's3://files/reports/2026/small.txt');
      await run('s3', 'cp', file('small.txt'), 's3://files/top.txt');
      expect(await run('s3', 'ls')).toMatch(/ files\n.* versions\n/);
      const top = await run('s3', 'ls', 's3://files');
      expect(top).toMatch(/PRE reports\/\n.* 5 top\.txt\n/);
      expect(await run('s3', 'ls', '--recursive', 's3://files/reports/')).toMatch(/ 5 reports\/2026\/small\.txt\n/);
      await run('s3', 'cp', 's3://files/reports/2026/small.txt', file('back.txt'));
      expect(readFileSync(file('back.txt'), 'utf8')).toBe('hello');
      await run('s3', 'rm', '--recursive', 's3://files');
      expect(await run('s3', 'ls', 's3://files').catch((error: Error) => error.message)).not.toContain('top.txt');
    });

    test('a conditional put of what exists answers 412', async () => {
      const put = ['s3api', 'put-object', '--bucket', 'files', '--key', 'once', '--if-none-match', '*'];
      await run(...put);
      await expect(run(...put)).rejects.toThrow('(PreconditionFailed)');
    });

    test('versions and delete markers', async () => {
      const address = ['--bucket', 'versions', '--key', 'state'];
      writeFileSync(file('v1'), 'one');
      writeFileSync(file('v2'), 'two');
      const first = await json('s3api', 'put-object', ...address, '--body', file('v1'));
      await run('s3api', 'put-object', ...address, '--body', file('v2'));
      expect(await json('s3api', 'delete-object', ...address)).toMatchObject({ DeleteMarker: true });
      await expect(run('s3api', 'get-object', ...address, file('v'))).rejects.toThrow('(NoSuchKey)');
      await run('s3api', 'get-object', ...address, '--version-id', first.VersionId, file('v'));
      expect(readFileSync(file('v'), 'utf8')).toBe('one');
    });

    test('what is not modelled is refused by name', async () => {
      await expect(run('s3api', 'get-object', '--bucket', 'none', '--key', 'k', file('x'))).rejects.toThrow(
        '(NoSuchBucket)',
      );
      await expect(run('s3api', 'create-multipart-upload', '--bucket', 'files', '--key', 'k')).rejects.toThrow(
        '(NotImplemented)',
      );
      await expect(run('s3api', 'get-bucket-acl', '--bucket', 'files')).rejects.toThrow('(NotImplemented)');
    });
  });

  describe('cloudwatch', () => {
    test('put-metric-data, list-metrics, get-metric-data, get-metric-statistics', async () => {
      const now = runtime.clock.now();
      const time = (ms: number) => new Date(ms).toISOString();
      await run(
        ['cloudwatch', 'put-metric-data', '--namespace', 'Sales', '--metric-name', 'Orders', '--value', '3'],
        ['--dimensions', 'shop=one', '--timestamp', time(now)],
      );
      const { Metrics } = await json('cloudwatch', 'list-metrics', '--namespace', 'Sales');
      const dimensions = [{ Name: 'shop', Value: 'one' }];
      expect(Metrics).toEqual([{ Namespace: 'Sales', MetricName: 'Orders', Dimensions: dimensions }]);
      const range = ['--start-time', time(now - 600_000), '--end-time', time(now + 600_000)];
      const Metric = { Namespace: 'Sales', MetricName: 'Orders', Dimensions: dimensions };
      const queries = JSON.stringify([{ Id: 'a', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }]);
      const data = await json('cloudwatch', 'get-metric-data', '--metric-data-queries', queries, ...range);
      expect(data.MetricDataResults).toMatchObject([{ Id: 'a', Values: [3], StatusCode: 'Complete' }]);
      const { Datapoints } = await json(
        ['cloudwatch', 'get-metric-statistics', '--namespace', 'Sales', '--metric-name', 'Orders'],
        ['--dimensions', 'Name=shop,Value=one', '--period', '60', '--statistics', 'Sum', 'Average', ...range],
      );
      expect(Datapoints).toMatchObject([{ Sum: 3, Average: 3 }]);
    });

    test('describe-alarms, set-alarm-state, describe-alarm-history', async () => {
      const state = async () =>
        (await json('cloudwatch', 'describe-alarms', '--alarm-names', 'failures')).MetricAlarms[0].StateValue;
      await run(
        ['cloudwatch', 'set-alarm-state', '--alarm-name', 'failures', '--state-value', 'ALARM'],
        ['--state-reason', 'by hand'],
      );
      expect(['ALARM', 'OK']).toContain(await state());
      const { AlarmHistoryItems: items } = await json(
        ['cloudwatch', 'describe-alarm-history', '--alarm-name', 'failures'],
        ['--history-item-type', 'StateUpdate'],
      );
      const byHand = items.find(({ HistoryData }: any) => HistoryData.includes('by hand'));
      expect(byHand).toMatchObject({ AlarmName: 'failures', HistoryItemType: 'StateUpdate' });
      await expect(
        run('cloudwatch', 'set-alarm-state', '--alarm-name', 'no', '--state-value', 'OK', '--state-reason', 'r'),
      ).rejects.toThrow('(ResourceNotFound)');
    });
  });

  describe('sns', () => {
    test('list-topics, list-subscriptions-by-topic, get-topic-attributes', async () => {
      expect(await json('sns', 'list-topics')).toEqual({ Topics: [{ TopicArn: topic }] });
      const { Subscriptions } = await json('sns', 'list-subscriptions-by-topic', '--topic-arn', topic);
      expect(Subscriptions.map(({ Endpoint }: any) => Endpoint)).toEqual([arn('sqs', 'alerts'), arn('sqs', 'denied')]);
      const { Attributes } = await json('sns', 'get-topic-attributes', '--topic-arn', topic);
      expect(Attributes).toMatchObject({ TopicArn: topic, SubscriptionsConfirmed: '2' });
    });

    test('publish: a queue that denies it shows in the timeline', async () => {
      const published = await json('sns', 'publish', '--topic-arn', topic, '--message', 'm', '--subject', 's');
      expect(published).toEqual({ MessageId: expect.any(String) });
      await runtime.idle();
      const mine = runtime.timeline.hops.find((hop) => hop.operation === 'Publish' && hop.data?.message === 'm')!;
      const outcomes = runtime.timeline.descendants(mine.id).map((hop) => `${hop.operation} ${hop.outcome}`);
      expect(outcomes).toEqual(expect.arrayContaining(['SendMessage ok', 'SendMessage denied', 'deliver failed']));
      await expect(run('sns', 'publish', '--topic-arn', `${topic}-none`, '--message', 'm')).rejects.toThrow(
        '(NotFound)',
      );
    });
  });

  test('scheduler list-schedules, get-schedule, update-schedule, list-schedule-groups, get-schedule-group', async () => {
    const { Schedules } = await json('scheduler', 'list-schedules', '--group-name', 'default');
    expect(Schedules).toEqual([expect.objectContaining({ Name: 'retry', GroupName: 'default', State: 'ENABLED' })]);
    const schedule = await json('scheduler', 'get-schedule', '--name', 'retry');
    expect(schedule).toMatchObject({
      Arn: arn('scheduler', 'schedule/default/retry'),
      ScheduleExpression: 'rate(1 hour)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Input: '{}', RetryPolicy: { MaximumRetryAttempts: 185 } },
    });
    await run(
      ['scheduler', 'update-schedule', '--name', 'retry', '--state', 'DISABLED'],
      ['--schedule-expression', schedule.ScheduleExpression, '--flexible-time-window', '{"Mode": "OFF"}'],
      ['--target', JSON.stringify(schedule.Target)],
    );
    expect((await json('scheduler', 'list-schedules', '--state', 'DISABLED')).Schedules).toHaveLength(1);
    await expect(run('scheduler', 'get-schedule', '--name', 'none')).rejects.toThrow('(ResourceNotFoundException)');
    expect((await json('scheduler', 'list-schedule-groups')).ScheduleGroups).toHaveLength(1);
    expect(await json('scheduler', 'get-schedule-group', '--name', 'default')).toMatchObject({ State: 'ACTIVE' });
  });
});
