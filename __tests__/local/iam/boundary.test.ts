import * as fc from 'fast-check';
import { simulatedClock } from '../../../local/clock';
import { type Decision, Iam } from '../../../local/iam';

const account = '123456789012';
const roleArn = `arn:aws:iam::${account}:role/relay`;
const otherArn = `arn:aws:iam::${account}:role/other`;
const sessionArn = `arn:aws:sts::${account}:assumed-role/relay/one`;
const root = `arn:aws:iam::${account}:root`;
const principal = { kind: 'role', roleArn, arn: sessionArn } as const;
const queue = `arn:aws:sqs:eu-central-1:${account}:orders`;
const key = `arn:aws:kms:eu-central-1:${account}:key/5f2c1a`;
const boundaryArn = `arn:aws:iam::${account}:policy/limit`;

type Statement = Record<string, unknown>;
const document = (...Statement: Statement[]) => ({ Version: '2012-10-17', Statement });
const send = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue };
const receive = { ...send, Action: 'sqs:ReceiveMessage' };
const trusting = (Principal: unknown) => document({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal });
const service = trusting({ Service: 'lambda.amazonaws.com' });

interface World {
  /** @default no boundary */
  readonly boundary?: Statement;
  readonly identity?: Statement;
  readonly resource?: Statement;
  readonly key?: Statement;
  /** Whom the other role trusts. */
  readonly trusted?: unknown;
}

function ask({ boundary, identity, resource, key: ofKey, trusted }: World, action: string, on: string): Decision {
  const iam = new Iam(account, { region: 'eu-central-1', clock: simulatedClock() });
  const limit = boundary && { arn: boundaryArn, document: document(boundary) };
  iam.putRole({ arn: roleArn, name: 'relay', trustPolicy: service, boundary: limit });
  iam.putRole({ arn: otherArn, name: 'other', trustPolicy: trusted ? trusting(trusted) : service });
  if (identity) iam.putRolePolicy(roleArn, 'inline', document(identity));
  if (resource) iam.setResourcePolicy(queue, document(resource));
  if (ofKey) iam.setResourcePolicy(key, document(ofKey), 'key');
  return iam.authorize({ principal, action, resource: on });
}

const reasonOf = (decision: Decision) => (decision.allowed ? 'allowed' : decision.reason);
const sending = (world: World) => reasonOf(ask(world, 'sqs:SendMessage', queue));
const noBoundary = 'no permissions boundary allows the sqs:SendMessage action';

