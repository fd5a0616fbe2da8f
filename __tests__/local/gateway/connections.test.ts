import { z } from 'zod';
import { simulatedClock } from '../../../local/clock';
import { startGateway } from '../../../local/gateway';
import { seededRandom } from '../../../local/random';
import { Runtime } from '../../../local/runtime';
import { authorization, fake, port, region, runtime, send } from './listening';

describe('who may connect', () => {
  const greet = (headers: Record<string, string>) => send({ method: 'GET', headers });

  test('the person at the terminal is greeted in one line', async () => {
    const { status, body } = await send({ method: 'GET' });
    expect(status).toBe(200);
    expect(body).toMatch(/^Local AWS runtime .*eu-central-1.*http:\/\/127\.0\.0\.1:\d+\n$/);
  });

  test.each([
    ['127.0.0.1:PORT', 200],
    ['localhost:PORT', 200],
    ['[::1]:PORT', 200],
    ['bucket.localhost:PORT', 200],
    ['LOCALHOST:PORT', 200],
    ['evil.example:PORT', 403],
    ['127.0.0.1.evil.example:PORT', 403],
    ['localhost.evil.example:PORT', 403],
    ['127.0.0.1:1', 403],
    ['127.0.0.1', 403],
  ])('Host %s: %i', async (host, status) => {
    expect((await greet({ host: host.replace('PORT', String(port())) })).status).toBe(status);
  });

  test.each([
    [{ origin: 'http://localhost:3000' }, 200],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'none' }, 200],
  ])('a page with %j: %i', async (headers, status) => {
    expect((await greet(headers as unknown as Record<string, string>)).status).toBe(status);
  });
});

describe('listening', () => {
  test('a port in use is a clear error', async () => {
    await expect(startGateway(runtime, { port: port() })).rejects.toThrow(
      `port ${port()} is in use: stop what listens there, or choose another with --port`,
    );
  });

  test('closing ends idle and waiting connections at once; Date is runtime time', async () => {
    const other = new Runtime({ clock: simulatedClock(), random: seededRandom(1), region });
    other.register({
      ...fake('dynamodb'),
      operations: { Scan: { input: z.any(), permissions: () => [], run: () => new Promise(() => {}) } },
    });
    const listening = await startGateway(other, { port: 0 });
    const idle = await fetch(listening.endpoint);
    expect(idle.headers.get('date')).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
    await idle.text();
    const headers = { 'x-amz-target': 'DynamoDB_20120810.Scan', authorization: authorization('dynamodb') };
    const waiting = fetch(listening.endpoint, { method: 'POST', headers, body: '{}' });
    const lost = waiting.then(
      () => 'answered',
      () => 'lost',
    );
    await new Promise(setImmediate);
    await listening.close();
    await expect(lost).resolves.toBe('lost');
  });
});
