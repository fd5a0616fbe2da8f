import { type Local, startLocal } from '../../local/index';
import { synthesisFolder } from '../synthesis';
import { breaker } from './messages';
import { dev } from './orders';
import { awsJson, describeCli } from './stock-cli';

describeCli('the stock AWS CLI on notifications', () => {
  let local: Local;
  let machine: string;
  let topics: Record<'alarms' | 'notifications', string>;
  beforeAll(async () => {
    local = await startLocal({ from: synthesisFolder(), speed: 10 });
    machine = local.runtime.arn('states', `stateMachine:${dev('delivery')}`);
    const arn = (name: string) => local.runtime.arn('sns', dev(name));
    topics = { alarms: arn('alarms'), notifications: arn('notifications') };
  });
  afterAll(async () => local.stop());

  const run = async (...args: (string | string[])[]) => awsJson(local, args.flat());
  const ended = async (name: string) =>
    local.timeline.waitFor(({ service, operation, resource }) => {
      return service === 'states' && operation === 'end' && resource.endsWith(`:${name}`);
    });

  test('stepfunctions: a message put by hand has an execution, with its history', async () => {
    const { stateMachines } = await run('stepfunctions', 'list-state-machines');
    expect(stateMachines).toContainEqual(
      expect.objectContaining({ stateMachineArn: machine, name: dev('delivery'), type: 'STANDARD' }),
    );
    const item = { id: { S: 'by-hand' }, message: { S: 'hello' } };
    await run('dynamodb', 'put-item', '--table-name', dev('messages'), '--item', JSON.stringify(item));
    await local.timeline.waitFor(({ operation, summary }) => {
      return operation === 'end' && summary.startsWith(`${dev('delivery')}: `);
    });
    const { executions } = await run('stepfunctions', 'list-executions', '--state-machine-arn', machine);
    expect(executions).toEqual([expect.objectContaining({ stateMachineArn: machine, status: 'SUCCEEDED' })]);
    const execution = ['--execution-arn', executions[0].executionArn];
    const described = await run('stepfunctions', 'describe-execution', ...execution);
    expect(JSON.parse(described.input)).toEqual({ id: 'by-hand', delivery: 1 });
    expect(JSON.parse(described.output)).toMatchObject({ sent: { messageId: expect.any(String) } });
    const { events } = await run('stepfunctions', 'get-execution-history', ...execution);
    const entered = events.map(({ stateEnteredEventDetails: details }: any) => details?.name).filter(Boolean);
    expect(entered).toEqual(['Claim', 'ReadBreaker', 'IsBreakerOpen', 'Send', 'MarkSuccessful', 'Delivered']);
    expect([events[0].type, events.at(-1).type]).toEqual(['ExecutionStarted', 'ExecutionSucceeded']);
    const [last] = (await run('stepfunctions', 'get-execution-history', ...execution, '--reverse-order')).events;
    expect(last).toEqual(events.at(-1));
  });

  test('stepfunctions start-execution: an execution started by hand finds nothing to send', async () => {
    const start = ['stepfunctions', 'start-execution', '--state-machine-arn', machine, '--name', 'started-by-hand'];
    const started = await run(start, '--input', '{"id": "nobody", "delivery": 1}');
    await ended('started-by-hand');
    const succeeded = ['--state-machine-arn', machine, '--status-filter', 'SUCCEEDED'];
    const { executions } = await run('stepfunctions', 'list-executions', succeeded);
    expect(executions[0]).toMatchObject({ executionArn: started.executionArn, name: 'started-by-hand' });
    const { events } = await run('stepfunctions', 'get-execution-history', '--execution-arn', started.executionArn);
    expect(events.map(({ type }: any) => type)).toContain('SucceedStateEntered');
    await expect(run(start, '--input', '{"id": "somebody"}')).rejects.toThrow('(ExecutionAlreadyExists)');
    await expect(run(start, '--input', '{')).rejects.toThrow('(InvalidExecutionInput)');
  });

  test('scheduler list-schedules, get-schedule', async () => {
    const { Schedules } = await run('scheduler', 'list-schedules');
    expect(Schedules).toEqual([expect.objectContaining({ Name: dev('retry-failed'), State: 'ENABLED' })]);
    const named = ['--name', dev('retry-failed'), '--group-name', dev('retry-failed')];
    expect(await run('scheduler', 'get-schedule', ...named)).toMatchObject({
      ScheduleExpression: 'rate(5 minutes)',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 1 },
      Target: {
        Arn: local.runtime.arn('lambda', `function:${dev('retry-failed')}`),
        DeadLetterConfig: { Arn: local.runtime.arn('sqs', dev('retry-failed-schedule-dlq')) },
      },
    });
    await expect(run('scheduler', 'get-schedule', '--name', dev('retry-failed'))).rejects.toThrow(
      '(ResourceNotFoundException)',
    );
  });

  test('cloudwatch put-metric-data, get-metric-data, describe-alarms: failures put by hand open the breaker', async () => {
    const dimensions = { function_name: dev('send-message'), service: 'send-message' };
    const metric = ['--namespace', 'Outbox', '--metric-name', 'SendFailed'];
    const text = Object.entries(dimensions).map(([name, value]) => `${name}=${value}`);
    const time = local.runtime.clock.now();
    const iso = (ms: number) => new Date(ms).toISOString();
    await run('cloudwatch', 'put-metric-data', metric, '--value', '3', '--dimensions', text.join(','));
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    const Metric = { Namespace: 'Outbox', MetricName: 'SendFailed', Dimensions };
    const queries = JSON.stringify([{ Id: 'failed', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }]);
    const range = ['--start-time', iso(time - 600_000), '--end-time', iso(time + 600_000)];
    const data = await run('cloudwatch', 'get-metric-data', '--metric-data-queries', queries, range);
    expect(Math.max(...data.MetricDataResults[0].Values)).toBe(3);
    await local.timeline.waitFor(({ operation, data: told }) => {
      return operation === 'Publish' && String(told?.message).includes('"NewStateValue":"ALARM"');
    });
    const { MetricAlarms } = await run('cloudwatch', 'describe-alarms', '--alarm-names', dev(breaker));
    expect(MetricAlarms).toEqual([
      expect.objectContaining({ MetricName: 'SendFailed', AlarmActions: [topics.alarms], Dimensions }),
    ]);
  });

  test('sns list-topics, publish: only the sender may publish notifications', async () => {
    const { Topics } = await run('sns', 'list-topics');
    expect(Topics).toEqual([{ TopicArn: topics.alarms }, { TopicArn: topics.notifications }]);
    const publish = ['sns', 'publish', '--message', 'by hand', '--topic-arn'];
    await expect(run(publish, topics.notifications)).rejects.toThrow('(AuthorizationError)');
    expect(await run(publish, topics.alarms)).toEqual({ MessageId: expect.any(String) });
    await expect(run(publish, `${topics.alarms}-none`)).rejects.toThrow('(NotFound)');
  });
});
