import { bodies, filtered, fixture, started } from './queue-pipe';

describe('filter', () => {
  test.each([
    ['JSON that fits', { body: { type: ['order'] } }, '{"type":"order"}', true],
    ['JSON that does not fit', { body: { type: ['order'] } }, '{"type":"invoice"}', false],
    ['text for a JSON pattern', { body: { type: ['order'] } }, 'order', false],
    ['text that fits', { body: [{ prefix: 'or' }] }, 'order', true],
    ['JSON for a text pattern', { body: [{ prefix: '{' }] }, '{"type":"order"}', false],
  ])('%s: deleted, taken or not', async (_, pattern, body, taken) => {
    await started(filtered(pattern));
    await fixture.send(body);
    await fixture.pass(120_000);
    expect(bodies()).toEqual(taken ? [body] : []);
    expect(await fixture.left()).toBe(0);
    expect(fixture.hops('pipes', 'filter')).toHaveLength(taken ? 0 : 1);
    expect(await fixture.messages('dead')).toEqual([]);
  });

  test('on something else than the body is refused', async () => {
    await expect(fixture.createPipe(filtered({ attributes: { SenderId: ['a'] } }))).rejects.toThrow(
      'attributes cannot be filtered by the local runtime: a pattern for a queue names body only',
    );
  });
});
