import { type Local, startLocal } from '../index';
import { hopTree } from '../print';
import { synthesizeApplication } from '../synthesize';
import type { Hop } from '../timeline';
import { claims } from './claims';
import { notifications } from './notifications';
import { orders } from './orders';
import type { Step } from './step';
import { users } from './users';

/** What is walked in one run of the system. */
interface Scene {
  readonly steps: readonly Step[];
  /** Runtime seconds per real second. */
  readonly speed: number;
  /** Longest that the way of one step may take, in milliseconds of runtime. */
  readonly patience: number;
}

const scenes: readonly Scene[] = [
  { steps: [...orders, ...users, ...claims], speed: 1, patience: 20_000 },
  { steps: notifications, speed: 30, patience: 20 * 60_000 },
];

const isWrite = (hop: Hop) => hop.operation === 'TransactWriteItems' && hop.outcome === 'ok';

async function walk(local: Local, step: Step, patience: number): Promise<boolean> {
  const { title, input, act, end, writes } = step;
  const { timeline } = local;
  const from = timeline.hops.at(-1)?.id ?? 0;
  let answer: string;
  let ok = true;
  try {
    answer = await act(local);
  } catch (error) {
    answer = (error as Error).message;
    ok = false;
  }
  const waits = end.hops.map(async ({ matches, count = 1 }) =>
    timeline.waitFor((hop) => hop.id > from && matches(hop), { count, limit: patience }),
  );
  const found = await Promise.all(waits)
    .then((hops) => hops.flat())
    .catch(() => {
      ok = false;
      return timeline.hops.filter(({ id }) => id > from).slice(0, 1);
    });
  const origins = [...new Set(found.map((hop) => originOf(hop, from, timeline.hops)))];
  if (writes !== undefined && origins.flatMap((id) => timeline.descendants(id)).filter(isWrite).length !== writes)
    ok = false;
  console.log(`\n${ok ? 'ok' : 'NOT OK'}  ${title}: ${end.what}`);
  console.log(`    ${input} -> ${answer}`);
  for (const id of origins) console.log(hopTree(timeline, id));
  return ok;
}

/** Where the way of a hop began, in this step. */
function originOf(hop: Hop, from: number, hops: readonly Hop[]): number {
  const parent = hops.find(({ id }) => id > from && hop.parents.includes(id));
  return parent ? originOf(parent, from, hops) : hop.id;
}

async function play(folder: string, { steps, speed, patience }: Scene): Promise<boolean[]> {
  const local = await startLocal({ from: folder, speed });
  try {
    if (speed !== 1) console.log(`\nA second is ${speed} from here on: breaker and schedule wait for minutes`);
    const results: boolean[] = [];
    for (const step of steps) results.push(await walk(local, step, patience));
    return results;
  } finally {
    await local.stop();
  }
}

async function main(): Promise<void> {
  const synthesis = await synthesizeApplication();
  try {
    const results: boolean[] = [];
    for (const scene of scenes) results.push(...(await play(synthesis.folder, scene)));
    const failed = results.filter((ok) => !ok).length;
    console.log(`\n${results.length - failed} of ${results.length} ended where they should`);
    process.exitCode = failed ? 1 : 0;
  } finally {
    synthesis.remove();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
