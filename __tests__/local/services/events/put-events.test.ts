import { entryParents } from '../../../../local/services/events/entry';
import { account, busArn, order, ruleArn, withRule } from './bus';

describe('PutEvents', () => {
  test('delivers the whole envelope as the service, for the rule', async () => {
    const { put, settle, messages } = await withRule();
    const answer = await put(order(1, { Resources: ['r'], Time: 1_767_225_599.9 }));
    expect(messages).toEqual([]);
    await settle();
    expect(answer).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
    expect(messages).toHaveLength(1);
    expect(JSON.parse(messages[0]!.body)).toEqual({
      version: '0',
      id: answer.Entries[0].EventId,
      'detail-type': 'OrderDetailsChanged',
      source: 'order.event',
      account,
      time: '2025-12-31T23:59:59Z',
      region: 'eu-west-1',
      resources: ['r'],
      detail: { id: 1, name: 'a "quoted" name' },
    });
    expect(messages[0]!.principal).toEqual({ kind: 'service', service: 'events.amazonaws.com', sourceArn: ruleArn });
    expect(messages[0]!.group).toBeUndefined();
  });

  test('makes a tree of hops, with the parents of each entry', async () => {
    const { put, settle, hops, runtime } = await withRule();
    const one = runtime.timeline.record({ service: 'test', operation: 'one', resource: '*', summary: '' });
    const two = runtime.timeline.record({ service: 'test', operation: 'two', resource: '*', summary: '' });
    await put(order(1, { [entryParents]: [one] }), order(2, { [entryParents]: [two] }));
    await settle();
    const steps = ['PutEvents', 'match', 'deliver', 'SendMessage'];
    for (const root of [one, two]) {
      const descendants = runtime.timeline.descendants(root);
      expect(descendants.slice(1).map((hop) => hop.operation)).toEqual(steps);
      expect(descendants.slice(2).map((hop) => hop.parents)).toEqual(descendants.slice(1, -1).map((hop) => [hop.id]));
    }
    expect(hops('PutEvents')[0]).toMatchObject({
      resource: busArn,
      summary: 'OrderDetailsChanged from order.event',
      outcome: 'ok',
    });
    expect(hops('match')[0]).toMatchObject({ resource: ruleArn, summary: 'created matches' });
  });

  test.each([
    [
      'Source',
      { Source: undefined },
      'InvalidArgument',
      'Parameter Source is not valid. Reason: Source is a required argument.',
    ],
    ['DetailType', { DetailType: '' }, 'InvalidArgument', 'Parameter DetailType is not valid.'],
    ['Detail', { Detail: undefined }, 'InvalidArgument', 'Parameter Detail is not valid.'],
    ['long DetailType', { DetailType: 'x'.repeat(129) }, 'InvalidArgument', 'DetailType'],
    ['text for Detail', { Detail: 'text' }, 'MalformedDetail', 'Detail is malformed.'],
    ['a list for Detail', { Detail: '[]' }, 'MalformedDetail', 'Detail is malformed.'],
    ['null for Detail', { Detail: 'null' }, 'MalformedDetail', 'Detail is malformed.'],
    ['bottomless Detail', { Detail: `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}` }, 'MalformedDetail', 'malformed'],
    ['reserved source', { Source: 'aws.s3' }, 'NotAuthorizedForSourceException', 'Not authorized for the source.'],
  ])('fails an entry by itself: %s', async (_, more, code, message) => {
    const { put, settle, messages, hops } = await withRule();
    const answer = await put(order(1, more), order(2));
    await settle();
    expect(answer).toEqual({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: code, ErrorMessage: expect.stringContaining(message) }, { EventId: expect.any(String) }],
    });
    expect(messages.map(({ body }) => JSON.parse(body).detail.id)).toEqual([2]);
    expect(hops('PutEvents').map((hop) => hop.outcome)).toEqual(['failed', 'ok']);
  });

  test('a fault fails some entries and takes the others, the same ones for the same seed', async () => {
    const answers = async () => {
      const { runtime, put, settle, messages } = await withRule();
      runtime.faults.add({ service: 'events', operation: 'PutEvents', effect: 'partial', times: 30 });
      const codes: (string | undefined)[][] = [];
      for (let request = 0; request < 30; request++) {
        const { FailedEntryCount: failed, Entries } = await put(order(0), order(1), order(2));
        const taken = [0, 1, 2].filter((index) => Entries[index].EventId);
        await settle();
        const delivered = messages.splice(0).map(({ body }) => JSON.parse(body).detail.id);
        expect(new Set(delivered)).toEqual(new Set(taken));
        expect(failed).toBe(3 - taken.length);
        codes.push(Entries.map(({ ErrorCode: code }: { ErrorCode?: string }) => code));
      }
      return codes;
    };
    const codes = await answers();
    expect(new Set(codes.flat())).toEqual(new Set([undefined, 'InternalFailure', 'ThrottlingException']));
    expect(new Set(codes.map((one) => one.filter(Boolean).length))).toEqual(new Set([1, 2]));
    expect(await answers()).toEqual(codes);
  });

  test('a fault that fails in part fails a request of one entry', async () => {
    const { runtime, put, hops } = await withRule();
    runtime.faults.add({ service: 'events', operation: 'PutEvents', effect: 'partial' });
    expect(await put(order(1))).toEqual({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: expect.any(String), ErrorMessage: expect.any(String) }],
    });
    expect(hops('PutEvents')).toMatchObject([{ resource: busArn, outcome: 'failed' }]);
    expect(await put(order(1))).toMatchObject({ FailedEntryCount: 0 });
  });

  test.each([
    ['no entries', { Entries: [] }],
    ['eleven entries', { Entries: Array.from({ length: 11 }, (_, id) => order(id)) }],
    ['an endpoint', { Entries: [order(1)], EndpointId: 'abcde.veo' }],
    ['numbers as names', { Entries: [order(1, { Source: 5 })] }],
    ['an object as detail', { Entries: [order(1, { Detail: { id: 1 } })] }],
    ['no object', { Entries: ['x'] }],
  ])('refuses the call: %s', async (_, input) => {
    const { call, messages } = await withRule();
    await expect(call('PutEvents', input)).rejects.toMatchObject({ code: 'ValidationException', status: 400 });
    expect(messages).toEqual([]);
  });

  test('takes less than 1 MiB in all', async () => {
    const { put, settle, messages } = await withRule();
    const fixed = 'order.event'.length + 'OrderDetailsChanged'.length + '{"x":""}'.length + 14;
    const filled = (size: number) =>
      order(1, { Time: 1, Detail: JSON.stringify({ x: 'é'.repeat((size - fixed) / 2) }) });
    await expect(put(filled(1_048_576))).rejects.toMatchObject({
      code: 'ValidationException',
      message: 'Total size of the entries in the request is over the limit.',
    });
    await put(filled(1_048_574));
    await settle();
    expect(messages).toHaveLength(1);
  });

  test('to a bus that does not exist succeeds as on AWS, and says that the event is lost', async () => {
    const { put, settle, messages, hops } = await withRule();
    await expect(put(order(1, { EventBusName: 'nothing' }))).resolves.toMatchObject({ FailedEntryCount: 0 });
    await settle();
    expect(messages).toEqual([]);
    expect(hops('PutEvents')).toMatchObject([
      { outcome: 'failed', summary: expect.stringContaining('event-bus/nothing does not exist') },
    ]);
  });

  test('needs permission on the bus of each entry', async () => {
    const { runtime } = await withRule();
    const roleArn = `arn:aws:iam::${account}:role/pipe`;
    const trustPolicy = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'pipes.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    };
    runtime.iam.putRole({ arn: roleArn, name: 'pipe', trustPolicy });
    runtime.iam.putRolePolicy(roleArn, 'put', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: busArn }],
    });
    const principal = { kind: 'role', roleArn, arn: `arn:aws:sts::${account}:assumed-role/pipe/x` } as const;
    const attempt = (...Entries: object[]) =>
      runtime.call({ service: 'events', operation: 'PutEvents', input: { Entries }, principal });
    await expect(attempt(order(1))).resolves.toMatchObject({ FailedEntryCount: 0 });
    await expect(attempt(order(1, { EventBusName: busArn }))).resolves.toMatchObject({ FailedEntryCount: 0 });
    await expect(attempt(order(1), order(2, { EventBusName: 'default' }))).rejects.toMatchObject({
      code: 'AccessDeniedException',
      message: expect.stringContaining('event-bus/default'),
    });
  });
});
