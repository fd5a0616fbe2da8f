import { Iam } from '../../../local/iam';
import {
  account,
  allow,
  everybody,
  policy,
  queue,
  region,
  role,
  roleArn,
  type Statement,
  trust,
  world,
} from './account';

describe('malformed policies', () => {
  const identity = (document: unknown) => () => world({}).putRolePolicy(roleArn, 'bad', document);
  const resource =
    (...statements: Statement[]) =>
    () =>
      world({}).setResourcePolicy(queue, policy(...statements));
  const trustees =
    (...statements: Statement[]) =>
    () =>
      world({ trust: statements });
  const condition = (Condition: unknown) => identity(policy(allow({ Condition })));
  const { Action: _action, ...noAction } = allow();
  const { Resource: _resource, ...noResourceElement } = allow();
  test.each<[string, () => void]>([
    ['Syntax errors in policy. (Expected property name', identity('{')],
    ['Syntax errors in policy. (document: Invalid input: expected object', identity('"text"')],
    ['Syntax errors in policy. (Statement: ', identity({ Version: '2012-10-17' })],
    ['Syntax errors in policy. (Statement: ', identity(policy())],
    ['Syntax errors in policy. (Statement.0.Effect: ', identity(policy(allow({ Effect: 'allow' })))],
    ['Syntax errors in policy. (Statement.0: Unrecognized key: "Actions")', identity(policy(allow({ Actions: 'a' })))],
    [
      'Syntax errors in policy. (document: Unrecognized key: "Statements")',
      identity({ ...policy(allow()), Statements: [] }),
    ],
    ['Policy document must be version 2012-10-17 or greater.', identity({ Version: '2008-10-17', Statement: allow() })],
    ['Policy document must be version 2012-10-17 or greater.', identity({ Statement: allow() })],
    ['Syntax errors in policy.', identity(policy(allow({ NotAction: 'sqs:*' })))],
    ['Syntax errors in policy.', identity(policy(allow({ NotResource: '*' })))],
    ['Policy statement must contain actions.', identity(policy(noAction))],
    ['Policy statement must contain actions.', identity(policy(allow({ Action: [] })))],
    ['Policy statement must contain resources.', identity(policy(noResourceElement))],
    ['Policy statement must contain resources.', resource({ ...noResourceElement, ...everybody })],
    ['Policy document should not specify a principal.', identity(policy(allow(everybody)))],
    ['Missing required field Principal', resource(allow())],
    ['Missing required field Principal', trustees({})],
    ['Has prohibited field Resource', trustees({ Principal: '*', Resource: '*' })],
    ['AssumeRole policy may only specify STS AssumeRole actions.', trustees({ Principal: '*', Action: 'sts:*' })],
    ['NotPrincipal can only be used with the effect Deny.', resource(allow({ NotPrincipal: '*' }))],
    ['Statement IDs (SID) must be alpha-numeric.', identity(policy(allow({ Sid: 'send-it' })))],
    [
      'Statement IDs (SID) in a single policy must be unique.',
      identity(policy(allow({ Sid: 'A' }), allow({ Sid: 'A' }))),
    ],
    ['Actions/Conditions must be prefaced by a vendor', identity(policy(allow({ Action: 'SendMessage' })))],
    ['Actions/Condition can contain only one colon.', identity(policy(allow({ Action: 'sqs:Send:Message' })))],
    ['Vendor s*s is not valid', identity(policy(allow({ Action: 's*s:SendMessage' })))],
    ['Policy statement action out of service scope!', resource(allow({ ...everybody, Action: 'sns:Publish' }))],
    ['Resource orders must be in ARN format or "*".', identity(policy(allow({ Resource: 'orders' })))],
    ['must be in ARN format', identity(policy(allow({ Resource: 'arn:aws:sqs:${aws:RequestedRegion}:*' })))],
    ['Partition "was" is not valid for resource', identity(policy(allow({ Resource: 'arn:was:sqs:a:b:c' })))],
    [
      'Resource vendor must be fully qualified and cannot contain regexes.',
      identity(policy(allow({ Resource: 'arn:aws:*:a:b:c' }))),
    ],
    ['Invalid principal in policy: "AWS":"relay"', resource(allow({ Principal: { AWS: 'relay' } }))],
    [
      'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/*"',
      resource(allow({ Principal: { AWS: `arn:aws:iam::${account}:role/*` } })),
    ],
    [
      'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/gone"',
      resource(allow({ Principal: { AWS: `arn:aws:iam::${account}:role/gone` } })),
    ],
    ['Invalid principal in policy: "SERVICE":"events"', resource(allow({ Principal: { Service: 'events' } }))],
    ['Invalid principal in policy: "FEDERATED":"x"', trustees({ Principal: { Federated: 'x' } })],
    [
      'Invalid principal in policy: "FEDERATED":"arn:aws:iam::123456789012:oidc-provider/x.com"',
      resource(allow({ Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/x.com` } })),
    ],
    [
      'Syntax errors in policy. (Statement.0.Principal: Unrecognized key: "CanonicalUser")',
      resource(allow({ Principal: { CanonicalUser: 'x' } })),
    ],
    ['the condition operator StringIs is not known', condition({ StringIs: { 'x:A': 'a' } })],
    ['the condition operator BinaryEquals is not known', condition({ BinaryEquals: { 'x:A': 'YQ==' } })],
    ['the condition operator NullIfExists is not known', condition({ NullIfExists: { 'x:A': 'true' } })],
    ['the condition operator ForSome:StringEquals is not known', condition({ 'ForSome:StringEquals': { 'x:A': 'a' } })],
    ['maybe is neither true nor false', condition({ Bool: { 'x:A': 'maybe' } })],
    ['maybe is neither true nor false', condition({ Null: { 'x:A': 'maybe' } })],
    ['many is not a number', condition({ NumericEquals: { 'x:A': 'many' } })],
    ['today is not a date', condition({ DateLessThan: { 'x:A': 'today' } })],
    ['10.0.0.0/33 is not an IP address or CIDR block', condition({ IpAddress: { 'x:A': '10.0.0.0/33' } })],
    ['arn:aws:sqs:* is not an ARN of six parts', condition({ ArnLike: { 'x:A': 'arn:aws:sqs:*' } })],
    ['Syntax errors in policy. (Statement.0.Condition.StringEquals.x:A', condition({ StringEquals: { 'x:A': [] } })],
    ['no condition key aws:ResourceTag/team', condition({ StringEquals: { 'aws:ResourceTag/team': 'a' } })],
    ['no condition key aws:RequestTag/team', condition({ StringEquals: { 'aws:RequestTag/team': 'a' } })],
    ['no condition key aws:PrincipalTag/team', condition({ StringEquals: { 'aws:PrincipalTag/team': 'a' } })],
    ['no condition key aws:userid', identity(policy(allow({ Resource: 'arn:aws:sqs:*:*:${aws:userid}' })))],
  ])('%s', (message, set) => {
    expect(set).toThrow(
      expect.objectContaining({ code: 'MalformedPolicyDocument', message: expect.stringContaining(message) }),
    );
  });

  test('keys of place and time need a place', () => {
    const iam = new Iam(account);
    iam.putRole({ arn: roleArn, name: 'relay', trustPolicy: policy(trust({ Principal: '*' })) });
    const Condition = { StringEquals: { 'aws:RequestedRegion': region } };
    expect(() => iam.putRolePolicy(roleArn, 'a', policy(allow({ Condition })))).toThrow(
      'no condition key aws:RequestedRegion',
    );
  });

  test('a refused policy leaves the former in force', () => {
    const iam = world({ identity: [allow()] });
    expect(() => iam.putRolePolicy(roleArn, 'inline', '{}')).toThrow('Syntax errors in policy.');
    expect(iam.authorize({ principal: role, action: 'sqs:SendMessage', resource: queue }).allowed).toBe(true);
  });

  test('a policy for a role that does not exist', () => {
    expect(() => world({}).putRolePolicy(`${roleArn}2`, 'a', policy(allow()))).toThrow(
      expect.objectContaining({ code: 'NoSuchEntity' }),
    );
  });
});
