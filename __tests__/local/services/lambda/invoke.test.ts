import { functionFixture } from '../function-fixture';
import { closeObservers, observer } from '../loopback-observer';

let fixture: ReturnType<typeof functionFixture>;
beforeEach(() => {
  fixture = functionFixture();
});
afterEach(async () => {
  closeObservers();
  await fixture.close();
});

describe('failures', () => {
  test.each([
    [
      'a thrown error',
      'throw new TypeError("bad order");',
      {
        errorType: 'TypeError',
        errorMessage: 'bad order',
      },
    ],
    ['a thrown value', 'throw "bad";', { errorType: 'string', errorMessage: 'bad', trace: [] }],
    [
      'an exit',
      'process.exit(3);',
      { errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(/exit status 3$/) },
    ],
    [
      'an unhandled rejection',
      'Promise.reject(new Error("lost")); await new Promise((d) => setTimeout(d, 500));',
      { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: lost' },
    ],
    [
      'an exception in a callback',
      'setTimeout(() => { throw new Error("late"); }); await new Promise((d) => setTimeout(d, 500));',
      { errorMessage: 'late' },
    ],
    ['an answer that is no JSON', 'return 1n;', { errorMessage: 'Unable to stringify response body' }],
    ['a promise that nothing settles', 'await new Promise(() => {});', { errorType: 'Runtime.ExitError' }],
  ])('%s', async (_, body, document) => {
    await fixture.addFunction(
      'fails',
      `export const handler = async (event) => { if (event.ok) return 'ok'; ${body} };`,
    );
    const answer = await fixture.invoke('fails');
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(answer.value).toMatchObject(document);
    expect((await fixture.invoke('fails', { ok: true })).value).toBe('ok');
  });

  test.each([
    ['a missing export', 'export const other = 1;', 'Runtime.HandlerNotFound'],
    ['a syntax error', 'export const = ;', 'Runtime.UserCodeSyntaxError'],
    ['a missing module', 'import "./nowhere.mjs";', 'Runtime.ImportModuleError'],
    [
      'a callback handler',
      'export const handler = (event, context, callback) => callback(null, 1);',
      'CallbackHandlerDeprecatedError',
    ],
    ['an error at the start', 'throw new RangeError("no TABLE");', 'RangeError'],
  ])('%s fails at the start', async (_, code, errorType) => {
    await fixture.addFunction('broken', code);
    expect(await fixture.invoke('broken')).toMatchObject({ FunctionError: 'Unhandled', value: { errorType } });
  });

  test('a timeout ends the sandbox before a later effect', async () => {
    const server = await observer();
    const code = `export const handler = async () => {
      await fetch('${server.url}/early');
      const end = performance.now() + 1300;
      while (performance.now() < end);
      await fetch('${server.url}/late');
    };`;
    await fixture.addFunction('slow', code, { timeout: 1 });
    const { FunctionError, value } = await fixture.invoke('slow');
    expect(FunctionError).toBe('Unhandled');
    expect(value.errorMessage).toMatch(
      /^2026-01-01T00:00:0\d\.\d{3}Z [0-9a-f-]{36} Task timed out after 1.00 seconds$/,
    );
    await fixture.addFunction(
      'other',
      'export const handler = async () => new Promise((done) => setTimeout(done, 600));',
    );
    await fixture.invoke('other');
    expect(server.seen).toEqual(['/early']);
    expect(fixture.runtime.timeline.hops[1]).toMatchObject({
      outcome: 'failed',
      summary: expect.stringContaining('Task timed out'),
    });
  });

  test('too much memory ends the sandbox, not the process', async () => {
    await fixture.addFunction(
      'eater',
      'export const handler = async () => { const all = []; for (;;) all.push(new Array(1e6).fill(1.1)); };',
      { timeout: 30 },
    );
    expect((await fixture.invoke('eater')).value).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/signal: killed$/),
    });
  }, 30_000);
});
