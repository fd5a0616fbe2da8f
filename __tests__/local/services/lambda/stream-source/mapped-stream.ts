import { streamFixture } from '../../stream-fixture';

/** The table, its stream and its function, of the running test; importing this closes it after each test. */
export let fixture: Awaited<ReturnType<typeof streamFixture>>;
afterEach(async () => fixture.close());
const notes = `const ids = Records.map((r) => r.dynamodb.Keys.id.S); console.log('batch ' + JSON.stringify(ids));`;
/** Code of a function that logs the ids of its batch, then runs `body`. */
export const handler = (body = '') => `export const handler = async ({ Records }) => { ${notes} ${body} };`;
/** Code of a function that fails while the condition on `ids` holds. */
export const failing = (condition: string) => handler(`if (${condition}) throw new Error('poison');`);

/** Makes the fixture of this test; nothing runs yet. */
export async function mapped(...given: Parameters<typeof streamFixture>): Promise<void> {
  fixture = await streamFixture(...given);
}

/** Makes the fixture of this test, puts the items a, b, c and d, and runs until nothing is left to do. */
export async function started(...given: Parameters<typeof streamFixture>): Promise<void> {
  await mapped(...given);
  for (const id of ['a', 'b', 'c', 'd']) await fixture.put(id);
  await fixture.runtime.start();
  await fixture.runtime.idle();
}
