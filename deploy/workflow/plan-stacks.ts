import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type PlanJson, type PlanSummary, summarize } from './plan-summary';

/** Bytes that Terraform may say; a plan as JSON has all of the configuration in it. */
const mostOutput = 256 * 1024 * 1024;

/**
 * Plans stacks with Terraform, one after the other. The plan itself stays on this machine: it holds values as they are. Of Terraform, only
 * errors are printed.
 *
 * @param out synth output
 * @param stacks ids
 */
export function planStacks(out: string, stacks: readonly string[]): PlanSummary[] {
  return stacks.map((stack) => planStack(join(out, 'stacks', stack), stack));
}

function planStack(folder: string, stack: string): PlanSummary {
  const steps = [
    ['init', '-input=false', '-no-color'],
    ['plan', '-input=false', '-no-color', '-lock-timeout=5m', '-out=plan.tfplan'],
  ];
  for (const args of steps) {
    if (terraform(folder, args) === undefined) return { stack, failed: true };
  }
  const shown = terraform(folder, ['show', '-json', 'plan.tfplan']);
  return shown === undefined ? { stack, failed: true } : summarize(stack, JSON.parse(shown) as PlanJson);
}

/** What Terraform prints, or undefined if it fails. */
function terraform(folder: string, args: readonly string[]): string | undefined {
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const { status, error, stdout } = spawnSync('terraform', args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: mostOutput,
    stdio: [...stdio],
  });
  if (error) throw error;
  if (status === 0) return stdout;
  console.error(`terraform ${args[0]} failed with exit code ${status} in ${folder}`);
  return undefined;
}
