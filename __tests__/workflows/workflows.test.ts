import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { scripts } from '../../package.json';
import { loadSettings } from '../../stacks/settings';

const root = join(__dirname, '../..');
const folder = join(root, '.github/workflows');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
  readonly env?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': unknown };
  readonly jobs: Readonly<Record<string, Job>>;
}

const texts = readdirSync(folder).map((name): [string, string] => [name, readFileSync(join(folder, name), 'utf8')]);
const workflows = texts.map(([name, text]): [string, Workflow] => {
  const document = parseDocument(text, { uniqueKeys: true });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault) throw fault;
  return [name, document.toJS() as Workflow];
});
const workflow = (name: string) => workflows.find(([one]) => one === `${name}.yml`)![1];
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps);

test('there are these workflows', () => {
  expect(texts.map(([name]) => name).sort()).toEqual(['ci.yml', 'deploy.yml', 'diff.yml']);
});

test.each(texts)('%s pins each action by commit, and says the version', (_name, text) => {
  const uses = text.split('\n').filter((line) => /\buses:/.test(line));
  expect(uses.length).toBeGreaterThan(0);
  for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test('an action is at one version everywhere', () => {
  const versions = texts.flatMap(([, text]) =>
    [...text.matchAll(/uses: (\S+)@(.+)/g)].map(([, name, at]) => [name, at]),
  );
  const distinct = new Map(versions.map(([name, at]) => [`${name}@${at}`, name]));
  expect([...distinct.values()]).toHaveLength(new Set(distinct.values()).size);
});

test.each(workflows)(
  '%s has no permissions but those of its jobs, a concurrency group and time limits',
  (_name, one) => {
    expect(one.permissions).toEqual({});
    expect(one.concurrency?.group).toMatch(/\S/);
    for (const { permissions, 'timeout-minutes': minutes } of Object.values(one.jobs)) {
      expect(permissions).toMatchObject({ contents: 'read' });
      expect(minutes).toBeLessThanOrEqual(60);
    }
    for (const { uses, with: inputs } of stepsOf(one))
      if (uses?.startsWith('actions/checkout@')) expect(inputs).toMatchObject({ 'persist-credentials': false });
  },
);

test.each(workflows)('%s lets no expression into a shell', (_name, one) => {
  for (const { run = '' } of stepsOf(one)) expect(run).not.toContain('${{');
});

test.each(workflows)('%s is not run with the rights of the repository on code of others', (_name, one) => {
  expect(Object.keys(one.on)).not.toContain('pull_request_target');
  expect(Object.keys(one.on)).not.toContain('workflow_run');
});

test.each(workflows)('%s has shell steps that bash can parse and scripts that exist', (_name, one) => {
  for (const { run } of stepsOf(one)) {
    if (!run) continue;
    expect(spawnSync('bash', ['-n'], { input: run, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    for (const [, script] of run.matchAll(/npm run ([\w:-]+)/g)) expect(Object.keys(scripts)).toContain(script);
  }
});

test('who has an identity or may write is exactly this', () => {
  const rights = workflows.flatMap(([name, { jobs }]) =>
    Object.entries(jobs).map(([job, { permissions }]) => [
      `${name} ${job}`,
      Object.keys(permissions!).sort().join(' '),
    ]),
  );
  expect(Object.fromEntries(rights)).toEqual({
    'ci.yml test': 'contents',
    'deploy.yml prod': 'contents id-token',
    'deploy.yml staging': 'contents id-token',
    'diff.yml changed': 'contents',
    'diff.yml plan': 'contents id-token pull-requests',
  });
});

test('the tests run as the README says, on every Node.js that is supported', () => {
  const { test: job } = workflow('ci').jobs;
  expect(job!.strategy!.matrix.node).toEqual(['20', '22', '24']);
  const commands = job!.steps.flatMap(({ run }) => run ?? []);
  expect(commands).toEqual(['npm ci && npm test']);
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(commands[0]);
});

test('code of a fork gets no identity, no secret and no write access', () => {
  const { changed, plan } = workflow('diff').jobs;
  expect(plan!.if).toContain('github.event.pull_request.head.repo.full_name == github.repository');
  expect(JSON.stringify(changed)).not.toMatch(/secrets\.|github\.token|configure-aws/);
});

test('secrets are these: pull requests may plan, and what deploys is for jobs of a GitHub environment', () => {
  const secretsOf = (of: unknown) => [...JSON.stringify(of).matchAll(/secrets\.(\w+)/g)].map(([, name]) => name);
  const secrets = workflows.flatMap(([name, { jobs }]) =>
    Object.entries(jobs).map(([job, of]) => [`${name} ${job}`, secretsOf(of), of.environment]),
  );
  expect(secrets.filter(([, names]) => names!.length > 0)).toEqual([
    ['deploy.yml staging', ['TF_API_TOKEN'], 'staging'],
    ['deploy.yml prod', ['TF_API_TOKEN'], 'prod'],
    ['diff.yml plan', ['TF_PLAN_TOKEN'], undefined],
  ]);
  for (const [, text] of texts) expect(text).not.toMatch(/secrets\s*\[|toJSON\(secrets|secrets: inherit/i);
});

test('the token that comments is in the step that comments only', () => {
  const holders = stepsOf(workflow('diff')).filter(({ env }) => env && 'GITHUB_TOKEN' in env);
  expect(holders.map(({ run }) => run)).toEqual([expect.stringContaining('cli.ts comment')]);
});

test('prod follows staging in the same steps, and each is what its GitHub environment says', () => {
  const { staging, prod } = workflow('deploy').jobs;
  expect(prod!.needs).toBe('staging');
  expect(staging!.if).toContain("github.ref == 'refs/heads/main'");
  for (const [name, { environment, env }] of Object.entries({ staging: staging!, prod: prod! })) {
    expect(environment).toBe(name);
    expect(loadSettings(env!).environment).toBe(name);
  }
  const last = prod!.steps.at(-1)!;
  expect(last.run).toBe('npm run deploy -- --confirm prod --auto-approve');
  expect([...prod!.steps.slice(0, -1), { ...last, run: 'npm run deploy -- --auto-approve' }]).toEqual(staging!.steps);
});

test('whoever has a role takes the settings, and with them the permissions boundary, before anything is synthesized', () => {
  const { staging, prod } = workflow('deploy').jobs;
  for (const { steps } of [staging!, prod!, workflow('diff').jobs.plan!]) {
    const commands = steps.map(({ run = '' }) => run);
    const settings = commands.findIndex((run) => run.endsWith('cli.ts settings >> "$GITHUB_ENV"'));
    expect(settings).toBeGreaterThan(-1);
    expect(commands.findIndex((run) => /npm run (synth|deploy)/.test(run))).toBeGreaterThan(settings);
  }
});

test('a deployment is never broken off', () => {
  expect(workflow('deploy').concurrency!['cancel-in-progress']).toBe(false);
});
