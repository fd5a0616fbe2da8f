import { startLocalProcess } from './processes';
import { runsOf } from './statistics';
import { aims, type Row } from './table';

/** Starts the local system, synthesis included, and ends it as soon as it is ready. */
export async function measureStart(rounds: number): Promise<Row[]> {
  const seconds = [];
  const peaks = [];
  for (let round = 0; round < rounds; round++) {
    const local = await startLocalProcess();
    seconds.push(local.readySeconds);
    peaks.push(await local.stop());
  }
  return [
    { name: 'local start to ready, synth included', unit: 's', runs: runsOf(seconds), aim: aims.ready },
    { name: 'local start, peak memory (synth is a process of its own)', unit: 'MiB', runs: runsOf(peaks) },
  ];
}
