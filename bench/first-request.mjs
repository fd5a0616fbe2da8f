/** The least that a function's first call could cost: loads what HTTPS and signing need, makes one request, and prints the milliseconds. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const start = performance.now();
const [http] = ['node:http', 'node:https', 'node:crypto'].map((name) => require(name));
const request = http.request(process.env.AWS_ENDPOINT_URL, { method: 'POST' });
request.on('response', (/** @type {import('node:http').IncomingMessage} */ response) =>
  response.resume().on('end', () => {
    process.stdout.write(`${performance.now() - start}\n`, () => process.exit());
  }),
);
request.end('{}');
