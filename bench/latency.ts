import type { Hop } from '../local/timeline';
import { type LocalProcess, startLocalProcess, startWindowless } from './processes';
import { percentile, type Runs, runsOf } from './statistics';
import { aims, type Row } from './table';

/** Milliseconds after which an order counts as lost. */
const patience = 30_000;
/** Orders that warm the functions up. */
const warmUp = 10;

const effects = ['order-confirmations', 'order-statistics'];

/** @returns milliseconds from the request to the write of the last effect */
async function send(local: LocalProcess, key: string): Promise<number> {
  const missing = new Set(effects);
  const began = performance.now();
  const written = new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${[...missing].join(' and ')} did not get ${key}`)), patience);
    local.listen(({ operation, outcome, resource }: Hop) => {
      if (operation !== 'TransactWriteItems' || outcome !== 'ok') return;
      for (const table of missing) if (resource.endsWith(`-${table}`)) missing.delete(table);
      if (missing.size > 0) return;
      clearTimeout(timer);
      resolve(performance.now() - began);
    });
  });
  const response = await fetch(local.orderApi, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: '{"Status": "CREATED"}',
  });
  if (!response.ok) throw new Error(`An order was answered with ${response.status}`);
  return written;
}

async function latencies(start: Promise<LocalProcess>, orders: number): Promise<number[]> {
  const local = await start;
  try {
    const all = [];
    for (let order = 0; order < warmUp + orders; order++) all.push(await send(local, `order-${order}`));
    return all.slice(warmUp);
  } finally {
    await local.stop();
  }
}

/** Sends orders one by one, each after the effects of the one before. */
export async function measureLatency(folder: string, rounds: number): Promise<Row[]> {
  const asSeen = await latencies(startLocalProcess('--from', folder), rounds * 3);
  const own: number[][] = [];
  for (let round = 0; round < rounds; round++) own.push(await latencies(startWindowless(folder), 100));
  const over = (p: number): Runs => runsOf(own.map((values) => percentile(values, p)));
  const once = (p: number): Runs => runsOf([percentile(asSeen, p)]);
  return [
    { name: 'warm order to both effects, p50 (1 s batching window included)', unit: 'ms', runs: once(50) },
    { name: 'warm order to both effects, p99 (1 s batching window included)', unit: 'ms', runs: once(99) },
    {
      name: 'warm order, runtime alone, p50 (the window takes no time)',
      unit: 'ms',
      runs: over(50),
      aim: aims.latency,
    },
    { name: 'warm order, runtime alone, p99 (the window takes no time)', unit: 'ms', runs: over(99) },
  ];
}
