import { join } from 'node:path';
import { bundleAhead } from '../constructs/function-bundle';

/** Imported before cdktf: when `main.ts` is the program, which will synthesize, its functions are bundled while cdktf loads. */
if (require.main?.filename === join(__dirname, '..', 'main.ts')) bundleAhead();
