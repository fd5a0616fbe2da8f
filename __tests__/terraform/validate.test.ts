import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesisFolder } from '../synthesis';
import { offlineCopy } from './offline';
import { olderProvider, stacks } from './stacks';
import { findTerraform, type Terraform } from './tool';

const found = findTerraform();
const describeHere = typeof found === 'string' ? describe.skip : describe;
if (typeof found === 'string') console.warn(`skipped: the stacks are not validated with Terraform: ${found}`);

interface Validation {
  readonly valid: boolean;
  readonly diagnostics: readonly { readonly summary: string; readonly detail: string }[];
}

const terraform = found as Terraform;
const copies = mkdtempSync(join(tmpdir(), 'outbox-validate-'));
afterAll(() => rmSync(copies, { recursive: true, force: true }));

/** What is wrong with a stack, in a line each. */
async function validate(folder: string): Promise<{ valid: boolean; diagnostics: string[] }> {
  const init = await terraform.run(folder, [
    'init',
    '-backend=false',
    '-input=false',
    `-plugin-dir=${terraform.plugins}`,
  ]);
  if (init.code !== 0) throw new Error(init.text);
  const { text } = await terraform.run(folder, ['validate', '-json']);
  const { valid, diagnostics } = JSON.parse(text) as Validation;
  return { valid, diagnostics: diagnostics.map(({ summary, detail }) => `${summary}: ${detail}`) };
}

describeHere('Terraform', () => {
  const fromGithub = { OUTBOX_GITHUB_REPOSITORY: 'owner/name', OUTBOX_PERMISSIONS_BOUNDARY: 'true' };
  const folder = synthesisFolder({ ...olderProvider, ...fromGithub });

  // A deprecated argument is a warning, so this also says that the provider deprecates nothing of what is used.
  test.each([...stacks, 'github-access'])('finds %s valid, without a warning', async (stack) => {
    expect(await validate(offlineCopy(folder, stack, copies))).toEqual({ valid: true, diagnostics: [] });
  });

  test('would find a wrong value', async () => {
    const copy = offlineCopy(folder, 'outbox-core', join(copies, 'wrong'), ({ resource }) => {
      for (const group of Object.values<any>(resource.aws_cloudwatch_log_group)) group.retention_in_days = 31;
    });
    const { valid, diagnostics } = await validate(copy);
    expect(valid).toBe(false);
    expect(diagnostics[0]).toContain('retention_in_days');
  });
});
