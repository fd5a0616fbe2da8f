import { embeddedMetrics } from '../../../../local/services/cloudwatch/embedded-metrics';

const line = (changes: object = {}, directive: object = {}) =>
  JSON.stringify({
    _aws: {
      Timestamp: 1,
      CloudWatchMetrics: [
        {
          Namespace: 'outbox',
          Dimensions: [['service'], ['service', 'stage']],
          Metrics: [
            { Name: 'processed', Unit: 'Count' },
            { Name: 'age', Unit: 'Milliseconds' },
          ],
          ...directive,
        },
      ],
    },
    service: 'orders',
    stage: 'dev',
    processed: 1,
    age: [5, 7],
    ...changes,
  });

test('each metric under each set of dimensions, arrays value by value', () => {
  const both = (dimensions: object) => [
    { namespace: 'outbox', name: 'processed', dimensions, value: 1 },
    { namespace: 'outbox', name: 'age', dimensions, value: 5 },
    { namespace: 'outbox', name: 'age', dimensions, value: 7 },
  ];
  expect(embeddedMetrics(line())).toEqual([
    ...both({ service: 'orders' }),
    ...both({ service: 'orders', stage: 'dev' }),
  ]);
});

test('an empty set of dimensions counts', () => {
  expect(embeddedMetrics(line({}, { Dimensions: [[]] }))).toHaveLength(3);
});

test('a dimension or value that is not there leaves its metric out', () => {
  expect(embeddedMetrics(line({ stage: undefined }))).toHaveLength(3);
  expect(embeddedMetrics(line({ processed: 'many' })).map(({ name }) => name)).not.toContain('processed');
});

test.each([
  'START RequestId: 1',
  '{"message":"plain"}',
  '{"CloudWatchMetrics": broken',
  '{"_aws":{"CloudWatchMetrics":"none"}}',
  '"CloudWatchMetrics"',
])('%s is no metric', (text) => {
  expect(embeddedMetrics(text)).toEqual([]);
});
