import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type AttributeValue, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { Load } from './load-client';
import { type LocalProcess, run, startLocalProcess } from './processes';
import { percentile, runsOf } from './statistics';
import { aims, type Row } from './table';

const concurrency = 32;
/** Milliseconds without a new effect after which orders count as lost. */
const patience = 60_000;

type Item = Record<string, AttributeValue>;

/** Reads the effects of orders from the AWS endpoint. */
function effectsOf({ endpoint, region }: LocalProcess) {
  const client = new DynamoDBClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  const scan = async (TableName: string) => {
    const items: Item[] = [];
    for await (const page of paginateScan({ client }, { TableName })) items.push(...(page.Items ?? []));
    return items;
  };
  return {
    confirmed: async () => (await scan('outbox-dev-order-confirmations')).length,
    counted: async () =>
      (await scan('outbox-dev-order-statistics')).reduce((sum, { orders }) => sum + Number(orders!.N), 0),
  };
}

/** Waits until every order has had both effects, or none has come for long. */
async function settled(local: LocalProcess, accepted: number): Promise<{ confirmed: number; counted: number }> {
  const effects = effectsOf(local);
  let last = { confirmed: 0, counted: 0 };
  for (let since = performance.now(); performance.now() - since < patience; await setTimeout(250)) {
    const counted = await effects.counted();
    // The counters are a few items; all confirmations are read only when there is hope.
    const confirmed = counted >= accepted ? await effects.confirmed() : last.confirmed;
    if (confirmed + counted > last.confirmed + last.counted) since = performance.now();
    last = { confirmed, counted };
    if (confirmed >= accepted && counted >= accepted) break;
  }
  return last;
}

/** Sends orders from another process, as fast as they are answered, and counts what became of them. */
export async function measureLoad(folder: string, seconds: number): Promise<Row[]> {
  const local = await startLocalProcess('--from', folder);
  try {
    const began = performance.now();
    const client = [
      '--require',
      'tsx/cjs',
      join(__dirname, 'load-client.ts'),
      local.orderApi,
      String(seconds),
      String(concurrency),
    ];
    const { accepted, refused, answers } = JSON.parse((await run(client)).output) as Load;
    if (Object.keys(refused).length) console.log(`Refused orders by status: ${JSON.stringify(refused)}`);
    const { confirmed, counted } = await settled(local, accepted);
    const whole = (performance.now() - began) / 1000;
    const one = (value: number) => runsOf([value]);
    return [
      {
        name: `orders answered per second over ${seconds} s, ${concurrency} clients`,
        unit: 'orders/s',
        runs: one(accepted / seconds),
        aim: aims.rate,
      },
      {
        name: 'orders per second, from the first request to the last effect',
        unit: 'orders/s',
        runs: one(confirmed / whole),
        aim: aims.rate,
      },
      { name: 'answer to an order under this load, p50', unit: 'ms', runs: one(percentile(answers, 50)) },
      { name: 'answer to an order under this load, p99', unit: 'ms', runs: one(percentile(answers, 99)) },
      { name: 'orders sent', unit: 'orders', runs: one(accepted) },
      { name: 'orders lost: sent, and not confirmed', unit: 'orders', runs: one(accepted - confirmed), aim: aims.lost },
      {
        name: 'orders miscounted: sent, and counted never or twice',
        unit: 'orders',
        runs: one(Math.abs(accepted - counted)),
        aim: aims.lost,
      },
      { name: 'local system under this load, peak memory', unit: 'MiB', runs: one(await local.stop()) },
    ];
  } finally {
    await local.stop();
  }
}
