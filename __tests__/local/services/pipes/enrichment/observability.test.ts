import { answering, enrichment, fixture, started, total } from './enriched-pipe';

describe('what is told of it', () => {
  const group = 'arn:aws:logs:eu-west-1:000000000000:log-group:/aws/vendedlogs/pipes/claims';
  const steps = async (level: string, code: string) => {
    await fixture.create('aws_cloudwatch_log_group', 'claims', { name: '/aws/vendedlogs/pipes/claims' });
    await fixture.create('aws_cloudwatch_log_resource_policy', 'claims', {
      policy_name: 'claims',
      policy_document: JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 'delivery.logs.amazonaws.com' },
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: `${group}:*`,
        },
      }),
    });
    await started(code, {
      log_configuration: {
        level,
        include_execution_data: ['ALL'],
        cloudwatch_logs_log_destination: { log_group_arn: group },
      },
    });
    await fixture.send('a');
    await fixture.until(() => total('EventCount') === 1);
    await fixture.runtime.idle();
    const { events } = await fixture.call('logs', 'FilterLogEvents', { logGroupName: '/aws/vendedlogs/pipes/claims' });
    return (events as { message: string }[]).map(({ message }) => JSON.parse(message));
  };
  const named = (lines: { messageType: string }[]) => lines.map(({ messageType }) => messageType);

  test('each stage is logged, with its request, answer and events', async () => {
    const lines = await steps('TRACE', 'export const handler = async () => [{ claim: 1 }];');
    expect(named(lines)).toEqual([
      'EXECUTION_STARTED',
      'ENRICHMENT_STAGE_ENTERED',
      'ENRICHMENT_INVOCATION_STARTED',
      'ENRICHMENT_INVOCATION_SUCCEEDED',
      'ENRICHMENT_STAGE_SUCCEEDED',
      'TARGET_STAGE_ENTERED',
      'TARGET_INVOCATION_STARTED',
      'TARGET_INVOCATION_SUCCEEDED',
      'TARGET_STAGE_SUCCEEDED',
      'EXECUTION_SUCCEEDED',
    ]);
    expect(lines[0].payload).toContain('"body":"a"');
    expect(lines[3]).toMatchObject({ awsRequest: expect.stringContaining(enrichment) });
    expect(JSON.parse(lines[3].awsResponse)).toEqual({ StatusCode: 200, Payload: '[{"claim":1}]' });
    expect(lines[4].payload).toBe('[{"claim":1}]');
    expect(lines[8].payload).toBe('[{"claim":1}]');
  });

  test('so is its failure', async () => {
    const lines = await steps('ERROR', 'export const handler = async () => { throw new Error("no"); };');
    expect(named(lines)).toEqual(['ENRICHMENT_INVOCATION_FAILED', 'ENRICHMENT_STAGE_FAILED', 'EXECUTION_FAILED']);
    expect(lines[2].error).toEqual({
      httpStatusCode: 400,
      message: 'Error: no',
      details: 'Unhandled',
      awsService: 'lambda',
    });
  });

  test('and that the target is skipped', async () => {
    expect(named(await steps('TRACE', 'export const handler = async () => [];')).slice(-2)).toEqual([
      'TARGET_STAGE_SKIPPED',
      'EXECUTION_SUCCEEDED',
    ]);
  });

  test('DescribePipe and ListPipes name the function', async () => {
    await answering('records');
    expect(await fixture.describe()).toMatchObject({ Enrichment: enrichment, EnrichmentParameters: {} });
    const { Pipes } = await fixture.call('pipes', 'ListPipes', {});
    expect(Pipes).toMatchObject([{ Name: 'claims', Enrichment: enrichment }]);
  });
});
