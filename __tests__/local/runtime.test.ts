import { z } from 'zod';
import { AwsError } from '../../local/aws-error';
import { simulatedClock } from '../../local/clock';
import type { RolePrincipal } from '../../local/principal';
import { seededRandom } from '../../local/random';
import { Runtime } from '../../local/runtime';
import { jsonErrors } from '../../local/service';
import { sts } from '../../local/services/sts';

const resource = 'arn:aws:things:eu-central-1:000000000000:thing/one';
const roleArn = 'arn:aws:iam::000000000000:role/maker';

/** A runtime with one service, whose operation counts how often it ran. */
function setUp() {
  const runtime = new Runtime({ clock: simulatedClock(), random: seededRandom(1), region: 'eu-central-1' });
  const ran: unknown[] = [];
  runtime.register({
    name: 'things',
    errors: jsonErrors,
    resources: {},
    operations: {
      Make: {
        input: z.object({ Name: z.string() }),
        permissions: () => [{ action: 'things:Make', resource }],
        run(input, call) {
          ran.push(input);
          if (input.Name === 'bad') throw new AwsError('BadName', 'no');
          if (input.Name === 'bug') throw new TypeError('oops');
          return { hop: call.record({ resource, summary: 'made' }) };
        },
      },
    },
  });
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  runtime.iam.putRole({ arn: roleArn, name: 'maker', trustPolicy: { Version: '2012-10-17', Statement: [trust] } });
  let killed = 0;
  const role: RolePrincipal = { kind: 'role', roleArn, arn: `${roleArn}/session`, kill: () => killed++ };
  const allow = () =>
    runtime.iam.putRolePolicy(roleArn, 'permissions', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'things:Make', Resource: resource }],
    });
  const make = async (Name: unknown = 'x', principal = runtime.administrator) =>
    runtime.call({ service: 'things', operation: 'Make', input: { Name }, principal, parents: [7] });
  return { runtime, ran, role, allow, make, killed: () => killed };
}

test('an operation runs, and its hop names who called and why', async () => {
  const { runtime, make } = setUp();
  await make();
  expect(runtime.timeline.hops).toEqual([
    expect.objectContaining({
      service: 'things',
      operation: 'Make',
      outcome: 'ok',
      parents: [7],
      summary: 'made',
      allowedBy: [{ policy: 'AdministratorAccess', statement: '0' }],
    }),
  ]);
});

test('a role without a policy is denied, recorded, and nothing runs', async () => {
  const { runtime, role, allow, make, ran } = setUp();
  await expect(make('x', role)).rejects.toMatchObject({ code: 'AccessDeniedException', status: 400 });
  expect(ran).toEqual([]);
  expect(runtime.timeline.hops).toEqual([
    expect.objectContaining({ outcome: 'denied', operation: 'Make', resource, principal: role.arn, parents: [7] }),
  ]);
  allow();
  await make('x', role);
  expect(ran).toHaveLength(1);
});

test.each([
  ['a member of another type', { Name: 1 }, 'Name'],
  ['a missing member', {}, 'Name'],
  ['no object', 'x', 'input'],
])('%s is a validation error that names it', async (_what, input, member) => {
  const { runtime, ran } = setUp();
  const call = runtime.call({ service: 'things', operation: 'Make', input, principal: runtime.administrator });
  await expect(call).rejects.toMatchObject({
    code: 'ValidationException',
    message: expect.stringContaining(`${member}: `),
  });
  expect(ran).toEqual([]);
});

test('unknown services and operations are named, inherited names of objects among them', async () => {
  const { runtime } = setUp();
  const call = async (service: string, operation: string) =>
    runtime.call({ service, operation, input: {}, principal: runtime.administrator });
  await expect(call('stuff', 'Make')).rejects.toMatchObject({ code: 'UnknownOperationException', status: 404 });
  await expect(call('things', 'Unmake')).rejects.toThrow('things has no operation Unmake');
  await expect(call('things', 'constructor')).rejects.toThrow('things has no operation constructor');
});

