import { alphabetical, readQueue } from '../fixture';
import { answering, details, fixture, started, total } from './enriched-pipe';

describe('failures', () => {
  test('of the function fail the whole batch, as receives', async () => {
    await started(`export const handler = async (records) => {
      if (records.some(({ body }) => body === 'bad')) throw Object.assign(new Error('no'), { name: 'ThrottlingException' });
      return records;
    };`);
    await fixture.send('good', 'bad');
    await fixture.pass(300_000);
    expect(await fixture.dead()).toEqual(['bad', 'good']);
    expect(fixture.hops('pipes', 'retry')[0]!.summary).toBe(
      'claims: 2 messages left in the queue: Unhandled: ThrottlingException: no',
    );
    expect(total('EnrichmentStageFailed')).toBe(3);
    expect(total('ExecutionFailed')).toBe(3);
    expect(fixture.metrics.filter(({ name }) => name === 'TargetStageDuration')).toEqual([]);
  });

  test.each(['throttle', 'failBefore', 'failAfter'] as const)('inside Lambda (%s) count no receive', async (effect) => {
    await answering('records.map(({ body, attributes }) => ({ body, attributes }))');
    fixture.runtime.faults.add({ operation: 'Invoke', principal: 'role/pipe', effect, times: 3 });
    await fixture.send('a');
    await fixture.until(() => fixture.events().length === 1);
    expect(details()[0]!['attributes']).toMatchObject({ ApproximateReceiveCount: '1' });
  });

  test('without lambda:InvokeFunction: denied, as receives', async () => {
    await answering('records');
    fixture.allowPipe('events:PutEvents', ...readQueue);
    await fixture.send('a');
    await fixture.pass(300_000);
    expect(fixture.hops('lambda', 'InvokeFunction').map(({ outcome }) => outcome)).toEqual([
      'denied',
      'denied',
      'denied',
    ]);
    expect(await fixture.messages('dead')).toHaveLength(1);
  });

  test('of events that kept messageId leave just their messages', async () => {
    const parameters = { detail_type: '$.type' };
    await answering('records.map(({ messageId, body }) => ({ messageId, ...(body !== "bad" && { type: body }) }))', {
      target_parameters: { eventbridge_event_bus_parameters: parameters },
    });
    await fixture.send('good', 'bad', 'fine');
    await fixture.pass(300_000);
    expect(
      fixture
        .events()
        .map((event) => event['detail-type'])
        .toSorted(alphabetical),
    ).toEqual(['fine', 'good']);
    expect(await fixture.messages('dead')).toMatchObject([{ Body: 'bad' }]);
    expect(total('ExecutionPartiallyFailed')).toBe(1);
    expect(fixture.hops('lambda', 'Invoke')).toHaveLength(3);
  });

  test('of events that kept nothing leave the whole batch', async () => {
    const parameters = { detail_type: '$.type' };
    await answering('records.map(({ body }) => (body !== "bad" ? { type: body } : {}))', {
      target_parameters: { eventbridge_event_bus_parameters: parameters },
    });
    await fixture.send('good', 'bad');
    await fixture.pass(300_000);
    expect(fixture.events().map((event) => event['detail-type'])).toEqual(['good', 'good', 'good']);
    expect(await fixture.dead()).toEqual(['bad', 'good']);
  });
});
