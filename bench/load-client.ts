import { Agent, request } from 'node:http';

/** What the load came to. */
export interface Load {
  /** Orders that were answered with 200. */
  readonly accepted: number;
  /** Orders that were answered otherwise, by status. */
  readonly refused: Readonly<Record<string, number>>;
  /** Milliseconds to each answer. */
  readonly answers: readonly number[];
}

const [url = '', seconds = '0', concurrency = '1'] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(concurrency) });
const body = '{"Status": "CREATED"}';
const refused: Record<string, number> = {};
const answers: number[] = [];
let sent = 0;

async function order(): Promise<number> {
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': body.length,
    'Idempotency-Key': `load-${sent++}`,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode!));
    });
    outgoing.on('error', reject).end(body);
  });
}

/** Sends an order after the answer to the one before, as long as the load lasts. */
async function client(end: number): Promise<void> {
  while (performance.now() < end) {
    const began = performance.now();
    const status = await order();
    answers.push(performance.now() - began);
    if (status !== 200) refused[status] = (refused[status] ?? 0) + 1;
  }
}

async function main(): Promise<void> {
  const end = performance.now() + Number(seconds) * 1000;
  await Promise.all(Array.from({ length: Number(concurrency) }, async () => client(end)));
  agent.destroy();
  const failures = Object.values(refused).reduce((sum, count) => sum + count, 0);
  console.log(JSON.stringify({ accepted: sent - failures, refused, answers } satisfies Load));
}

void main();