describe('a role with a boundary', () => {
  // The cases of "Evaluating effective permissions with boundaries" in the IAM User Guide.
  test.each<[string, World, string]>([
    ['may do what both allow', { boundary: send, identity: send }, 'allowed'],
    ['may not do what only its own policy allows', { boundary: receive, identity: send }, noBoundary],
    [
      'may not do what only the boundary allows',
      { boundary: send },
      'no identity-based policy allows the sqs:SendMessage action',
    ],
    [
      'may not do what the boundary denies',
      { boundary: { ...send, Effect: 'Deny' }, identity: send },
      'with an explicit deny in a permissions boundary',
    ],
    [
      'may not do what the boundary denies, whoever names the session',
      { boundary: { ...send, Effect: 'Deny' }, resource: { ...send, Principal: { AWS: sessionArn } } },
      'with an explicit deny in a permissions boundary',
    ],
    [
      'is limited where a resource names the role',
      { boundary: receive, resource: { ...send, Principal: { AWS: roleArn } } },
      noBoundary,
    ],
    [
      'may do what a resource allows the role, within the boundary',
      { boundary: send, resource: { ...send, Principal: { AWS: roleArn } } },
      'allowed',
    ],
    [
      'is not limited where a resource names the session',
      { boundary: receive, resource: { ...send, Principal: { AWS: sessionArn } } },
      'allowed',
    ],
    [
      'is not limited where a resource names everybody',
      { boundary: receive, resource: { ...send, Principal: '*' } },
      'allowed',
    ],
    [
      'is limited where a resource names the account',
      { boundary: receive, identity: send, resource: { ...send, Principal: { AWS: root } } },
      noBoundary,
    ],
    [
      'is denied by a NotPrincipal, even one that names it whole',
      {
        boundary: send,
        identity: send,
        resource: { ...send, Effect: 'Deny', NotPrincipal: { AWS: [root, roleArn, sessionArn] } },
      },
      'with an explicit deny in a resource-based policy',
    ],
  ])('%s', (_name, world, reason) => {
    expect(sending(world)).toBe(reason);
  });

  test('uses a key within the boundary only, whether the key names its account or the role', () => {
    const decrypt = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' };
    for (const AWS of [root, roleArn]) {
      const world = { identity: decrypt, key: { ...decrypt, Principal: { AWS } } };
      expect(reasonOf(ask({ ...world, boundary: decrypt }, 'kms:Decrypt', key))).toBe('allowed');
      expect(reasonOf(ask({ ...world, boundary: send }, 'kms:Decrypt', key))).toBe(
        'no permissions boundary allows the kms:Decrypt action',
      );
    }
  });

  test('assumes another role within the boundary only, though that trusts it', () => {
    const assume = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: otherArn };
    for (const AWS of [root, roleArn]) {
      const world = { identity: assume, trusted: { AWS } };
      expect(ask({ ...world, boundary: assume }, 'sts:AssumeRole', otherArn).allowed).toBe(true);
      expect(reasonOf(ask({ ...world, boundary: send }, 'sts:AssumeRole', otherArn))).toBe(
        'no permissions boundary allows the sts:AssumeRole action',
      );
    }
  });

  test('is told which boundary it was', () => {
    expect(ask({ boundary: receive, identity: send }, 'sqs:SendMessage', queue)).toMatchObject({
      boundary: boundaryArn,
    });
  });

  test('is allowed what it would be without one, as far as the boundary allows it too', () => {
    const actions = fc.uniqueArray(fc.constantFrom('sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:*', 'sns:Publish'), {
      minLength: 1,
    });
    fc.assert(
      fc.property(actions, actions, actions, fc.constantFrom(roleArn, root), (may, limit, own, AWS) => {
        const world = {
          identity: { ...send, Action: may, Resource: '*' },
          resource: {
            ...send,
            Action: ['sqs:TagQueue', ...own.filter((action) => action.startsWith('sqs:'))],
            Principal: { AWS },
          },
        };
        const boundary = { ...send, Action: limit, Resource: '*' };
        const within = limit.includes('sqs:*') || limit.includes('sqs:SendMessage');
        expect(ask({ ...world, boundary }, 'sqs:SendMessage', queue).allowed).toBe(
          within && ask(world, 'sqs:SendMessage', queue).allowed,
        );
      }),
    );
  });
});

test('tags of a key are what conditions see, those of the request what it says', () => {
  const iam = new Iam(account, { region: 'eu-central-1', clock: simulatedClock() });
  iam.putRole({ arn: roleArn, name: 'relay', trustPolicy: service });
  iam.setResourcePolicy(
    key,
    document({ Effect: 'Allow', Action: 'kms:*', Resource: '*', Principal: { AWS: root } }),
    'key',
  );
  const Condition = { StringEquals: { 'aws:ResourceTag/Stage': 'dev' }, Null: { 'aws:RequestTag/Stage': 'true' } };
  iam.putRolePolicy(roleArn, 'use', document({ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*', Condition }));
  const allowed = (context = {}) => iam.authorize({ principal, action: 'kms:Decrypt', resource: key, context }).allowed;
  expect(allowed()).toBe(false);
  iam.setTags(key, { stage: 'dev' });
  expect(allowed()).toBe(true);
  expect(allowed({ 'aws:RequestTag/Stage': 'dev' })).toBe(false);
  iam.setTags(key, { stage: 'prod' });
  expect(allowed()).toBe(false);
});
