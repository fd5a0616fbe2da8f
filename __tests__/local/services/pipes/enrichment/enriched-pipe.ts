import { gathered, pipeFixture } from '../fixture';

/** The pipe of the running test; importing this makes one before each test, and closes it after. */
export let fixture: Awaited<ReturnType<typeof pipeFixture>>;

beforeEach(async () => {
  fixture = await pipeFixture();
});

afterEach(async () => fixture.close());

export const enrichment = 'arn:aws:lambda:eu-west-1:000000000000:function:enrich';

/** A pipe whose enrichment is the function with this code. */
export const started = async (code: string, given: object = {}) => {
  await fixture.addFunction('enrich', code);
  await fixture.createPipe({ enrichment, ...gathered, ...given });
  await fixture.runtime.start();
};

/** A pipe whose enrichment answers this for any records. */
export const answering = async (expression: string, given: object = {}) =>
  started(`export const handler = async (records) => (${expression});`, given);

/** The details of the events that reached the bus. */
export const details = () => fixture.events().map(({ detail }) => detail);
/** The sum of a metric of the pipe. */
export const total = (name: string) => fixture.total(name);
