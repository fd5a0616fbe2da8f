import { array, assert, asyncProperty, integer } from 'fast-check';
import { gathered, readQueue } from '../fixture';
import { bodies, fixture, renew, started } from './queue-pipe';

describe('failures', () => {
  const typed = {
    ...gathered,
    target_parameters: { eventbridge_event_bus_parameters: { source: 'claims', detail_type: '$.body.type' } },
  };

  test('of entries leave just these messages, which end in the dead-letter queue', async () => {
    await started(typed);
    await fixture.send('{"type":"good"}', '{"none":true}', 'no JSON');
    await fixture.pass(300_000);
    expect(fixture.events().map((event) => event['detail-type'])).toEqual(['good']);
    expect(await fixture.dead()).toEqual(['no JSON', '{"none":true}']);
    expect(await fixture.left()).toBe(0);
    expect(fixture.hops('pipes', 'batch')).toHaveLength(7);
    expect(fixture.hops('pipes', 'retry')[0]).toMatchObject({
      outcome: 'failed',
      summary:
        'claims: 2 messages left in the queue: ValidationException: The path $.body.type has no string value in the event',
    });
  });

  test('of the customer count as receives', async () => {
    await started();
    fixture.allowPipe(...readQueue);
    await fixture.send('a');
    await fixture.pass(300_000);
    expect(await fixture.messages('dead')).toMatchObject([{ Body: 'a' }]);
    const denied = fixture.hops('events', 'PutEvents').filter(({ outcome }) => outcome === 'denied');
    expect(denied).toHaveLength(3);
    expect(denied[0]!.principal).toContain('assumed-role/pipe/claims');
  });

  test.each(['throttle', 'failBefore'] as const)('inside AWS (%s) count no receive', async (effect) => {
    await started();
    fixture.runtime.faults.add({ operation: 'PutEvents', principal: 'role/pipe', effect, times: 4 });
    await fixture.send('a');
    await fixture.until(() => fixture.events().length === 1);
    expect(fixture.events()[0]!.detail['attributes']).toMatchObject({ ApproximateReceiveCount: '1' });
    await fixture.pass(120_000);
    expect(bodies()).toEqual(['a']);
    expect(await fixture.left()).toBe(0);
  });

  test('inside AWS for longer than a message is hidden: it comes again', async () => {
    await started();
    fixture.runtime.faults.add({ operation: 'PutEvents', effect: 'throttle', times: 8 });
    await fixture.send('a');
    await fixture.until(() => fixture.events().length === 1);
    expect(fixture.events()[0]!.detail['attributes']).toMatchObject({ ApproximateReceiveCount: '2' });
  });

  test('of the deletion: the message is published again', async () => {
    await started();
    fixture.runtime.faults.add({ operation: 'DeleteMessageBatch', effect: 'failBefore' });
    await fixture.send('a');
    await fixture.pass(120_000);
    expect(bodies()).toEqual(['a', 'a']);
    expect(await fixture.left()).toBe(0);
  });

  test('of receives are tried again', async () => {
    await started();
    fixture.runtime.faults.add({ operation: 'ReceiveMessage', effect: 'throttle', times: 3 });
    await fixture.send('a');
    expect(await fixture.until(() => fixture.events().length === 1)).toBe(true);
  });

  test('lose nothing, whatever fails', async () => {
    await fixture.close();
    await assert(
      asyncProperty(
        integer({ min: 1, max: 1000 }),
        array(integer({ min: 0, max: 3 }), { maxLength: 12 }),
        async (seed, kinds) => {
          await renew();
          await started(gathered);
          const { faults } = fixture.runtime;
          for (const [index, kind] of kinds.entries()) {
            const effect = (['throttle', 'failBefore', 'failAfter', 'duplicate'] as const)[kind]!;
            const operation = ['PutEvents', 'DeleteMessageBatch', 'ReceiveMessage'][(index + seed) % 3]!;
            faults.add({ operation, principal: 'role/pipe', effect });
          }
          const sent = Array.from({ length: 12 }, (_, index) => `m${index}`);
          await fixture.send(...sent);
          await fixture.pass(600_000);
          expect(new Set([...bodies(), ...(await fixture.dead())])).toEqual(new Set(sent));
          expect(await fixture.left()).toBe(0);
          await fixture.close();
        },
      ),
      { numRuns: 15 },
    );
    await renew();
  });
});