test('a failure is recorded with its code; what is no AWS error is an internal one that keeps its cause', async () => {
  const { runtime, make } = setUp();
  await expect(make('bad')).rejects.toMatchObject({ code: 'BadName' });
  await expect(make('bug')).rejects.toMatchObject({
    code: 'InternalFailure',
    status: 500,
    cause: expect.any(TypeError),
  });
  expect(runtime.timeline.hops.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
});

describe('faults', () => {
  test.each([
    ['throttle', 0, 'ThrottlingException', 'throttled'],
    ['deny', 0, 'AccessDeniedException', 'denied'],
    ['failBefore', 0, 'InternalServerError', 'failed'],
    ['failAfter', 1, 'InternalServerError', 'failed'],
  ] as const)('%s: the work is done %i times and the caller gets %s', async (effect, times, code, outcome) => {
    const { runtime, make, ran } = setUp();
    runtime.faults.add({ service: 'things', effect });
    await expect(make()).rejects.toMatchObject({ code });
    expect(ran).toHaveLength(times);
    expect(runtime.timeline.hops.at(-1)).toMatchObject({ outcome });
    await make();
    expect(ran).toHaveLength(times + 1);
  });

  test('duplicate: the work is done twice, the caller sees one answer', async () => {
    const { runtime, make, ran } = setUp();
    runtime.faults.add({ operation: 'Make', effect: 'duplicate' });
    await expect(make()).resolves.toEqual({ hop: 2 });
    expect(ran).toHaveLength(2);
  });

  test.each([
    ['kill', 0],
    ['killAfter', 1],
  ] as const)('%s: the caller dies, and the work was done %i times', async (effect, times) => {
    const { runtime, role, allow, make, ran, killed } = setUp();
    allow();
    runtime.faults.add({ principal: 'role/maker', effect });
    await expect(make('x', role)).rejects.toMatchObject({ code: 'SandboxKilled' });
    expect(ran).toHaveLength(times);
    expect(killed()).toBe(1);
  });

  test.each([
    ['an operation that does all or nothing', { service: 'things', operation: 'Make' }],
    ['any operation of a service', { service: 'things' }],
    ['an operation of any service', { operation: 'Make' }],
    ['an inherited name', { service: 'things', operation: 'constructor' }],
    ['an unknown service', { service: 'stuff', operation: 'Make' }],
  ])('partial is refused for %s', async (_what, target) => {
    const { runtime, make } = setUp();
    expect(() => runtime.faults.add({ ...target, effect: 'partial' })).toThrow(/answers entry by entry.*given: /);
    await make();
  });

  test('hit only what they name, as often as they say', async () => {
    const { runtime, make, ran } = setUp();
    runtime.faults.add({ service: 'other', effect: 'failBefore' });
    runtime.faults.add({ operation: 'Unmake', effect: 'failBefore' });
    runtime.faults.add({ resource: 'thing/two', effect: 'failBefore' });
    runtime.faults.add({ principal: 'role/maker', effect: 'failBefore' });
    await make();
    runtime.faults.add({ resource: 'thing/one', effect: 'failBefore', times: 2 });
    await expect(make()).rejects.toThrow('An internal error occurred');
    await expect(make()).rejects.toThrow('An internal error occurred');
    await make();
    expect(ran).toHaveLength(2);
  });

  test('come by chance, the same chance for the same seed, and can be cleared', async () => {
    const hits = async () => {
      const { runtime, make } = setUp();
      const clear = runtime.faults.add({ effect: 'failBefore', probability: 0.5, times: 1000 });
      const outcomes: boolean[] = [];
      for (let i = 0; i < 40; i++)
        outcomes.push(
          await make().then(
            () => true,
            () => false,
          ),
        );
      clear();
      await make();
      return outcomes;
    };
    const first = await hits();
    expect(await hits()).toEqual(first);
    expect(new Set(first)).toEqual(new Set([true, false]));
  });
});

test('a service gets a session of a role only if the trust policy names it', () => {
  const { runtime } = setUp();
  runtime.register(sts(runtime));
  expect(() => runtime.assumeRole(roleArn, 'pipes.amazonaws.com', resource, 'session')).toThrow(
    expect.objectContaining({ code: 'AccessDenied' }),
  );
  expect(runtime.assumeRole(roleArn, 'lambda.amazonaws.com', resource, 'session')).toMatchObject({
    kind: 'role',
    roleArn,
    arn: 'arn:aws:sts::000000000000:assumed-role/maker/session',
  });
});

test('idle waits for what is under way, and not for more', async () => {
  const { runtime } = setUp();
  let release = () => {};
  let idle = false;
  void runtime.track(new Promise<void>((resolve) => (release = resolve)));
  const waiting = runtime.idle().then(() => (idle = true));
  for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
  expect(idle).toBe(false);
  release();
  await waiting;
  expect(idle).toBe(true);
});

test('signals reach those who listen at the ARN, until they stop', () => {
  const { runtime } = setUp();
  let heard = 0;
  const stop = runtime.onSignal('arn:one', () => heard++);
  runtime.signal('arn:one');
  runtime.signal('arn:two');
  stop();
  runtime.signal('arn:one');
  expect(heard).toBe(1);
});

test.each([
  ['eu-central-1', 'arn:aws:sqs:eu-central-1:000000000000:q'],
  ['us-gov-west-1', 'arn:aws-us-gov:sqs:us-gov-west-1:000000000000:q'],
])('%s has ARNs of its partition', (region, arn) => {
  expect(new Runtime({ clock: simulatedClock(), random: seededRandom(1), region }).arn('sqs', 'q')).toBe(arn);
});
