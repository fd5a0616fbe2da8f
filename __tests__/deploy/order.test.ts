import { runCommand } from './command-run';

const synthesized = ['--skip-synth', '--output', '~/out'];

test('all stacks are deployed in one run of cdktf, the core first and those that are deployed by name left out', async () => {
  expect(await runCommand(['deploy'], { CI: 'true' })).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
    calls: [
      [
        'deploy',
        'outbox-core',
        'claim-check',
        'notifications',
        'order-consumers',
        'user-events',
        ...synthesized,
        '--auto-approve',
      ],
    ],
  });
});

test('named stacks are put in order, and flags go to cdktf', async () => {
  const { code, calls } = await runCommand([
    'deploy',
    'user-events',
    '--auto-approve',
    'outbox-core',
    '--terraform-parallelism=40',
  ]);
  expect(code).toBe(0);
  expect(calls).toEqual([
    ['deploy', 'outbox-core', 'user-events', ...synthesized, '--auto-approve', '--terraform-parallelism=40'],
  ]);
});

test('a stack alone takes what it depends on as it was deployed, and says so', async () => {
  const { calls, stderr } = await runCommand(['deploy', 'user-events', '--auto-approve']);
  expect(stderr).toBe('Taken as deployed before: outbox-core');
  expect(calls).toEqual([
    ['deploy', 'user-events', ...synthesized, '--ignore-missing-stack-dependencies', '--auto-approve'],
  ]);
});

test('the difference is shown stack by stack, and the first failure ends it with its exit code', async () => {
  const { calls } = await runCommand(['diff']);
  expect(calls.map(([command, stack]) => `${command} ${stack}`)).toEqual([
    'diff outbox-core',
    'diff claim-check',
    'diff notifications',
    'diff order-consumers',
    'diff user-events',
  ]);
  for (const call of calls) expect(call.slice(2)).toEqual(synthesized);
  const failed = await runCommand(['diff'], {}, { cdktf: 3 });
  expect(failed).toMatchObject({ code: 3, calls: [['diff', 'outbox-core', ...synthesized]] });
});

test('exit codes of cdktf are passed through; a signal is 128 and its number', async () => {
  expect((await runCommand(['deploy', '--auto-approve'], {}, { cdktf: 7 })).code).toBe(7);
  expect((await runCommand(['deploy', '--auto-approve'], {}, { cdktf: 'SIGTERM' })).code).toBe(143);
});

test('prod is deployed when it is confirmed, and github-access when it is named', async () => {
  const env = { OUTBOX_ENVIRONMENT: 'prod', OUTBOX_GITHUB_REPOSITORY: 'acme/shop' };
  const { code, calls } = await runCommand(['deploy', 'github-access', '--confirm', 'prod', '--auto-approve'], env);
  expect({ code, calls }).toEqual({
    code: 0,
    calls: [['deploy', 'github-access', ...synthesized, '--auto-approve']],
  });
});

test('state-backend needs no bucket as long as its state is a file', async () => {
  const absent = { bucket: { status: 404 } };
  expect(await runCommand(['deploy', 'state-backend', '--auto-approve'], {}, absent)).toMatchObject({ code: 0 });
  const moved = await runCommand(['deploy', 'state-backend', '--auto-approve'], { OUTBOX_BACKEND_STATE: 's3' }, absent);
  expect(moved).toMatchObject({ code: 1, calls: [] });
});

test('--help says what there is and starts nothing', async () => {
  const { code, stdout, calls } = await runCommand(['deploy', '--help'], {}, { terraform: null });
  expect({ code, calls }).toEqual({ code: 0, calls: [] });
  expect(stdout).toContain('--confirm prod');
});
