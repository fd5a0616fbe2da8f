/** Loads the bundle of a function as Lambda does, calls it once, and prints how many milliseconds that took. */
import { createRequire } from 'node:module';

const [file = '', event = '{}'] = process.argv.slice(2);
const context = { functionName: 'bench', awsRequestId: 'request-1', getRemainingTimeInMillis: () => 30_000 };
const require = createRequire(import.meta.url);
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;

const start = performance.now();
const { handler } = require(file);
const answer = await handler(JSON.parse(event), context);
const took = performance.now() - start;

if (answer?.batchItemFailures?.length) throw new Error('The function failed its message');
write(`${took}\n`, () => process.exit());
