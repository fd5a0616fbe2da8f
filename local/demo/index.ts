import { type Local, startLocal } from '../index';
import { hopTree } from '../print';
import type { Hop } from '../timeline';
import { orders } from './orders';
import type { Step } from './step';
import { users } from './users';

const steps: readonly Step[] = [...orders, ...users];

/** Longest that the way of one step may take, in milliseconds. */
const patience = 20_000;

const isWrite = (hop: Hop) => hop.operation === 'TransactWriteItems' && hop.outcome === 'ok';

async function walk(local: Local, { title, input, act, end, writes }: Step): Promise<boolean> {
  const from = local.timeline.hops.at(-1)?.id ?? 0;
  let answer: string;
  let ok = true;
  try {
    answer = await act(local);
  } catch (error) {
    answer = (error as Error).message;
    ok = false;
  }
  await local.timeline
    .waitFor((hop) => hop.id > from && end.matches(hop), { count: end.count, limit: patience })
    .catch(() => (ok = false));
  const root = local.timeline.hops.find(({ id }) => id > from)!;
  if (writes !== undefined && local.timeline.descendants(root.id).filter(isWrite).length !== writes) ok = false;
  console.log(`\n${ok ? 'ok' : 'NOT OK'}  ${title}: ${end.what}`);
  console.log(`    ${input} -> ${answer}\n${hopTree(local.timeline, root.id)}`);
  return ok;
}

async function main(): Promise<void> {
  const local = await startLocal();
  try {
    console.log(`Orders go to ${local.apis[0]!.url}/createId`);
    const results: boolean[] = [];
    for (const step of steps) results.push(await walk(local, step));
    const failed = results.filter((ok) => !ok).length;
    console.log(`\n${results.length - failed} of ${results.length} ended where they should`);
    process.exitCode = failed ? 1 : 0;
  } finally {
    await local.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
