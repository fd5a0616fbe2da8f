/** Preloaded into a measured process: writes its peak memory, in KiB, to the file that `BENCH_PEAK_MEMORY` names. */
const { writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const file = process.env.BENCH_PEAK_MEMORY;
if (isMainThread && file) process.once('exit', () => writeFileSync(file, String(process.resourceUsage().maxRSS)));
