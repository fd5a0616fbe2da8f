import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, rmSync, watch } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { synthesisFolder } from '../synthesis';

const root = join(__dirname, '../..');
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function start(args: string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', 'local/cli.ts', ...args], {
    cwd: root,
    env: { ...process.env, ...env },
  });
  started.push(child);
  return child;
}

async function fails(args: string[], env: Record<string, string> = {}): Promise<{ code: number; text: string }> {
  const child = start(args, env);
  let text = '';
  child.stderr!.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [code] = await once(child, 'close');
  return { code, text: text.trim() };
}

test('--json: the first line says where it is ready, the next ones are hops, and SIGINT ends it cleanly', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'outbox-cli-'));
  const child = start(['--json', '--port', '0'], { TMPDIR: folder });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const read = async () => JSON.parse((await lines.next()).value);
  const ready = await read();
  expect(ready).toEqual({
    ready: true,
    endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    region: 'eu-central-1',
    orderApi: expect.stringMatching(/\/createId$/),
    console: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  });
  expect(await (await fetch(ready.console)).text()).toContain('<title>Console</title>');
  await fetch(ready.orderApi, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"Status": "CREATED"}',
  });
  const hop = await read();
  expect(hop).toMatchObject({ service: 'execute-api', operation: 'Invoke', summary: 'POST /createId', parents: [] });
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(readdirSync(folder).filter((name) => name.startsWith('outbox-local-'))).toEqual([]);
});

describe('a reset from the console', () => {
  const begin = async (from: string) => {
    const child = start(['--json', '--port', '0', '--from', from]);
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    const read = async () => JSON.parse((await lines.next()).value);
    const ready = await read();
    const token = /name="console-token" content="([\w-]+)"/.exec(await (await fetch(ready.console)).text())![1]!;
    const headers = { 'Content-Type': 'application/json', Origin: ready.console, 'X-Console-Token': token };
    const reset = async () => fetch(`${ready.console}/api/reset`, { method: 'POST', headers, body: '{}' });
    return { child, read, ready, reset };
  };
  const order = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"Status": "CREATED"}' };

  test('is told by a first line again, then its hops are printed, and SIGTERM ends what runs now', async () => {
    const { child, read, ready, reset } = await begin(synthesisFolder());
    expect((await reset()).status).toBe(200);
    expect(await read()).toEqual(ready);
    await fetch(ready.orderApi, order);
    expect(await read()).toMatchObject({ service: 'execute-api', operation: 'Invoke', parents: [] });
    child.stdout!.resume();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await expect(fetch(ready.endpoint)).rejects.toThrow('fetch failed');
  });

  test('that cannot start again says why, here and there, and ends', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'outbox-cli-'));
    cpSync(synthesisFolder(), folder, { recursive: true });
    const { child, reset } = await begin(folder);
    let complaint = '';
    child.stderr!.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    const ended = once(child, 'exit');
    child.stdout!.resume();
    rmSync(folder, { recursive: true });
    const { error } = (await (await reset()).json()) as { error: string };
    expect(error).toMatch(/^The system cannot be started again, and nothing runs any more: .*npm run synth/s);
    expect(await ended).toEqual([1, null]);
    expect(complaint).toContain('npm run synth');
  });
});

