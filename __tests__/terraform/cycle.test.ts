import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesisFolder } from '../synthesis';
import { type Account, addresses, apply, type Change, destroy, homeIn, plan, prepare, variablesFor } from './deployment';
import { type Mock, mockMissing, startMock } from './mock';
import { consumers, olderProvider, stacks } from './stacks';
import { environment, findTerraform, run, type Terraform } from './tool';

const found = findTerraform();
const missing = typeof found === 'string' ? found : mockMissing();
if (missing) console.warn(`skipped: the stacks are not deployed to a mock: ${missing}`);

const root = join(__dirname, '../..');
const changed = {
  ...olderProvider,
  OUTBOX_REMOVAL_PROTECTION: 'true',
  OUTBOX_LOG_RETENTION_DAYS: '60',
  OUTBOX_FUNCTION_MEMORY: '512',
  OUTBOX_THROTTLING_RATE: '500',
  OUTBOX_RETRY_RATE_MINUTES: '10',
  OUTBOX_API_AUTHORIZATION: 'AWS_IAM',
};

(missing ? describe.skip : describe)('the stacks, deployed with Terraform', () => {
  const work = mkdtempSync(join(tmpdir(), 'outbox-account-'));
  const times: string[] = [];
  const folders = new Map<string, string>();
  let mock: Mock;
  let account: Account;
  let failed = '';

  beforeAll(async () => {
    mock = await startMock();
    account = { terraform: found as Terraform, env: variablesFor(mock.url, homeIn(work)), work };
    console.log((found as Terraform).version);
  });
  afterAll(async () => {
    await mock.stop();
    console.log(times.join('\n'));
    rmSync(work, { recursive: true, force: true });
  });

  /** Notes how long something takes. */
  async function timed<T>(what: string, act: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await act();
    times.push(`${what}: ${Math.round((performance.now() - start) / 1000)} s`);
    return result;
  }
  /** A test that cannot pass if one before it failed, and then does not start. */
  const step = (name: string, act: () => Promise<void>) =>
    test(name, async () => {
      if (failed) throw new Error(`not run: "${failed}" failed`);
      failed = name;
      await act();
      failed = '';
    });
  const prepareAll = async (variables: Record<string, string>, version: string, names: readonly string[]) => {
    for (const stack of names as typeof stacks) {
      folders.set(stack, await prepare(account, synthesisFolder(variables), stack, version));
    }
  };
  const planAll = async (names: readonly string[], ...args: string[]): Promise<Record<string, Change[]>> =>
    Object.fromEntries(
      await Promise.all(
        names.map(async (stack) => [
          stack,
          await timed(`${stack}: plan`, async () => plan(account, folders.get(stack)!, ...args)),
        ]),
      ),
    );
  const applyAll = async (names: readonly string[]) =>
    Promise.all(names.map(async (stack) => timed(`${stack}: apply`, async () => apply(account, folders.get(stack)!))));
  const nothing = (names: readonly string[]) => Object.fromEntries(names.map((stack) => [stack, []]));

  /** `cdktf deploy`, as a user calls it, with the local copy of the provider. */
  async function cdktfDeploy(stack: string): Promise<void> {
    const configuration = join(work, 'terraformrc');
    const mirror = `provider_installation { filesystem_mirror { path = ${JSON.stringify(account.terraform.plugins)} } }`;
    writeFileSync(configuration, mirror);
    const cdktf = require.resolve('cdktf-cli/bundle/bin/cdktf');
    const args = ['deploy', stack, '--auto-approve', '--skip-provider-lock', '--terraform-parallelism', '40'];
    const env = { ...environment(account.env), ...olderProvider, TF_CLI_CONFIG_FILE: configuration, CI: '1' };
    const output = join(work, 'cdktf', 'cdktf.out');
    mkdirSync(output, { recursive: true });
    const { code, text } = await run(process.execPath, [cdktf, ...args, '--output', output], root, env);
    if (code !== 0) throw new Error(`cdktf deploy ${stack}:\n${text}`);
    cpSync(join(work, 'cdktf'), work, { recursive: true, filter: (path) => !path.includes('cdktf.out') });
  }

  step('cdktf deploy makes the bucket of the state, then the core with its state in that bucket', async () => {
    await timed('state-backend: cdktf deploy', async () => cdktfDeploy('state-backend'));
    await timed('outbox-core: cdktf deploy', async () => cdktfDeploy('outbox-core'));
  });

  step('the consumers are planned and applied, their state in the bucket', async () => {
    await prepareAll(olderProvider, 'first', stacks);
    const plans = await planAll(consumers);
    for (const stack of consumers) {
      expect(new Set(plans[stack]!.flatMap(({ actions }) => actions))).toEqual(new Set(['create']));
    }
    await applyAll(consumers);
  });

  step('a second plan of every stack is empty', async () => {
    expect(await planAll(stacks)).toEqual(nothing(stacks));
    for (const stack of stacks) {
      const made = await addresses(account, folders.get(stack)!);
      times.push(`${stack}: ${made.length} resources`);
      expect(made.length).toBeGreaterThan(0);
    }
  });

  step('destroy', async () => {
    await Promise.all(consumers.map(async (stack) => timed(`${stack}: destroy`, async () => destroy(account, folders.get(stack)!))));
    await timed('outbox-core: destroy', async () => destroy(account, folders.get('outbox-core')!));
    expect(mock.unknown).toEqual([]);
    void changed;
  });
});
