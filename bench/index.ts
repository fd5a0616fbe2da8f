import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { measureFunctions } from './functions';
import { measureLatency } from './latency';
import { measureLoad } from './load';
import { measureStart } from './start';
import { measureSynthesis } from './synthesis';
import { isMet, lines, type Row } from './table';

/** Prints what was measured as soon as it is. */
function show(title: string, rows: readonly Row[]): readonly Row[] {
  console.log(`\n${title}\n${lines(rows).join('\n')}`);
  return rows;
}

async function main(): Promise<void> {
  const { quick } = parseArgs({ options: { quick: { type: 'boolean', default: false } } }).values;
  const rounds = quick ? 3 : 7;
  const [load] = loadavg();
  console.log('Medians, with the lowest and highest of all runs');
  const { rows, folder } = await measureSynthesis(rounds);
  const all = [
    ...show('Synthesis', rows),
    ...show('Functions', await measureFunctions(folder)),
    ...show('Start', await measureStart(rounds)),
    ...show('Latency', await measureLatency(folder, rounds)),
    ...show('Throughput', await measureLoad(folder, quick ? 5 : 30)),
  ];
  console.log(
    `\nNode ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} cores, load average ${load!.toFixed(1)} before the first run`,
  );
  const missed = all.filter((row) => isMet(row) === false);
  console.log(missed.length ? ['Missed:', ...lines(missed)].join('\n  ') : 'Every aim is met');
  if (missed.some(({ unit }) => unit === 'orders')) throw new Error('Orders were lost');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
