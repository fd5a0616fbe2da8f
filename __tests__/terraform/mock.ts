import { spawn, spawnSync } from 'node:child_process';
import { startShim } from './shim';

/** A mock of the AWS API. */
export interface Mock {
  /** Address for `AWS_ENDPOINT_URL`. */
  readonly url: string;
  /** Requests that the mock could not answer. */
  readonly unknown: readonly string[];
  stop(): Promise<void>;
}

/** @returns why no mock can be started here, or nothing if it can */
export function mockMissing(): string | undefined {
  return spawnSync('moto_server', ['--help']).error ? 'there is no moto_server on the PATH' : undefined;
}

/**
 * Starts `moto_server` with the shim before it.
 *
 * @throws Error if it ends before it listens
 */
export async function startMock(): Promise<Mock> {
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => server.on('close', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    let text = '';
    const listen = (chunk: string) => {
      text += chunk;
      const [, found] = /Running on http:\/\/127\.0\.0\.1:(\d+)/.exec(text) ?? [];
      if (found) resolve(Number(found));
    };
    for (const stream of [server.stdout, server.stderr]) stream.setEncoding('utf8').on('data', listen);
    server.on('error', reject).on('close', () => reject(new Error(`moto_server ended:\n${text}`)));
  });
  const shim = await startShim(port);
  return {
    url: shim.url,
    unknown: shim.unknown,
    async stop() {
      await shim.stop();
      server.kill();
      await ended;
    },
  };
}
