import { Harness, pipeArn, role } from './harness';

const describePipe = (harness: Harness) =>
  harness.runtime.call({
    service: 'pipes',
    operation: 'DescribePipe',
    input: { Name: 'orders' },
    principal: harness.runtime.administrator,
  });

describe('role', () => {
  test.each([
    ['another service', { Service: 'lambda.amazonaws.com' }, undefined],
    ['another pipe', { Service: 'pipes.amazonaws.com' }, { ArnEquals: { 'aws:SourceArn': `${pipeArn}-other` } }],
  ])('a role that trusts %s: the pipe does not start', async (_, principal, condition) => {
    const harness = new Harness();
    harness.trust(principal, condition);
    await harness.pipe();
    await harness.start();
    harness.write('o0');
    await harness.pass(3600);
    expect(harness.sent).toEqual([]);
    expect(harness.runtime.timeline.hops.find((hop) => hop.operation === 'AssumeRole')).toMatchObject({
      outcome: 'denied',
    });
    const described = await describePipe(harness);
    expect(described).toMatchObject({
      CurrentState: 'START_FAILED',
      StateReason: expect.stringContaining('sts:AssumeRole'),
    });
  });

  test.each(['DescribeStream', 'GetShardIterator', 'GetRecords', 'ListStreams'])(
    'a role without dynamodb:%s delivers nothing',
    async (missing) => {
      const harness = new Harness();
      const actions = ['DescribeStream', 'GetShardIterator', 'GetRecords', 'ListStreams'].filter(
        (action) => action !== missing,
      );
      harness.runtime.iam.putRolePolicy(role, 'all', {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: ['events:*', ...actions.map((action) => `dynamodb:${action}`)], Resource: '*' },
        ],
      });
      await harness.pipe();
      harness.write('o0');
      await harness.start();
      await harness.pass(60);
      expect(harness.sent).toEqual([]);
      expect(
        harness.runtime.timeline.hops.some(
          (hop) => hop.outcome === 'denied' && hop.data!['action'] === `dynamodb:${missing}`,
        ),
      ).toBe(true);
    },
  );
});
