import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { look, synthesisFolder, synthesize } from '../synthesis';
import { type Api, apiOf } from './api';
import { cdktf } from './cdktf';
import { type Account, addresses, apply, destroy, homeIn, plan, prepare, variablesFor } from './deployment';
import { inventory, keyStates } from './inventory';
import { type Mock, mockMissing, startMock } from './mock';
import { checkAlarms, checkConsumers, checkCore, checkPolicies } from './read-back';
import { consumers, olderProvider, stacks } from './stacks';
import { findTerraform, type Terraform } from './tool';

const found = findTerraform();
const missing = typeof found === 'string' ? found : mockMissing();
if (missing) console.warn(`skipped: the stacks are not deployed to a mock of AWS: ${missing}`);

jest.setTimeout(900_000);

const changed = {
  ...olderProvider,
  OUTBOX_REMOVAL_PROTECTION: 'true',
  OUTBOX_LOG_RETENTION_DAYS: '60',
  OUTBOX_FUNCTION_MEMORY: '512',
  OUTBOX_THROTTLING_RATE: '500',
  OUTBOX_RETRY_RATE_MINUTES: '10',
  OUTBOX_API_AUTHORIZATION: 'AWS_IAM',
};
const inBucket = ['outbox-core', ...consumers] as const;
type Names = readonly (typeof stacks)[number][];

(missing ? describe.skip : describe)('the stacks, deployed with Terraform', () => {
  const work = mkdtempSync(join(tmpdir(), 'outbox-account-'));
  const report: string[] = [];
  let folders = new Map<string, string>();
  let failed = '';
  let mock: Mock;
  let api: Api;
  let account: Account;

  beforeAll(async () => {
    mock = await startMock();
    api = apiOf(mock.url, 'eu-central-1');
    account = { terraform: found as Terraform, env: variablesFor(mock.url, homeIn(work)), work };
    report.push((found as Terraform).version);
  });
  afterAll(async () => {
    console.log([...report, ...mock.unknown.map((request) => `not known to the mock: ${request}`)].join('\n'));
    await mock.stop();
    rmSync(work, { recursive: true, force: true });
  });

  /** What a test does that changes nothing: it needs what the tests before it made. */
  const looking = (act: () => Promise<void>) => async () => {
    if (failed) throw new Error(`not run: "${failed}" failed`);
    await act();
  };
  /** What a test does that those after it need. */
  const inOrder = (act: () => Promise<void>) =>
    looking(async () => {
      failed = expect.getState().currentTestName!;
      await act();
      failed = '';
    });
  /** Does something with several stacks at once, and notes how long each takes. */
  async function each<T>(what: string, names: Names, act: (folder: string) => Promise<T>): Promise<Record<string, T>> {
    const results = names.map(async (stack) => {
      const start = performance.now();
      const result = await act(folders.get(stack)!);
      report.push(`${stack}: ${what}: ${Math.round((performance.now() - start) / 1000)} s`);
      return [stack, result] as const;
    });
    return Object.fromEntries(await Promise.all(results));
  }
  async function prepareAll(variables: Record<string, string>, version: string): Promise<void> {
    folders = new Map();
    for (const stack of stacks) {
      folders.set(stack, await prepare(account, synthesisFolder(variables), stack, version));
    }
  }
  const planAll = async (names: Names) => each('plan', names, async (folder) => plan(account, folder));
  const applyAll = async (names: Names) => each('apply', names, async (folder) => apply(account, folder));
  const nothing = (names: Names) => Object.fromEntries(names.map((stack) => [stack, []]));

  test(
    'cdktf deploy makes the bucket of the state, then the core with its state in that bucket',
    inOrder(async () => {
      for (const stack of ['state-backend', 'outbox-core'] as const) {
        folders.set(stack, stack);
        await each('cdktf deploy', [stack], async () =>
          cdktf(account, olderProvider, 'deploy', stack, '--auto-approve'),
        );
      }
      expect(await inventory(api)).toMatchObject({
        buses: ['outbox-dev-events'],
        pipes: ['outbox-dev-orders'],
        tables: ['outbox-dev-orders'],
      });
    }),
  );

  test(
    'the consumers are planned as new and applied, their state in the bucket',
    inOrder(async () => {
      await prepareAll(olderProvider, 'first');
      const plans = await planAll(consumers);
      for (const stack of consumers) {
        expect(new Set(plans[stack]!.flatMap(({ actions }) => actions))).toEqual(new Set(['create']));
      }
      await applyAll(consumers);
    }),
  );

  test(
    'a second plan of every stack is empty',
    looking(async () => {
      expect(await planAll(stacks)).toEqual(nothing(stacks));
    }),
  );

  test(
    'every resource of every stack is in its state',
    looking(async () => {
      const synthesized = synthesize(olderProvider);
      for (const stack of stacks) {
        const made = await addresses(account, folders.get(stack)!);
        const wanted = Object.entries<object>(look(synthesized[stack].json).json.resource);
        expect(made.sort()).toEqual(
          wanted.flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`)).sort(),
        );
        report.push(`${stack}: ${made.length} resources`);
      }
    }),
  );

  test(
    'the API of AWS shows the pipe, the rules, the mappings, the policies and the alarms',
    looking(async () => {
      await checkCore(api);
      await checkConsumers(api);
      await checkPolicies(api);
      await checkAlarms(api, Object.values(synthesize(olderProvider)));
      expect(mock.unknown).toEqual([]);
    }),
  );

  test(
    'changed settings change everything in place, but the deployment of the API',
    inOrder(async () => {
      await prepareAll(changed, 'second');
      const plans = await planAll(inBucket);
      const others = Object.values(plans).flatMap((changes) =>
        changes.filter(({ actions }) => actions.join() !== 'update'),
      );
      expect(others.map(({ type, actions }) => [type, actions])).toEqual([
        ['aws_api_gateway_deployment', ['create', 'delete']],
      ]);
      for (const stack of inBucket) expect(plans[stack]).not.toEqual([]);
      await applyAll(inBucket);
      expect(await planAll(inBucket)).toEqual(nothing(inBucket));
    }),
  );

  test(
    'with removal protection Terraform refuses to destroy what cannot be made again',
    looking(async () => {
      const plans = await each('plan -destroy', inBucket, async (folder) =>
        plan(account, folder, '-destroy').then(String, (error: Error) => error.message),
      );
      for (const stack of inBucket) expect(plans[stack]).toContain('Instance cannot be destroyed');
    }),
  );

  test(
    'without it all is destroyed, and nothing is left but keys that wait',
    inOrder(async () => {
      await prepareAll(olderProvider, 'third');
      await planAll(inBucket);
      await applyAll(inBucket);
      for (const names of [consumers, ['outbox-core']] as const) {
        await each('destroy', names, async (folder) => destroy(account, folder));
      }
      const left = await inventory(api);
      expect(left).toEqual(Object.fromEntries(Object.keys(left).map((kind) => [kind, []])));
      const states = await keyStates(api);
      expect(states).not.toEqual([]);
      for (const [use, state] of states) {
        expect([use, state]).toEqual([use, use.startsWith('Terraform state') ? 'Enabled' : 'PendingDeletion']);
      }
      expect(mock.unknown).toEqual([]);
    }),
  );
});
