import { role } from './harness';
import { deadLetters, started } from './stream-pipe';

describe('dead-letter queue', () => {
  test('one that refuses loses the record, says so, and the shard goes on', async () => {
    const harness = await started({ ...deadLetters, maximum_retry_attempts: 1, batch_size: 1 });
    harness.runtime.iam.putRolePolicy(role, 'all', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['dynamodb:*', 'events:*'], Resource: '*' }],
    });
    harness.refuse = (detail) => (detail.dynamodb.Keys.id.S === 'bad' ? 'Refused' : undefined);
    harness.write('bad');
    harness.write('good');
    await harness.until(() => harness.delivered.length === 1);
    expect(harness.hops('dead-letter')).toMatchObject([
      { outcome: 'failed', summary: expect.stringMatching(/1 record dropped: .*sqs:SendMessage/) },
    ]);
  });

  test('one that is out of order for a while gets the message later', async () => {
    const harness = await started({ ...deadLetters, maximum_retry_attempts: 1 });
    harness.refuse = () => 'Refused';
    harness.runtime.faults.add({ operation: 'SendMessage', effect: 'failBefore', times: 3 });
    harness.write('bad');
    expect(await harness.until(() => harness.deadLetters.length === 1)).toBe(true);
    expect(harness.sent).toHaveLength(2);
  });

  test('none: the record is dropped, and said so', async () => {
    const harness = await started({ maximum_retry_attempts: 1 });
    harness.refuse = () => 'Refused';
    harness.write('bad');
    await harness.until(() => harness.hops('dead-letter').length === 1);
    expect(harness.hops('dead-letter')[0]!.summary).toContain('no dead-letter queue');
  });
});
