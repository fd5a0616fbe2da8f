import { policyDocument, tlsOnly } from '../../constructs/policy';

test('a statement allows unless it says otherwise', () => {
  const statement = { Sid: 'One', Action: 'sqs:SendMessage', Resource: 'arn' };
  expect(JSON.parse(policyDocument([statement, { ...statement, Effect: 'Deny' }]))).toEqual({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', ...statement },
      { ...statement, Effect: 'Deny' },
    ],
  });
});

test.each(['sqs', 's3'] as const)('without TLS nobody may do anything in %s', (service) => {
  expect(tlsOnly(service, 'arn')).toEqual({
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: `${service}:*`,
    Resource: 'arn',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });
});

test('a topic policy names actions, because SNS refuses a wildcard', () => {
  expect(tlsOnly('sns', 'arn').Action).toEqual(['sns:Publish', 'sns:Subscribe']);
});
