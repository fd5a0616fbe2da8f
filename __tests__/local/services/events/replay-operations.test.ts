import { archive, arn, bus, setUp, start, users } from './replay-fixture';

describe('its state', () => {
  test('goes from STARTING by RUNNING to COMPLETED, with the progress', async () => {
    const { put, replay, ended, hops, call, clock, until } = await setUp();
    await put(1, 61);
    const describe = async () => call('DescribeReplay', { ReplayName: 'mend' });
    expect(await replay('mend', 0, 120)).toEqual({
      ReplayArn: arn('replay/mend'),
      State: 'STARTING',
      ReplayStartTime: clock.now() / 1000,
    });
    const begun = {
      ReplayName: 'mend',
      ReplayArn: arn('replay/mend'),
      EventSourceArn: archive,
      Destination: { Arn: bus },
      EventStartTime: start,
      EventEndTime: start + 120,
      ReplayStartTime: clock.now() / 1000,
    };
    expect(await describe()).toEqual({ ...begun, State: 'STARTING' });
    await until(() => hops('replay').length === 1);
    expect(await describe()).toEqual({ ...begun, State: 'RUNNING', EventLastReplayedTime: start + 1 });
    expect(await ended('mend')).toEqual({
      ...begun,
      State: 'COMPLETED',
      EventLastReplayedTime: start + 61,
      ReplayEndTime: hops('replay-end')[0]!.time / 1000,
    });
  });

  test('is COMPLETED without a last time where nothing was to be replayed', async () => {
    const { replay, ended } = await setUp();
    await replay('mend', 0, 60);
    const described = await ended('mend');
    expect(described.State).toBe('COMPLETED');
    expect(described).not.toHaveProperty('EventLastReplayedTime');
  });

  test.each([
    ['before it begins', 0],
    ['between two minutes', 1],
  ])('is CANCELLED %s, and what was replayed stays replayed', async (_, replayed) => {
    const { put, replay, ended, hops, call, until } = await setUp();
    await put(1, 61);
    await replay('mend', 0, 120);
    await until(() => hops('replay').length === replayed);
    expect(await call('CancelReplay', { ReplayName: 'mend' })).toEqual({
      ReplayArn: arn('replay/mend'),
      State: 'CANCELLING',
    });
    expect(await call('DescribeReplay', { ReplayName: 'mend' })).not.toHaveProperty('ReplayEndTime');
    const cancel = () => call('CancelReplay', { ReplayName: 'mend' });
    const refusal = {
      code: 'IllegalStatusException',
      status: 400,
      message: 'Replay mend is not in a valid state for this operation.',
    };
    await expect(cancel()).rejects.toMatchObject(refusal);
    expect((await ended('mend')).State).toBe('CANCELLED');
    await expect(cancel()).rejects.toMatchObject(refusal);
    expect(hops('replay')).toHaveLength(replayed);
  });

  test('is listed by name, state or archive, in pages', async () => {
    const { replay, ended, call, create } = await setUp();
    await create('aws_cloudwatch_event_archive', { name: 'more', event_source_arn: bus });
    for (const name of ['a-1', 'a-2', 'b-1']) await replay(name, 0, 60);
    await ended('b-1');
    await replay('c-1', 0, 60, { EventSourceArn: arn('archive/more') });
    const list = async (input: object) =>
      (await call('ListReplays', input)).Replays.map((one: { ReplayName: string }) => one.ReplayName);
    expect(await list({})).toEqual(['a-1', 'a-2', 'b-1', 'c-1']);
    expect(await list({ NamePrefix: 'a-' })).toEqual(['a-1', 'a-2']);
    expect(await list({ State: 'STARTING' })).toEqual(['c-1']);
    expect(await list({ State: 'FAILED' })).toEqual([]);
    expect(await list({ EventSourceArn: archive })).toEqual(['a-1', 'a-2', 'b-1']);
    const first = await call('ListReplays', { Limit: 3 });
    expect(first.Replays[0]).toEqual({
      ReplayName: 'a-1',
      EventSourceArn: archive,
      State: 'COMPLETED',
      EventStartTime: start,
      EventEndTime: start + 60,
      ReplayStartTime: start,
      ReplayEndTime: expect.any(Number),
    });
    expect(await list({ Limit: 3, NextToken: first.NextToken })).toEqual(['c-1']);
    await expect(list({ NamePrefix: 'a', State: 'FAILED' })).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining('At most one filter is allowed'),
    });
  });
});

