import { policies, synthesize, type Synthesized } from '../synthesis';

const env = { OUTBOX_GITHUB_REPOSITORY: 'acme/shop', OUTBOX_PERMISSIONS_BOUNDARY: 'true' };
const { 'github-access': access, ...others } = synthesize(env) as Record<string, Synthesized>;

const list = (value: string | string[]) => [value].flat();

const { name, policy } = access!.one('aws_iam_policy', 'boundary');
const boundary = JSON.parse(policy).Statement as Record<string, any>[];
const actions = boundary.flatMap(({ Action }) => list(Action));

const rolesOf = (stacks: Record<string, Synthesized>) =>
  Object.values(stacks).flatMap(({ all }) => Object.values(all('aws_iam_role')));

test('is named by convention, and all roles but those of the workflows carry it', () => {
  expect(name).toBe('outbox-dev-boundary');
  expect(rolesOf(others).length).toBeGreaterThan(0);
  for (const role of rolesOf(others)) expect(role.permissions_boundary).toMatch(/:policy\/outbox-dev-boundary$/);
  for (const role of rolesOf({ access: access! })) expect(role).not.toHaveProperty('permissions_boundary');
});

test('is on nothing where the setting is off', () => {
  for (const role of rolesOf(synthesize())) expect(role).not.toHaveProperty('permissions_boundary');
});

test('has exactly the actions that roles have', () => {
  const used = Object.values(others).flatMap((stack) =>
    policies(stack)
      .filter(({ address }) => address.startsWith('aws_iam_role_policy.'))
      .flatMap(({ statements }) => statements.flatMap(({ Action }) => list(Action))),
  );
  expect([...new Set(actions)].sort()).toEqual([...new Set(used)].sort());
});

test('allows nothing that leads to other rights, and nothing wholesale', () => {
  for (const { Effect } of boundary) expect(Effect).toBe('Allow');
  for (const action of actions) {
    expect(action).toMatch(/^[a-z0-9]+:[A-Z][A-Za-z]+$/);
    expect(action).not.toMatch(/^(iam|sts|organizations|account|sso|cloudformation):/);
  }
});

test('is limited to the environment where AWS has names, and keys to what services use them for', () => {
  const wide = boundary.filter(({ Resource }) => list(Resource).some((resource) => !/outbox-dev-/.test(resource)));
  expect(wide.map(({ Sid, Condition = {} }) => [Sid, Condition])).toEqual([
    ['Keys', { StringEquals: { 'kms:ViaService': expect.not.arrayContaining(['lambda.eu-central-1.amazonaws.com']) } }],
    ['LogGroups', {}],
    ['WhatHasNoNames', {}],
  ]);
  const unnamed = wide.slice(1).flatMap(({ Action }) => list(Action).map((action) => action.split(':')[0]));
  expect(new Set(unnamed)).toEqual(new Set(['cloudwatch', 'logs', 'xray']));
});
