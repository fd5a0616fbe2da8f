import { pipeFixture } from '../fixture';

/** The pipe of the running test; importing this makes one before each test, and closes it after. */
export let fixture: Awaited<ReturnType<typeof pipeFixture>>;

/** Makes another pipe for the running test, which has closed its own. */
export const renew = async () => {
  fixture = await pipeFixture();
};

beforeEach(renew);

afterEach(async () => fixture.close());

/** Creates the pipe and starts the runtime; `given` goes over its arguments. */
export const started = async (given: object = {}) => {
  await fixture.createPipe(given);
  await fixture.runtime.start();
};

/** The message bodies that reached the bus. */
export const bodies = () => fixture.events().map(({ detail }) => detail['body']);

/** Arguments of a pipe that filters with these patterns. */
export const filtered = (...patterns: object[]) => ({
  source_parameters: { filter_criteria: { filter: patterns.map((pattern) => ({ pattern: JSON.stringify(pattern) })) } },
});
