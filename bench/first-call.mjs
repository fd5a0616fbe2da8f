/** Loads the bundle of a function as Lambda does, calls it with one order in an SQS event, and prints how many milliseconds that took. */
import { createRequire } from 'node:module';

const NewImage = { id: { S: 'order-1' }, createdAt: { N: '1767225600000' }, Status: { S: 'CREATED' } };
const body = {
  source: 'order.event',
  'detail-type': 'OrderDetailsChanged',
  detail: { eventID: 'event-1', eventName: 'INSERT', dynamodb: { NewImage } },
};
const Records = [{ messageId: 'message-1', eventSource: 'aws:sqs', body: JSON.stringify(body), attributes: {} }];
const context = { functionName: 'bench', awsRequestId: 'request-1', getRemainingTimeInMillis: () => 30_000 };
const require = createRequire(import.meta.url);
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;

const start = performance.now();
const { handler } = require(process.argv[2] ?? '');
const { batchItemFailures } = await handler({ Records }, context);
const took = performance.now() - start;

if (batchItemFailures.length) throw new Error('The function failed its message');
write(`${took}\n`, () => process.exit());