describe('the end', () => {
  /** Waits until all that writes to the output is gone: npm, its shell and the runtime. */
  const silence = async (child: ChildProcess) => {
    child.stdout!.resume();
    await once(child.stdout!, 'close');
  };
  const readiness = async (child: ChildProcess): Promise<{ endpoint: string; orderApi: string }> => {
    for await (const line of createInterface({ input: child.stdout! })) {
      if (line.startsWith('{"ready"')) return JSON.parse(line);
    }
    throw new Error('never ready');
  };
  const npmStart = (): ChildProcess => {
    const args = ['start', '--', '--json', '--port', '0', '--from', synthesisFolder()];
    const child = spawn('npm', args, { cwd: root, detached: true });
    started.push(child);
    return child;
  };
  const order = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"Status": "CREATED"}' };

  test.each(['SIGTERM', 'SIGHUP', 'SIGKILL'] as const)('%s to npm alone leaves nothing behind', async (signal) => {
    const child = npmStart();
    const { endpoint } = await readiness(child);
    child.kill(signal);
    await silence(child);
    await expect(fetch(endpoint)).rejects.toThrow('fetch failed');
  });

  test('Ctrl-C, which signals npm and all below it, leaves nothing behind', async () => {
    const child = npmStart();
    const { endpoint } = await readiness(child);
    process.kill(-child.pid!, 'SIGINT');
    await silence(child);
    await expect(fetch(endpoint)).rejects.toThrow('fetch failed');
  });

  test('comes under load, and to a second signal too', async () => {
    const child = start(['--json', '--port', '0', '--from', synthesisFolder()]);
    const { orderApi } = await readiness(child);
    child.stdout!.resume();
    const send = async (): Promise<void> => fetch(orderApi, order).then(send, () => undefined);
    const load = Promise.all(Array.from({ length: 20 }, send));
    await fetch(orderApi, order);
    child.kill('SIGTERM');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await load;
  });

  test('before there is anything to serve has the code of the signal, and removes the synthesis', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'outbox-cli-'));
    const synthesizes = new Promise<void>((resolve) => {
      const watcher = watch(folder, (_, name) => {
        if (!name?.startsWith('outbox-local-')) return;
        watcher.close();
        resolve();
      });
    });
    const child = start(['--port', '0'], { TMPDIR: folder });
    await synthesizes;
    child.kill('SIGTERM');
    const ended = once(child, 'exit');
    await silence(child);
    expect(await ended).toEqual([143, null]);
    expect(readdirSync(folder).filter((name) => name.startsWith('outbox-local-'))).toEqual([]);
  });

  test('comes quietly where nobody reads the output any more', async () => {
    const child = start(['--json', '--port', '0', '--from', synthesisFolder()]);
    let complaint = '';
    child.stderr!.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    const { orderApi } = await readiness(child);
    child.stdout!.destroy();
    const ended = once(child, 'exit');
    await fetch(orderApi, order).catch(() => undefined);
    expect(await ended).toEqual([0, null]);
    expect(complaint).toBe('');
  });
});

test.each([
  [['--port', '70000'], '--port must be a whole number from 0 to 65535, not "70000"'],
  [['--port', 'http'], '--port must be a whole number'],
  [['--speed', '0'], '--speed must be a number from 0.001 to 100, not "0"'],
  [['--seed', '1.5'], '--seed must be a whole number'],
  [['--seed', '-1'], '--seed must be a whole number from 0 to 4294967295, not "-1"'],
  [['--seed'], "Option '--seed <value>' argument missing; see npm start -- --help"],
  [['--from', ''], '--from must be a folder that holds a synth output'],
  [['--seed', ''], '--seed must be a whole number'],
  [['--ports', '1'], "Unknown option '--ports'"],
  [['orders'], "Unexpected argument 'orders'"],
  [['--from', 'nowhere'], 'npm run synth'],
])('%j is refused in one line', async (args, message) => {
  const { code, text } = await fails(args);
  expect(code).toBe(1);
  expect(text).toContain(message);
  expect(text.split('\n')).toHaveLength(1);
});

test('a port in use is refused in one line that names it', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const { code, text } = await fails(['--from', synthesisFolder(), '--port', String(port)]);
  server.close();
  expect({ code, text }).toEqual({
    code: 1,
    text: expect.stringMatching(new RegExp(`^port ${port} is in use.*--port$`)),
  });
});

test('a synthesis that fails says why, without a stack trace', async () => {
  const { code, text } = await fails(['--port', '0'], { OUTBOX_REGION: 'nowhere' });
  expect(code).toBe(1);
  expect(text).toContain('OUTBOX_REGION: got "nowhere"');
  expect(text).not.toMatch(/^\s+at /m);
});

test('a boundary on roles without the stack that makes it ends with what to set', async () => {
  const { code, text } = await fails(['--port', '0'], { OUTBOX_PERMISSIONS_BOUNDARY: 'true' });
  expect(code).toBe(1);
  expect(text).toMatch(
    /OUTBOX_PERMISSIONS_BOUNDARY=true wants .*: set OUTBOX_GITHUB_REPOSITORY too, to any owner\/name$/,
  );
});
