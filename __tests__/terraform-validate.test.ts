import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesisFolder } from './synthesis';
import { findTerraform, type Terraform } from './terraform';

const found = findTerraform();
const describeHere = typeof found === 'string' ? describe.skip : describe;
if (typeof found === 'string') console.warn(`The stacks are not validated with Terraform: ${found}`);

interface Validation {
  readonly valid: boolean;
  readonly diagnostics: readonly { readonly summary: string; readonly detail: string }[];
}

/** What provider 5.100 accepts; later ones do too. */
const folder = synthesisFolder({
  OUTBOX_FUNCTION_RUNTIME: 'nodejs22.x',
  OUTBOX_MAX_MESSAGE_SIZE: '262144',
  OUTBOX_GITHUB_REPOSITORY: 'acme/shop',
});
const terraform = found as Terraform;

/** A copy of a stack in which no archive is made: the archive provider may not be at hand. */
function stackWithoutArchives(stack: string, change: (json: any) => void = () => {}): string {
  const text = readFileSync(join(folder, 'stacks', stack, 'cdk.tf.json'), 'utf8');
  const json = JSON.parse(
    text.replaceAll(/\$\{data\.archive_file\.[\w-]+\.(output_path|output_base64sha256)\}/g, 'archive'),
  );
  delete json.data.archive_file;
  delete json.provider.archive;
  delete json.terraform.required_providers.archive;
  change(json);
  const copy = mkdtempSync(join(tmpdir(), 'outbox-validate-'));
  writeFileSync(join(copy, 'cdk.tf.json'), JSON.stringify(json));
  return copy;
}

/** What is wrong with a stack, in a line each. */
function validate(copy: string): { valid: boolean; diagnostics: string[] } {
  const init = terraform.run(copy, 'init', '-backend=false', '-input=false', `-plugin-dir=${terraform.plugins}`);
  if (init.code !== 0) throw new Error(init.text);
  const { valid, diagnostics } = JSON.parse(terraform.run(copy, 'validate', '-json').text) as Validation;
  return { valid, diagnostics: diagnostics.map(({ summary, detail }) => `${summary}: ${detail}`) };
}

describeHere('Terraform', () => {
  test.each([
    'state-backend',
    'outbox-core',
    'order-consumers',
    'user-events',
    'notifications',
    'claim-check',
    'github-access',
  ])('finds %s valid, without a warning', (stack) => {
    expect(validate(stackWithoutArchives(stack))).toEqual({ valid: true, diagnostics: [] });
  });

  test('would find a wrong value', () => {
    const copy = stackWithoutArchives('outbox-core', ({ resource }) => {
      for (const group of Object.values<any>(resource.aws_cloudwatch_log_group)) group.retention_in_days = 31;
    });
    const { valid, diagnostics } = validate(copy);
    expect(valid).toBe(false);
    expect(diagnostics[0]).toContain('retention_in_days');
  });
});
