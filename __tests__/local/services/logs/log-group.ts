import { functionFixture } from '../function-fixture';

type Fixture = ReturnType<typeof functionFixture>;
/** The runtime of the running test; importing this makes one before each test, and closes it after. */
export let fixture: Fixture;

beforeEach(() => {
  fixture = functionFixture();
});

afterEach(async () => fixture.close());

export const group = 'orders';
const stream = 'one';
/** The log stream that tests write to. */
export const names = { logGroupName: group, logStreamName: stream };
/** Asks CloudWatch Logs as the administrator. */
export const call = async (operation: string, input: object) => fixture.call('logs', operation, input);

/** Creates the log group; `given` goes over its arguments. */
export const makeGroup = async (given: object = {}) =>
  fixture.create('aws_cloudwatch_log_group', group, { name: group, ...given });

/** Writes these messages, a millisecond apart. */
export const put = async (...messages: string[]) =>
  call('PutLogEvents', {
    ...names,
    logEvents: messages.map((message, index) => ({ timestamp: fixture.clock.now() + index, message })),
  });

/** The messages that `FilterLogEvents` finds. */
export const messages = async (input: object = {}) =>
  (await call('FilterLogEvents', { logGroupName: group, ...input })).events.map(
    (event: { message: string }) => event.message,
  );
