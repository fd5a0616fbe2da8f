import { account, Harness, machineArn, neighbourArn, region, roleArn } from './harness';
import { executionArn, made, pass } from './machine';

describe('logging', () => {
  const group = `arn:aws:logs:${region}:${account}:log-group:/aws/vendedlogs/states/machine`;
  const logging = (rest: object = {}) => ({
    logging_configuration: [{ level: 'ALL', log_destination: `${group}:*`, ...rest }],
  });
  async function logged(rest: object, definition: object = pass, service = 'delivery.logs.amazonaws.com') {
    const harness = new Harness();
    harness.answer = ({ operation }) =>
      operation === 'DescribeLogGroups' ? { logGroups: [{ logGroupName: '/aws/vendedlogs/states/machine' }] } : {};
    const Statement = {
      Effect: 'Allow',
      Principal: { Service: service },
      Action: 'logs:*',
      Resource: neighbourArn('logs'),
    };
    harness.runtime.iam.setResourcePolicy(neighbourArn('logs'), { Version: '2012-10-17', Statement });
    await harness.create(definition, logging(rest));
    await harness.end(await harness.start({ secret: 1 }, { name: 'run' }));
    const lines = harness.made
      .filter(({ operation }) => operation === 'PutLogEvents')
      .map(({ input }) => JSON.parse(input.logEvents[0].message as string) as Record<string, any>);
    return { harness, lines };
  }

  test('each event is a line, without data unless it is asked for', async () => {
    const { lines, harness } = await logged({});
    expect(lines[0]).toEqual({
      id: '1',
      type: 'ExecutionStarted',
      details: { inputDetails: { truncated: false }, roleArn },
      previous_event_id: '0',
      event_timestamp: '1767225600000',
      execution_arn: executionArn,
      redrive_count: '0',
    });
    expect(lines.map(({ type }) => type)).toEqual(await harness.types(executionArn));
    const { principal } = harness.made.find(({ operation }) => operation === 'CreateLogStream')!;
    expect(principal).toBe('delivery.logs.amazonaws.com');
    const { lines: full } = await logged({ include_execution_data: true });
    expect(full[0]!.details.input).toBe('{"secret":1}');
  });

  test.each([
    ['FATAL', ['ExecutionFailed']],
    ['ERROR', ['FailStateEntered', 'ExecutionFailed']],
  ])('level %s', async (level, types) => {
    const { lines } = await logged({ level }, { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'E' } } });
    expect(lines.map(({ type }) => type)).toEqual(types);
  });

  test('without a resource policy of the group nothing is logged, which the timeline tells', async () => {
    const { lines, harness } = await logged({}, pass, 'states.amazonaws.com');
    expect(lines).toEqual([]);
    const lost = harness.runtime.timeline.hops.find(({ operation }) => operation === 'log');
    expect(lost).toMatchObject({
      outcome: 'failed',
      summary: expect.stringContaining('machine is not logged: AccessDenied'),
    });
  });

  test('needs rights of the role, a group that exists, and its ARN with :*', async () => {
    const harness = new Harness(['logs:DescribeLogGroups']);
    harness.answer = () => ({ logGroups: [] });
    await expect(harness.create(pass, logging())).rejects.toThrow('lacks logs:CreateLogDelivery on *');
    harness.allow('logs:*');
    await expect(harness.create(pass, logging())).rejects.toThrow('does not exist');
    await expect(harness.create(pass, logging({ log_destination: group }))).rejects.toThrow('with :* at its end');
    await expect(harness.create(pass, { logging_configuration: [{ level: 'ALL' }] })).rejects.toThrow(
      'log destination',
    );
  });
});

test('executions are measured', async () => {
  const harness = await made({
    StartAt: 'W',
    States: { W: { Type: 'Wait', Seconds: 60, Next: 'F' }, F: { Type: 'Fail' } },
  });
  await harness.end(await harness.start());
  const dimensions = { StateMachineArn: machineArn };
  expect(harness.metrics).toEqual([
    { namespace: 'AWS/States', name: 'ExecutionsStarted', dimensions, value: 1 },
    { namespace: 'AWS/States', name: 'ExecutionsFailed', dimensions, value: 1 },
    { namespace: 'AWS/States', name: 'ExecutionTime', dimensions, value: 60_000 },
  ]);
});

test('traces with the rights of the role; without them the execution goes on', async () => {
  const harness = await made(pass, { tracing_configuration: [{ enabled: true }] });
  await harness.end(await harness.start({}, { traceHeader: 'Root=1-0-1;Sampled=1' }));
  const [document] = harness.made[0]!.input.TraceSegmentDocuments;
  expect(JSON.parse(document as string)).toMatchObject({ name: 'machine', trace_id: '1-0-1' });
  harness.allow();
  expect(await harness.end(await harness.start())).toMatchObject({ status: 'SUCCEEDED' });
  expect(harness.runtime.timeline.hops.at(-1)).toMatchObject({ service: 'xray', outcome: 'denied' });
});
