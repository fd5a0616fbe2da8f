import { account, busArn, order, withRule } from './bus';

describe('archives', () => {
  test('keep what fits until it is too old', async () => {
    const { create, call, put, clock } = await withRule();
    const archive = {
      name: 'kept',
      event_source_arn: busArn,
      retention_days: 2,
      event_pattern: '{"detail":{"id":[1,2]}}',
    };
    await expect(create('aws_cloudwatch_event_archive', archive)).resolves.toEqual({
      id: 'kept',
      name: 'kept',
      arn: `arn:aws:events:eu-west-1:${account}:archive/kept`,
    });
    await put(order(1), order(3), order(1, { EventBusName: 'default' }));
    clock.moveTo(clock.now() + 86_400_000);
    await put(order(2));
    const count = async () => (await call('DescribeArchive', { ArchiveName: 'kept' })).EventCount;
    expect(await count()).toBe(2);
    clock.moveTo(clock.now() + 86_400_000);
    expect(await count()).toBe(1);
    await expect(call('ListArchives', { EventSourceArn: busArn })).resolves.toMatchObject({
      Archives: [{ ArchiveName: 'kept', EventSourceArn: busArn, State: 'ENABLED', RetentionDays: 2, EventCount: 1 }],
    });
    await expect(call('ListArchives', { EventSourceArn: `${busArn}s` })).resolves.toEqual({ Archives: [] });
  });

  test('keep the newest when there are too many', async () => {
    const { create, call, put } = await withRule();
    await create('aws_cloudwatch_event_archive', { name: 'all', event_source_arn: busArn });
    for (let i = 0; i < 1050; i++) await put(...Array.from({ length: 10 }, (_, id) => order(id, { Source: 'x' })));
    await expect(call('DescribeArchive', { ArchiveName: 'all' })).resolves.toMatchObject({
      EventCount: 10_000,
      RetentionDays: 0,
    });
  });
});
