import { send, world } from './stage';

describe('throttling', () => {
  const throttled = async (path: string) => {
    const it = await world();
    const [, , , , id] = it.stageUrl.split('/');
    await it.create('aws_api_gateway_method_settings', {
      rest_api_id: id,
      stage_name: 'dev',
      method_path: path,
      settings: [{ throttling_burst_limit: 2, throttling_rate_limit: 1, metrics_enabled: true, logging_level: 'OFF' }],
    });
    return it;
  };

  test.each(['*/*', 'createId/POST'])('%s: the burst passes, then the rate', async (path) => {
    const it = await throttled(path);
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await send(it)).status);
    expect(statuses).toEqual([200, 200, 429]);
    const response = await send(it);
    expect([response.json, response.headers['x-amzn-ErrorType']]).toEqual([
      { message: 'Too Many Requests' },
      'TooManyRequestsException',
    ]);
    expect(it.runtime.timeline.hops.at(-1)!.outcome).toBe('throttled');
    it.clock.moveTo(it.clock.now() + 999);
    expect((await send(it)).status).toBe(429);
    it.clock.moveTo(it.clock.now() + 1);
    expect((await send(it)).status).toBe(200);
    expect(it.metrics.some(({ dimensions }) => dimensions.Resource === '/createId')).toBe(true);
  });

  test('a path that is no method is refused', async () => {
    await expect(throttled('create/POST')).rejects.toThrow('is no method of the API: */*, createId/POST are');
  });
});

describe('faults', () => {
  test.each([
    ['throttle', 429, 0],
    ['deny', 403, 0],
    ['failBefore', 504, 0],
    ['failAfter', 504, 1],
    ['duplicate', 200, 2],
  ] as const)('%s', async (effect, status, writes) => {
    const it = await world();
    it.runtime.faults.add({ service: 'execute-api', operation: 'Invoke', effect });
    expect((await send(it)).status).toBe(status);
    expect(it.asked).toHaveLength(writes);
  });
});
