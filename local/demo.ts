import { type Local, startLocal } from './index';
import { hopTree } from './print';
import type { Hop } from './timeline';

/** An order sent to the API, and what must come of it. */
interface Scenario {
  readonly title: string;
  readonly key: string;
  readonly body: string;
  readonly status: number;
  /** How its way ends: the hop that shows it, and how many there are. */
  readonly end: { readonly what: string; readonly count: number; matches(hop: Hop): boolean };
  /** Items written on the way: marker and order, then inbox record and effect of each consumer. */
  readonly writes: number;
}

const deleted = (hop: Hop) => hop.service === 'sqs' && hop.operation === 'DeleteMessage';
const isWrite = (hop: Hop) => hop.operation === 'TransactWriteItems' && hop.outcome === 'ok';
const responded = (hop: Hop) => hop.service === 'execute-api' && hop.operation === 'response';
const unmatched = (hop: Hop) => hop.service === 'events' && hop.outcome === 'filtered';

const scenarios: readonly Scenario[] = [
  {
    title: 'A created order reaches both effects',
    key: 'order-1',
    body: '{"Status": "CREATED"}',
    status: 200,
    end: { what: 'both consumers take it off their queues', count: 2, matches: deleted },
    writes: 6,
  },
  {
    title: 'The same order again changes nothing',
    key: 'order-1',
    body: '{"Status": "CREATED"}',
    status: 200,
    end: { what: 'it is answered like the first', count: 1, matches: responded },
    writes: 0,
  },
  {
    title: 'An order that is not valid is refused',
    key: 'order-2',
    body: '{"Status": "created", "extra": 1}',
    status: 400,
    end: { what: 'nothing is written', count: 1, matches: responded },
    writes: 0,
  },
  {
    title: 'An order that no rule wants ends on the bus',
    key: 'order-3',
    body: '{"Status": "SHIPPED"}',
    status: 200,
    end: { what: 'no rule matches', count: 1, matches: unmatched },
    writes: 2,
  },
];

/** Longest that the way of one order may take, in milliseconds. */
const patience = 20_000;

async function walk(local: Local, url: string, scenario: Scenario): Promise<boolean> {
  const from = local.timeline.hops.at(-1)?.id ?? 0;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': scenario.key },
    body: scenario.body,
  });
  const answer = (await response.text()).replaceAll(/\s+/g, ' ').trim();
  const { what, count, matches } = scenario.end;
  const arrived = await local.timeline
    .waitFor((hop) => hop.id > from && matches(hop), { count, limit: patience })
    .then(
      () => true,
      () => false,
    );
  const root = local.timeline.hops.find(({ id }) => id > from)!;
  const written = local.timeline.descendants(root.id).filter(isWrite).length;
  const ok = arrived && response.status === scenario.status && written === scenario.writes;
  console.log(`\n${ok ? 'ok' : 'NOT OK'}  ${scenario.title}: ${what}`);
  console.log(`    ${scenario.body} -> ${response.status} ${answer}\n${hopTree(local.timeline, root.id)}`);
  return ok;
}

async function main(): Promise<void> {
  const local = await startLocal();
  try {
    const url = `${local.apis[0]!.url}/createId`;
    console.log(`Orders go to ${url}`);
    const results: boolean[] = [];
    for (const scenario of scenarios) results.push(await walk(local, url, scenario));
    const failed = results.filter((ok) => !ok).length;
    console.log(`\n${results.length - failed} of ${results.length} orders ended where they should`);
    process.exitCode = failed ? 1 : 0;
  } finally {
    await local.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
