import { join } from 'node:path';
import { bundleAhead } from '../constructs/function-bundle';

/** Imported before cdktf: when `main.ts` is the program, which will synthesize, its functions are bundled while cdktf loads. */
if (require.main?.filename === join(__dirname, '..', 'main.ts')) {
  // For esbuild, which is written in Go: it ends before it would pay to collect garbage, and is a quarter faster so.
  process.env.GOGC ??= '1000';
  bundleAhead();
}
