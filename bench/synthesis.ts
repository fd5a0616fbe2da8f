import { join } from 'node:path';
import { type Ended, run, temporaryFolder } from './processes';
import { runsOf } from './statistics';
import { aims, type Row } from './table';

const withoutBundling = join(__dirname, 'without-bundling.cjs');
const floorScript = join(__dirname, 'floor.mjs');

/** Synthesizes all stacks, with and without bundling, beside a process that only writes the same files. */
export async function measureSynthesis(rounds: number): Promise<{ rows: Row[]; folder: string }> {
  const folder = temporaryFolder();
  const synth = async (...hooks: string[]) =>
    run([...hooks, '--require', 'tsx/cjs', 'main.ts'], { CDKTF_OUTDIR: hooks.length ? temporaryFolder() : folder });
  await synth();
  const full: Ended[] = [];
  const bare: Ended[] = [];
  const floor: Ended[] = [];
  for (let round = 0; round < rounds; round++) {
    full.push(await synth());
    bare.push(await synth('--require', withoutBundling));
    floor.push(await run([floorScript, folder, temporaryFolder()]));
  }
  const seconds = (runs: Ended[]) => runsOf(runs.map((one) => one.seconds));
  const peak = (runs: Ended[]) => runsOf(runs.map((one) => one.peak));
  const ratio = runsOf(full.map((one, round) => one.seconds / floor[round]!.seconds));
  const rows: Row[] = [
    { name: 'synth, all stacks', unit: 's', runs: seconds(full), aim: aims.synthesis },
    {
      name: 'synth, peak memory (esbuild is a process of its own)',
      unit: 'MiB',
      runs: peak(full),
      aim: aims.synthesisMemory,
    },
    { name: 'synth without bundling', unit: 's', runs: seconds(bare) },
    { name: 'synth without bundling, peak memory', unit: 'MiB', runs: peak(bare) },
    { name: 'floor: a Node process that writes the same bytes', unit: 's', runs: seconds(floor) },
    { name: 'floor, peak memory', unit: 'MiB', runs: peak(floor) },
    { name: 'synth / floor', unit: 'x', runs: ratio },
  ];
  return { rows, folder };
}
