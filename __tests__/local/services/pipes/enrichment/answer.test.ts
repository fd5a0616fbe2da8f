import { alphabetical } from '../fixture';
import { answering, details, fixture, started, total } from './enriched-pipe';

describe('the answer', () => {
  test('is made of the list of the records; each item is an event', async () => {
    await started(
      'export const handler = async (records) => records.map(({ body, eventSource }) => ({ body, eventSource }));',
    );
    await fixture.send('a', 'b', 'c');
    await fixture.runtime.idle();
    expect(
      details()
        .map(({ body }) => body as string)
        .toSorted(alphabetical),
    ).toEqual(['a', 'b', 'c']);
    expect(details()[0]).toEqual({ body: expect.any(String), eventSource: 'aws:sqs' });
    expect(await fixture.left()).toBe(0);
    const [invocation, ...others] = fixture.hops('lambda', 'Invoke');
    expect(others).toEqual([]);
    expect(invocation!.principal).toContain('assumed-role/pipe/claims');
    expect(invocation!.parents).toEqual(fixture.hops('pipes', 'batch').map(({ id }) => id));
    expect(fixture.causes()).toEqual([[invocation!.id], [invocation!.id], [invocation!.id]]);
  });

  test.each([
    ['{ claim: 1 }', [{ claim: 1 }]],
    ['[{}]', [{}]],
    ['[{ claim: 1 }, { claim: 2 }]', [{ claim: 1 }, { claim: 2 }]],
    ['""', []],
    ['{}', []],
    ['[]', []],
    ['null', []],
    ['undefined', []],
  ])('%s: the bus gets %j, and the message is done', async (answer, expected) => {
    await answering(answer);
    await fixture.send('a');
    await fixture.pass(120_000);
    expect(details()).toEqual(expected);
    expect(await fixture.left()).toBe(0);
    expect(await fixture.messages('dead')).toEqual([]);
    expect(fixture.hops('lambda', 'Invoke')).toHaveLength(1);
    expect(total('ExecutionFailed')).toBe(0);
  });

  test('gives the parameters of the target', async () => {
    const parameters = { source: '$.metadata.source', detail_type: '$.metadata.type' };
    await answering(`records.map(({ body }) => ({ metadata: { source: 'claims', type: body }, data: 1 }))`, {
      target_parameters: { eventbridge_event_bus_parameters: parameters },
    });
    await fixture.send('ClaimStored');
    await fixture.until(() => fixture.events().length === 1);
    expect(fixture.events()).toMatchObject([
      { source: 'claims', 'detail-type': 'ClaimStored', detail: { metadata: { type: 'ClaimStored' }, data: 1 } },
    ]);
  });

  test('longer than what the target takes: not invoked, and the batch fails', async () => {
    await answering('Array.from({ length: 11 }, () => ({ claim: 1 }))');
    await fixture.send('a');
    await fixture.pass(300_000);
    expect(fixture.hops('events', 'PutEvents')).toEqual([]);
    expect(await fixture.messages('dead')).toHaveLength(1);
    expect(fixture.hops('pipes', 'retry')[0]!.summary).toContain(
      'the enrichment answered 11 events, the target takes at most 10 at once',
    );
    expect(total('TargetStageFailed')).toBe(3);
  });

  test('larger than 6 MB: an error', async () => {
    await answering('["a".repeat(6_300_000)]');
    await fixture.send('a');
    await fixture.pass(300_000);
    expect(fixture.events()).toEqual([]);
    expect(await fixture.messages('dead')).toHaveLength(1);
    expect(fixture.hops('pipes', 'retry')[0]!.summary).toContain('Function.ResponseSizeTooLarge');
  });

  test('nested too deeply to be followed: an error', async () => {
    await answering('JSON.parse("[".repeat(2000) + "]".repeat(2000))');
    await fixture.send('a');
    await fixture.pass(300_000);
    expect(fixture.events()).toEqual([]);
    expect(await fixture.messages('dead')).toHaveLength(1);
    expect(fixture.hops('pipes', 'retry')[0]!.summary).toContain('InvalidEnrichmentResponse');
  });

  test('that is no event is refused by the target', async () => {
    await answering('["text"]');
    await fixture.send('a');
    await fixture.pass(300_000);
    expect(fixture.hops('pipes', 'retry')[0]!.summary).toContain('MalformedDetail');
    expect(await fixture.messages('dead')).toHaveLength(1);
  });
});
