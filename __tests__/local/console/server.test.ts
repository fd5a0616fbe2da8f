import { request } from 'node:http';
import { connect } from 'node:net';
import { text as readAll } from 'node:stream/consumers';
import { dev } from '../../conformance/orders';
import { nodeId, startSystem, type System } from './system';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterEach(() => system.local.faults.clear());
afterAll(async () => system.stop());

/** Status and body of a request with just these headers. */
function ask(
  path: string,
  headers: Record<string, string>,
  method = 'GET',
  body = '',
): Promise<{ status: number; body: string }> {
  return new Promise((done, fail) => {
    const length = { 'Content-Length': String(Buffer.byteLength(body)) };
    const sent = request(`${system.page.url}${path}`, { method, headers: { ...headers, ...length } }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => done({ status: response.statusCode!, body: text }));
    });
    sent.on('error', fail);
    sent.end(body);
  });
}

const port = () => new URL(system.page.url).port;
const json = { 'Content-Type': 'application/json' };

describe('who may ask', () => {
  test.each(['evil.test', 'evil.test:PORT', '127.0.0.1', '127.0.0.1.evil.test:PORT', 'app.localhost:PORT'])(
    'Host %s is refused, whatever is asked for',
    async (name) => {
      const Host = name.replace('PORT', port());
      for (const path of ['/', '/main.js', '/api/system', '/api/events']) {
        expect(await ask(path, { Host })).toMatchObject({
          status: 403,
          body: expect.stringContaining('is not this machine'),
        });
      }
    },
  );

  test.each(['127.0.0.1', 'localhost', '[::1]'])('Host %s is this machine', async (name) => {
    expect(await ask('/api/status', { Host: `${name}:${port()}` })).toMatchObject({ status: 200 });
  });

  test('pages of other origins may not even read, other ports of this machine among them', async () => {
    for (const Origin of ['http://evil.test', 'null', 'http://127.0.0.1:1', `https://127.0.0.1:${port()}`]) {
      expect(await ask('/api/status', { Origin })).toMatchObject({ status: 403 });
    }
    expect(await ask('/api/status', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': 'empty' })).toMatchObject({
      status: 403,
    });
    expect(await ask('/', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': 'document' })).toMatchObject({
      status: 200,
    });
  });

  test('a change needs the origin, the token and the type of the page', async () => {
    const fault = {
      node: nodeId(system.local, 'aws_cloudwatch_event_bus.'),
      direction: 'to',
      service: 'events',
      operation: 'PutEvents',
    };
    const body = JSON.stringify({ ...fault, effect: 'throttle', times: 1, probability: 1 });
    const html = await (await fetch(system.page.url)).text();
    const token = /content="([\w-]{32})"/.exec(html)![1]!;
    const own = { ...json, Origin: system.page.url, 'X-Console-Token': token };
    const { Origin: _origin, ...noOrigin } = own;
    const { 'X-Console-Token': _token, ...noToken } = own;
    const wrong = [
      noOrigin,
      noToken,
      { ...own, 'X-Console-Token': `${token.slice(1)}x` },
      { ...own, Origin: 'http://evil.test' },
    ];
    for (const headers of wrong) expect((await ask('/api/fault', headers, 'POST', body)).status).toBe(403);
    expect((await ask('/api/fault', { ...own, 'Content-Type': 'text/plain' }, 'POST', body)).status).toBe(415);
    expect((await ask('/api/fault', own, 'DELETE', body)).status).toBe(405);
    expect(system.local.faults.all).toEqual([]);
    expect((await ask('/api/fault', own, 'POST', body)).status).toBe(200);
    expect(system.local.faults.all).toMatchObject([{ left: 1, fault: { effect: 'throttle', operation: 'PutEvents' } }]);
  });

  test('the type may name its charset; what is no path is refused', async () => {
    const html = await (await fetch(system.page.url)).text();
    const own = { Origin: system.page.url, 'X-Console-Token': /content="([\w-]{32})"/.exec(html)![1]! };
    const headers = { ...own, 'Content-Type': 'application/json; charset=utf-8' };
    expect((await ask('/api/fault', headers, 'POST', '{}')).status).toBe(400);
    for (const [target, status] of [
      ['//', 404],
      ['http://[', 400],
    ] as const) {
      const socket = connect(Number(port()), '127.0.0.1');
      socket.end(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port()}\r\nConnection: close\r\n\r\n`);
      expect(await readAll(socket)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    }
  });

  test('it listens on loopback only', async () => {
    const { networkInterfaces } = await import('node:os');
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of others) {
      await expect(
        new Promise((done, fail) => connect(Number(port()), address, () => done('open')).on('error', fail)),
      ).rejects.toThrow('ECONNREFUSED');
    }
  });

  test('the page may run no other script than its own, and be in no frame', async () => {
    const response = await fetch(system.page.url);
    const policy = response.headers.get('content-security-policy')!;
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ]) {
      expect(policy).toContain(part);
    }
    expect(await response.text()).not.toMatch(/<script(?![^>]*src=)|<style| on\w+="|style="/);
  });

  test('what is not there is told', async () => {
    expect(await ask('/../package.json', {})).toMatchObject({ status: 404 });
    expect(await ask('/api/none', {})).toMatchObject({ status: 400, body: '{"error":"There is no none"}' });
    expect(await system.act('none', {})).toMatchObject({ status: 400 });
    expect(await ask('/api/journey?id=9999999', {})).toMatchObject({
      status: 400,
      body: expect.stringContaining('not kept'),
    });
    expect(await ask('/api/hop?id=x', {})).toMatchObject({
      status: 400,
      body: expect.stringContaining('must be the number'),
    });
  });
});

describe('events', () => {
  /** Reads the stream until a message satisfies; what it held, as text. */
  async function streamUntil(text: string, headers: Record<string, string> = {}): Promise<string> {
    const end = new AbortController();
    const response = await fetch(`${system.page.url}/api/events`, { headers, signal: end.signal });
    let held = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream() as any) as any) {
      held += chunk;
      if (held.includes(text)) break;
    }
    end.abort();
    return held;
  }
  const record = (summary: string) =>
    system.local.runtime.timeline.record({ service: 'sqs', operation: 'Test', resource: 'arn:x', summary });
  const hopsIn = (held: string): any[] =>
    held
      .split('\n')
      .filter((line) => line.startsWith('data: ['))
      .flatMap((line) => JSON.parse(line.slice(6)));

  test('those that are there come first, then each new one, without payload', async () => {
    system.local.runtime.timeline.record({
      service: 'sqs',
      operation: 'Test',
      resource: 'arn:x',
      summary: 'before',
      data: { secret: 1 },
    });
    const streamed = streamUntil('afterwards');
    record('afterwards');
    const held = await streamed;
    expect(hopsIn(held).map(({ summary }) => summary)).toEqual(expect.arrayContaining(['before', 'afterwards']));
    expect(held).not.toContain('secret');
  });

  test('a page that comes back gets what it missed, once', async () => {
    record('one');
    const held = await streamUntil('one');
    const last = /^id: (.*)$/m.exec(held)![1]!;
    record('two');
    const again = hopsIn(await streamUntil('two', { 'Last-Event-ID': last }));
    expect(again.map(({ summary }) => summary)).toEqual(['two']);
  });

  test('beyond 5,000 it gets the last ones, and how many it missed', async () => {
    const { length } = system.local.timeline.hops;
    for (let count = 0; count < 6000; count++) record(`number ${count}.`);
    const held = await streamUntil('number 5999.');
    expect(hopsIn(held)).toHaveLength(5000);
    expect(held).toContain(`event: gap\ndata: {"missed":${length + 1000}}`);
  });

  test('a page of another run is told to load again', async () => {
    expect(await streamUntil('event: restart', { 'Last-Event-ID': 'other:12' })).not.toContain('event: hops');
  });

  test('so is one that names what never was', async () => {
    record('one');
    const run = /^id: (.*):/m.exec(await streamUntil('one'))![1]!;
    for (const id of ['-5', 'abc', '1e9', '999999999', ''])
      expect(await streamUntil('event: restart', { 'Last-Event-ID': `${run}:${id}` })).not.toContain('event: hops');
  });
});

describe('actions', () => {
  test('a fault by a node hits its role, is listed and cleared', async () => {
    const node = nodeId(system.local, 'aws_pipes_pipe.orders');
    const fault = {
      node,
      direction: 'by',
      service: 'events',
      operation: 'PutEvents',
      effect: 'failBefore',
      times: 3,
      probability: 0.5,
    };
    expect((await system.act('fault', fault)).status).toBe(200);
    const { faults } = await system.read('status');
    expect(faults).toMatchObject([
      { left: 3, fault: { principal: expect.stringMatching(/:role\/outbox-dev-orders-pipe$/) } },
    ]);
    expect((await system.act('clear', { id: faults[0].id })).status).toBe(200);
    expect((await system.act('clear', { id: faults[0].id })).status).toBe(400);
    expect(system.local.faults.all).toEqual([]);
  });

  test('a fault that cannot be is refused, with what is allowed', async () => {
    const { status, body } = await system.act('fault', {
      node: 'none',
      direction: 'to',
      service: 's',
      operation: 'o',
      effect: 'melt',
      times: 0,
      probability: 2,
    });
    expect(status).toBe(400);
    expect(body.error).toMatch(/effect: .*"throttle".*; times: .*; probability: /);
  });

  test('a redrive moves what a function has sent to the dead letters, and tells what came of it', async () => {
    const node = nodeId(system.local, 'aws_sqs_queue.submission_dead-letters');
    const source = nodeId(system.local, 'aws_sqs_queue.submission_queue');
    const [deadLetters, queue] = [node, source].map((id) => system.local.resources.find((it) => it.address === id)!);
    const QueueUrl = deadLetters!.attributes.url as string;
    const redriven = async (MessageBody: string) => {
      await system.local.call('sqs', 'SendMessage', { QueueUrl, MessageBody });
      const began = new Promise<number>((done) => {
        const stop = system.local.timeline.subscribe(
          ({ id, operation }) => operation === 'StartMessageMoveTask' && (stop(), done(id)),
        );
      });
      const answer = system.act('redrive', { node });
      const start = await began;
      await system.local.timeline.waitFor(({ operation, parents }) => operation === 'move' && parents.includes(start));
      return answer;
    };
    const { status, body } = await redriven(JSON.stringify({ id: 'by hand', type: 'a', payload: 1 }));
    expect([status, body.text]).toEqual([
      200,
      `The redrive completed: 1 messages moved out of ${dev('submission-dlq')}`,
    ]);
    await system.local.timeline.waitFor(
      ({ operation, resource }) => operation === 'DeleteMessage' && resource === queue!.attributes.arn,
    );
    system.local.faults.add({ service: 'sqs', operation: 'SendMessage', resource: dev('submission'), effect: 'deny' });
    const refused = await redriven('{}');
    expect(refused.status).toBe(400);
    expect(refused.body.error).toMatch(/^The redrive failed: 0 messages moved out of .*, \S*AccessDenied/);
  });

  test('a schedule runs now, beside its plan', async () => {
    const node = nodeId(system.local, 'aws_scheduler_schedule.');
    const { status, body } = await system.act('schedule', { node });
    expect(status).toBe(200);
    await system.local.timeline.waitFor((hop) => hop.service === 'lambda' && hop.parents.includes(body.hop));
  });

  test('the status has the depth of each queue, and reading it uses up no fault', async () => {
    system.local.faults.add({ service: 'sqs', effect: 'throttle' });
    const { nodes } = await system.read('status');
    const withDepth = Object.keys(nodes).filter((id) => nodes[id].depth !== undefined);
    expect(withDepth).toEqual(Object.keys(nodes).filter((id) => id.includes('/aws_sqs_queue.')));
    expect(system.local.faults.all).toHaveLength(1);
  });
});
