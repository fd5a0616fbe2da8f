import { alphabetical } from '../fixture';
import { answering, fixture } from './enriched-pipe';

describe('records of a stream', () => {
  test('are enriched too; a failed event that kept eventID is bisected out', async () => {
    const table = await fixture.create('aws_dynamodb_table', 'claims', {
      name: 'claims',
      billing_mode: 'PAY_PER_REQUEST',
      hash_key: 'id',
      attribute: [{ name: 'id', type: 'S' }],
      stream_enabled: true,
      stream_view_type: 'NEW_AND_OLD_IMAGES',
    });
    const failures = await fixture.queue('failures');
    const parameters = {
      starting_position: 'TRIM_HORIZON',
      batch_size: 10,
      maximum_retry_attempts: 1,
      maximum_batching_window_in_seconds: 1,
      dead_letter_config: { arn: failures },
    };
    await answering(
      'records.map(({ eventID, dynamodb }) => ({ eventID, ...(dynamodb.Keys.id.S !== "bad" && { type: dynamodb.Keys.id.S }) }))',
      {
        source: table.stream_arn,
        source_parameters: { dynamodb_stream_parameters: parameters },
        target_parameters: { eventbridge_event_bus_parameters: { detail_type: '$.type' } },
      },
    );
    for (const id of ['good', 'bad', 'fine']) {
      await fixture.call('dynamodb', 'PutItem', { TableName: 'claims', Item: { id: { S: id } } });
    }
    await fixture.pass(60_000);
    expect(
      fixture
        .events()
        .map((event) => event['detail-type'])
        .toSorted(alphabetical),
    ).toEqual(['fine', 'good']);
    expect(await fixture.messages('failures')).toHaveLength(1);
  });
});
