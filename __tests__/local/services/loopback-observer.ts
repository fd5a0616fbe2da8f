import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const open: (() => void)[] = [];

/** A server on loopback that notes the paths asked for; `hold` keeps its answers back. */
export async function observer() {
  const seen: string[] = [];
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url!);
    for (const wake of waiting.splice(0)) wake();
    if (!request.url!.includes('hold')) response.end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    seen,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next: async () => new Promise<void>((wake) => waiting.push(wake)),
  };
}

/** Closes all observers of a test. */
export function closeObservers(): void {
  for (const close of open.splice(0)) close();
}
