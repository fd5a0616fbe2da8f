import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A success of each operation that functions call, by its `X-Amz-Target`. */
const answers: Readonly<Record<string, object>> = {
  'AWSEvents.PutEvents': { FailedEntryCount: 0, Entries: [{ EventId: 'event-1' }] },
  'DynamoDB_20120810.UpdateItem': { Attributes: { version: { N: '2' } } },
};

/** An AWS endpoint that does nothing and says that it did. */
export async function startStub(): Promise<{ server: Server; endpoint: string }> {
  const server = createServer((incoming, response) => {
    const answer = answers[String(incoming.headers['x-amz-target'])] ?? {};
    incoming.resume().on('end', () => {
      response.setHeader('Content-Type', 'application/x-amz-json-1.0').end(JSON.stringify(answer));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
