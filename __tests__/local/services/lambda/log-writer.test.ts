import { z } from 'zod';
import { type Service, jsonErrors } from '../../../../local/service';
import { functionFixture } from '../function-fixture';

let fixture: ReturnType<typeof functionFixture>;
beforeEach(() => {
  fixture = functionFixture();
});
afterEach(async () => fixture.close());

describe('logs', () => {
  test('platform lines and console lines, in text', async () => {
    const code = `console.log('loading'); export const handler = async () => { console.warn('a %s', 'b', { c: 1 }); process.stdout.write('raw'); throw new Error('x'); };`;
    await fixture.addFunction('text', code);
    await fixture.invoke('text');
    const lines = await fixture.lines('text');
    expect(lines).toEqual([
      expect.stringMatching(/^2026-01-01T00:00:0\d\.\d{3}Z\tundefined\tINFO\tloading$/),
      expect.stringMatching(/^START RequestId: [0-9a-f-]{36} Version: \$LATEST$/),
      expect.stringMatching(/\t[0-9a-f-]{36}\tWARN\ta b { c: 1 }$/),
      expect.stringMatching(/\tERROR\tInvoke Error \t{"errorType":"Error","errorMessage":"x"/),
      'raw',
      expect.stringMatching(/^END RequestId: /),
      expect.stringMatching(
        /^REPORT RequestId: .+\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\t.*\tInit Duration: \d+\.\d\d ms\tStatus: error$/,
      ),
    ]);
  });

  test('JSON wraps plain lines, leaves JSON objects, filters by level', async () => {
    const code = `export const handler = async () => {
      console.debug('hidden'); console.info('plain'); console.log('{"own":1}'); console.error(new TypeError('e'));
      process.stdout.write('{"level":"DEBUG","own":2}\\n{"own":3}\\nplain too\\n');
    };`;
    await fixture.create('aws_cloudwatch_log_group', 'group', { name: '/aws/lambda/json' });
    await fixture.addFunction('json', code, { logging_config: { log_format: 'JSON' } });
    await fixture.invoke('json');
    const lines = (await fixture.lines('json')).map((line) => JSON.parse(line));
    expect(lines).toEqual([
      {
        time: expect.any(String),
        type: 'platform.start',
        record: { requestId: expect.any(String), version: '$LATEST' },
      },
      {
        timestamp: expect.stringMatching(/^2026/),
        level: 'INFO',
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        message: 'plain',
      },
      { own: 1 },
      expect.objectContaining({ level: 'ERROR', message: 'e', errorType: 'TypeError' }),
      { own: 3 },
      expect.objectContaining({ level: 'INFO', message: 'plain too' }),
      {
        time: expect.any(String),
        type: 'platform.report',
        record: expect.objectContaining({ status: 'success', metrics: expect.objectContaining({ memorySizeMB: 128 }) }),
      },
    ]);
  });

  test('are written as the role: without permission the denial is recorded and the function runs on', async () => {
    fixture.allow('lambda:*');
    await fixture.addFunction('mute', 'export const handler = async () => console.log("lost");');
    expect(await fixture.invoke('mute')).toMatchObject({ StatusCode: 200 });
    await fixture.invoke('mute');
    expect(await fixture.lines('mute')).toEqual([]);
    const denied = fixture.runtime.timeline.hops.filter((hop) => hop.outcome === 'denied');
    expect(denied).toMatchObject([
      { operation: 'CreateLogStream', principal: expect.stringContaining('assumed-role/function/mute'), parents: [1] },
    ]);
  });

  test('go to the group of logging_config, one stream for each sandbox', async () => {
    await fixture.create('aws_cloudwatch_log_group', 'group', { name: 'shared' });
    await fixture.addFunction('quiet', 'export const handler = async () => process.env.AWS_LAMBDA_LOG_STREAM_NAME;', {
      logging_config: { log_format: 'Text', log_group: 'shared' },
    });
    const { value } = await fixture.invoke('quiet');
    await fixture.invoke('quiet');
    await fixture.runtime.idle();
    const { logStreams } = await fixture.call('logs', 'DescribeLogStreams', { logGroupName: 'shared' });
    expect(logStreams.map((stream: { logStreamName: string }) => stream.logStreamName)).toEqual([value]);
    expect(value).toMatch(/^2026\/01\/01\/quiet\[\$LATEST\][0-9a-f]{32}$/);
  });
});

describe('tracing', () => {
  const recorder = (documents: unknown[]): Service => ({
    name: 'xray',
    errors: jsonErrors,
    resources: {},
    operations: {
      PutTraceSegments: {
        input: z.object({ TraceSegmentDocuments: z.array(z.string()) }),
        permissions: () => [{ action: 'xray:PutTraceSegments', resource: '*' }],
        run: ({ TraceSegmentDocuments }) =>
          void documents.push(...TraceSegmentDocuments.map((text: string) => JSON.parse(text))),
      },
    },
  });

  test('Active sends a segment as the role; a denial does not reach the answer', async () => {
    const documents: unknown[] = [];
    fixture.runtime.register(recorder(documents));
    await fixture.addFunction('traced', 'export const handler = async () => process.env._X_AMZN_TRACE_ID;', {
      tracing_config: { mode: 'Active' },
    });
    const { value } = await fixture.invoke('traced');
    await fixture.runtime.idle();
    expect(documents).toMatchObject([
      { name: 'traced', origin: 'AWS::Lambda::Function', trace_id: /Root=([^;]+)/.exec(value)![1] },
    ]);
    fixture.allow('logs:*');
    expect((await fixture.invoke('traced')).StatusCode).toBe(200);
    await fixture.runtime.idle();
    expect(fixture.runtime.timeline.hops.at(-1)).toMatchObject({ outcome: 'denied', operation: 'PutTraceSegments' });
  });
});
