import { account } from '../function-fixture';
import { call, fixture, makeGroup, messages, names, put } from './log-group';

describe('aws_cloudwatch_log_group', () => {
  test('attributes; described with the ARN that ends in :*', async () => {
    const arn = `arn:aws:logs:eu-west-1:${account}:log-group:orders`;
    expect(await makeGroup({ retention_in_days: 30 })).toMatchObject({ arn, id: 'orders', name: 'orders' });
    const { logGroups } = await call('DescribeLogGroups', { logGroupNamePrefix: 'ord' });
    expect(logGroups).toMatchObject([
      { logGroupName: 'orders', arn: `${arn}:*`, logGroupArn: arn, retentionInDays: 30, storedBytes: 0 },
    ]);
    expect((await call('DescribeLogGroups', { logGroupNamePattern: 'x' })).logGroups).toEqual([]);
  });

  test.each([
    [{ retention_in_days: 2 }, 'one of 0, 1, 3'],
    [{ name: 'a b' }, 'letters'],
    [{ log_group_class: 'INFREQUENT_ACCESS' }, 'only STANDARD'],
    [{ name_prefix: 'x' }, 'name_prefix'],
  ])('refuses %j', async (given, message) => {
    await expect(makeGroup(given)).rejects.toThrow(message);
  });

  test("keeps events for its retention, by the runtime's clock", async () => {
    await makeGroup({ retention_in_days: 1 });
    await call('CreateLogStream', names);
    await put('old');
    fixture.clock.moveTo(fixture.clock.now() + 86_400_000);
    await put('new');
    expect(await messages()).toEqual(['old', 'new']);
    fixture.clock.moveTo(fixture.clock.now() + 1);
    expect(await messages()).toEqual(['new']);
  });
});