describe('what cannot be replayed is refused', () => {
  const target = (Arn: string, FilterArns?: string[]) => ({ Destination: { Arn, ...(FilterArns && { FilterArns }) } });
  test.each([
    ['no name', { ReplayName: '' }, 'ReplayName'],
    ['a name with blanks', { ReplayName: 'a b' }, 'ReplayName: may have letters'],
    ['a name of 65 characters', { ReplayName: 'x'.repeat(65) }, 'ReplayName'],
    ['a description of 513 characters', { Description: 'x'.repeat(513) }, 'Description'],
    ['no time', { EventStartTime: 'yesterday' }, 'EventStartTime'],
    [
      'a time beyond all times',
      { EventEndTime: 1e20 },
      'EventEndTime: must be a time: seconds since the epoch, or a date',
    ],
    ['no ARN', { EventSourceArn: 'kept' }, 'EventSourceArn: must be the ARN of an archive'],
    [
      'an unknown archive',
      { EventSourceArn: arn('archive/none') },
      'Parameter EventSourceArn is not valid. Reason: Archive none does not exist.',
    ],
    ['no bus', target(arn('rule/x')), 'Parameter Destination.Arn is not valid. Reason: Must contain an event bus ARN.'],
    [
      'another bus',
      target(arn('event-bus/default')),
      'Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.',
    ],
    ['a rule of another bus', target(bus, [arn('rule/users')]), 'is no rule of event bus shop'],
    [
      'no range',
      { EventStartTime: start, EventEndTime: start },
      'Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.',
    ],
  ])('%s', async (_, given, message) => {
    const { rule, replay, call } = await setUp();
    await rule('users', users);
    await expect(replay('mend', 0, 60, given)).rejects.toMatchObject({
      code: 'ValidationException',
      status: 400,
      message: expect.stringContaining(message),
    });
    expect((await call('ListReplays', {})).Replays).toEqual([]);
  });

  test('an unknown bus, and replays that are not there', async () => {
    const { replay, call } = await setUp();
    const notFound = (message: string) => ({ code: 'ResourceNotFoundException', status: 400, message });
    await expect(replay('mend', 0, 60, target(arn('event-bus/none')))).rejects.toMatchObject(
      notFound('Event bus none does not exist.'),
    );
    for (const operation of ['DescribeReplay', 'CancelReplay'])
      await expect(call(operation, { ReplayName: 'mend' })).rejects.toMatchObject(
        notFound('Replay mend does not exist.'),
      );
  });

  test('a name that was used within 90 days', async () => {
    const { replay, ended, clock, call } = await setUp();
    await replay('mend', 0, 60);
    await ended('mend');
    const day = 86_400_000;
    clock.moveTo(start * 1000 + 90 * day - 1);
    await expect(replay('mend', 0, 60)).rejects.toMatchObject({
      code: 'ResourceAlreadyExistsException',
      message: 'Replay mend already exists.',
    });
    clock.moveTo(start * 1000 + 90 * day);
    expect((await call('ListReplays', {})).Replays).toEqual([]);
    await expect(replay('mend', 0, 60)).resolves.toMatchObject({ State: 'STARTING' });
  });

  test('an eleventh at the same time', async () => {
    const { replay, ended } = await setUp();
    for (let count = 0; count < 10; count++) await replay(`mend-${count}`, 0, 60);
    await expect(replay('mend', 0, 60)).rejects.toMatchObject({ code: 'LimitExceededException' });
    await ended('mend-0');
    await expect(replay('mend', 0, 60)).resolves.toMatchObject({ State: 'STARTING' });
  });

  test('what IAM does not allow, on archive, bus and replay', async () => {
    const { runtime, replay, call } = await setUp();
    const role = 'arn:aws:iam::000000000000:role/mender';
    const Statement = { Effect: 'Allow' as const, Principal: '*', Action: 'sts:AssumeRole' };
    runtime.iam.putRole({ arn: role, name: 'mender', trustPolicy: { Version: '2012-10-17', Statement } });
    const principal = { kind: 'role', roleArn: role, arn: role.replace(':role', ':assumed-role') } as const;
    const as = async (operation: string, input: object, allowed: Record<string, string[]>) => {
      const statements = Object.entries(allowed).map(([name, Resource]) => ({
        Effect: 'Allow' as const,
        Action: `events:${name}`,
        Resource,
      }));
      runtime.iam.putRolePolicy(role, 'all', { Version: '2012-10-17', Statement: statements });
      return runtime.call({ service: 'events', operation, input, principal });
    };
    const name = { ReplayName: 'mend' };
    const times = { EventStartTime: start, EventEndTime: start + 60 };
    const order = { ...name, ...times, EventSourceArn: archive, Destination: { Arn: bus } };
    const all = [archive, bus, arn('replay/mend')];
    for (const missing of all) {
      const StartReplay = all.filter((one) => one !== missing);
      await expect(as('StartReplay', order, { StartReplay })).rejects.toMatchObject({
        code: 'AccessDeniedException',
        message: expect.stringContaining(`events:StartReplay on resource: ${missing}`),
      });
    }
    await as('StartReplay', order, { StartReplay: all });
    for (const operation of ['DescribeReplay', 'CancelReplay']) {
      await expect(as(operation, name, { [operation]: [archive] })).rejects.toThrow('not authorized');
      await as(operation, name, { [operation]: [arn('replay/mend')] });
    }
    await expect(as('ListReplays', {}, { ListReplays: [archive] })).rejects.toThrow('not authorized');
    await as('ListReplays', {}, { ListReplays: ['*'] });
    await expect(replay('mend', 0, 60)).rejects.toMatchObject({ code: 'ResourceAlreadyExistsException' });
    expect((await call('ListReplays', {})).Replays).toHaveLength(1);
  });
});
