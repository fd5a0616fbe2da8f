import { simulatedClock } from '../../local/clock';
import { claims } from '../../local/demo/claims';
import { notifications } from '../../local/demo/notifications';
import { orders } from '../../local/demo/orders';
import type { Step } from '../../local/demo/step';
import { users } from '../../local/demo/users';
import { type Local, startLocal } from '../../local/index';
import type { ConditionContext } from '../../local/service';
import { synthesisFolder } from '../synthesis';
import { MutableSynthesis } from './policy-mutations';

const env = { OUTBOX_GITHUB_REPOSITORY: 'acme/shop', OUTBOX_PERMISSIONS_BOUNDARY: 'true' };
const boundaryArn = 'arn:aws:iam::000000000000:policy/outbox-dev-boundary';

/** Longest that the way of one step may take, in milliseconds of runtime. */
const patience = 20 * 60_000;

const list = (value: string | string[]) => [value].flat();

const denials = ({ timeline }: Local) =>
  timeline.hops.filter(({ outcome }) => outcome === 'denied').map(({ summary }) => summary);

/** Does what the step says, and waits until its signs have come. */
async function walk(local: Local, { act, end }: Step): Promise<void> {
  const from = local.timeline.hops.at(-1)?.id ?? 0;
  await act(local);
  for (const { matches, count = 1 } of end.hops)
    await local.timeline.waitFor((hop) => hop.id > from && matches(hop), { count, limit: patience });
}

async function run(from: string, use: (local: Local) => Promise<void>): Promise<void> {
  const local = await startLocal({ from, clock: simulatedClock() });
  try {
    await use(local);
  } finally {
    await local.stop();
  }
}

/** The roles of the stacks that carry the boundary. */
async function boundedRoles({ call }: Local): Promise<{ name: string; arn: string }[]> {
  const { Roles } = await call('iam', 'ListRoles', { MaxItems: 1000 });
  const roles = (Roles as { RoleName: string }[]).filter(({ RoleName }) => !RoleName.startsWith('outbox-dev-github-'));
  return Promise.all(
    roles.map(async ({ RoleName }) => {
      const { Role } = await call('iam', 'GetRole', { RoleName });
      expect(Role.PermissionsBoundary.PermissionsBoundaryArn).toBe(boundaryArn);
      return { name: RoleName, arn: Role.Arn as string };
    }),
  );
}

/** A request that meets the conditions of a statement. */
function contextOf(Condition: Record<string, Record<string, string | string[]>> = {}): ConditionContext {
  const wanted = Object.values(Condition).flatMap((keys) => Object.entries(keys));
  return Object.fromEntries(wanted.map(([key, value]) => [key, list(value)[0]]));
}

/** All that a role's own policies allow: an action and a resource, each with a request that they allow. */
async function allowedTo({ call }: Local, RoleName: string) {
  const { PolicyNames } = await call('iam', 'ListRolePolicies', { RoleName });
  const policies = await Promise.all(
    (PolicyNames as string[]).map(async (PolicyName) => call('iam', 'GetRolePolicy', { RoleName, PolicyName })),
  );
  const statements = policies.flatMap(
    ({ PolicyDocument }) => JSON.parse(decodeURIComponent(PolicyDocument)).Statement as Record<string, any>[],
  );
  return statements.flatMap(({ Action, Resource, Condition }) =>
    list(Action).flatMap((action) =>
      list(Resource).map((resource) => ({
        action,
        resource: resource === '*' ? '*' : resource.replaceAll('*', 'any'),
        context: contextOf(Condition),
      })),
    ),
  );
}

test('the boundary takes nothing away from any role, and adds nothing', async () => {
  await run(synthesisFolder(env), async (local) => {
    const roles = await boundedRoles(local);
    expect(roles.length).toBeGreaterThan(10);
    const refused: string[] = [];
    for (const { name, arn } of roles) {
      const principal = { kind: 'role', roleArn: arn, arn: `${arn}/session` } as const;
      for (const use of await allowedTo(local, name)) {
        const decision = local.runtime.iam.authorize({ principal, ...use });
        if (!decision.allowed) refused.push(`${name}: ${use.action} on ${use.resource}: ${decision.reason}`);
      }
      const other = {
        principal,
        action: 'dynamodb:DeleteTable',
        resource: local.runtime.arn('dynamodb', 'table/outbox-dev-orders'),
      };
      expect(local.runtime.iam.authorize(other).allowed).toBe(false);
    }
    expect(refused).toEqual([]);
  });
});

test('orders, users, claims and a notification reach their ends without a denial', async () => {
  await run(synthesisFolder(env), async (local) => {
    for (const step of [...orders, ...users, ...claims, notifications[0]!]) await walk(local, step);
    expect(denials(local)).toEqual([]);
  });
});

test('without one of its statements, a walk ends in a denial that names the boundary', async () => {
  const changed = new MutableSynthesis(env);
  changed.edit('github-access', ({ resource }) => {
    const policy = JSON.parse(resource.aws_iam_policy.boundary.policy);
    const Statement = policy.Statement.filter(({ Sid }: { Sid: string }) => Sid !== 'Topics');
    expect(Statement).toHaveLength(policy.Statement.length - 1);
    resource.aws_iam_policy.boundary.policy = JSON.stringify({ ...policy, Statement });
  });
  try {
    await run(changed.folder, async (local) => {
      await walk(local, orders[0]!);
      expect(denials(local)).toEqual([]);
      await notifications[0]!.act(local);
      const [hop] = await local.timeline.waitFor(({ outcome }) => outcome === 'denied', { limit: patience });
      expect(hop!.summary).toContain(
        'sns:Publish on resource: arn:aws:sns:eu-central-1:000000000000:outbox-dev-notifications',
      );
      expect(hop!.summary).toMatch(/because no permissions boundary allows the sns:Publish action$/);
      expect(hop!.data).toMatchObject({ boundary: boundaryArn });
    });
  } finally {
    changed.remove();
  }
});

test('without the stack that makes it, no role is made, and the first says what it lacks', async () => {
  const from = synthesisFolder({ OUTBOX_PERMISSIONS_BOUNDARY: 'true' });
  await expect(startLocal({ from, clock: simulatedClock() })).rejects.toThrow(
    /aws_iam_role\.\S+: NoSuchEntity: Scope ARN: arn:aws:iam::000000000000:policy\/outbox-dev-boundary does not exist/,
  );
});
