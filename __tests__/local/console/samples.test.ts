import * as fc from 'fast-check';
import { hintsIn, patternsIn, sampleOf } from '../../../local/console/pattern-sample';
import { compilePattern } from '../../../local/services/event-pattern';
import { startSystem, type System } from './system';

describe('sampleOf', () => {
  test('is wanted by the pattern that it is made of', () => {
    const key = fc.stringMatching(/^[a-z][a-z-]{0,8}$/);
    const literal = fc.oneof(fc.stringMatching(/^[a-zA-Z]{1,8}$/), fc.integer({ min: -1000, max: 1000 }), fc.boolean());
    const matcher = fc.oneof(
      literal,
      fc.stringMatching(/^[a-z]{1,6}$/).map((prefix) => ({ prefix })),
      fc.stringMatching(/^[a-z]{1,6}$/).map((suffix) => ({ suffix })),
      fc.boolean().map((exists) => ({ exists })),
    );
    const leaf = fc.array(matcher, { minLength: 1, maxLength: 3 });
    const pattern = fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, leaf, { minKeys: 1, maxKeys: 3 })), {
      minKeys: 1,
      maxKeys: 4,
    });
    fc.assert(
      fc.property(pattern, (wanted) => {
        const matches = compilePattern(wanted);
        expect(matches(sampleOf(wanted) ?? {})).toBe(true);
      }),
    );
  });

  test('hints name what patterns want, without the types of DynamoDB', () => {
    const pattern = {
      detail: { dynamodb: { NewImage: { Status: { S: [{ prefix: 'NEW' }] }, note: { S: [{ exists: true }] } } } },
    };
    expect(hintsIn(pattern)).toEqual([['Status', 'NEW']]);
    expect(patternsIn({ filter_criteria: [{ filter: [{ pattern: JSON.stringify(pattern) }] }] })).toEqual([pattern]);
  });
});

describe('what can be sent', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(async () => system.stop());

  test('is what nothing else in the system sends, the API first', async () => {
    const { samples } = await system.read('system');
    const titles = samples.map(({ title }: { title: string }) => title);
    expect(titles[0]).toBe('POST /createId');
    expect(titles).toEqual(
      expect.arrayContaining([
        'Invoke submit-sample',
        'Send to submission',
        'Invoke create-user',
        'Put into messages',
        'Start delivery',
      ]),
    );
    for (const fed of [
      'Invoke order-confirmation',
      'Start process-message',
      'Send to processing',
      'Send to submission-dlq',
    ])
      expect(titles).not.toContain(fed);
  });

  test('begins with a body that the API takes and a rule wants', async () => {
    const { samples } = await system.read('system');
    const [order] = samples;
    expect(order).toMatchObject({ body: '{"Status":"CREATED"}', headers: ['Idempotency-Key'] });
    expect(order.command).toMatch(
      /^curl -i -X POST http:\/\/127\.0\.0\.1:\d+\/execute-api\/\w+\/v1\/createId .* -d BODY$/,
    );
  });

  test('every sample is taken as it is, and answers', async () => {
    const { samples } = await system.read('system');
    for (const { id, body, title } of samples) {
      const answer = await system.act('send', { sample: id, body });
      expect([title, answer.status]).toEqual([title, 200]);
    }
  });

  test('a body that is not JSON is refused before anything is sent', async () => {
    const { samples } = await system.read('system');
    const put = samples.find(({ title }: { title: string }) => title.startsWith('Put into'));
    const before = system.local.timeline.hops.length;
    const { status, body } = await system.act('send', { sample: put.id, body: '{' });
    expect([status, body.error]).toEqual([400, expect.stringMatching(/^The body must be JSON: /)]);
    expect(system.local.timeline.hops).toHaveLength(before);
  });
});
