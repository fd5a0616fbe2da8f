import { readFileSync, writeFileSync } from 'node:fs';
import { changedStacks } from './changed-stacks';
import { planComment } from './plan-comment';
import { planStacks } from './plan-stacks';
import { putComment } from './put-comment';
import { settingLines } from './settings';

const usage = `A step of a workflow:
  settings                       lines for $GITHUB_ENV, from the variables in $VARIABLES
  changed <before> <after>       the stacks that differ between two synth outputs, by spaces
  plan <out> <file> <stack>...   plans stacks and writes the comment to a file; 1 if a plan failed
  comment <file>                 puts the comment on the pull request $PULL_REQUEST of $GITHUB_REPOSITORY`;

/** A variable that the workflow sets. */
function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The variable ${name} must be set`);
  return value;
}

function changed(before: string, after: string): void {
  const { changed: differing, removed } = changedStacks(before, after);
  if (removed.length)
    console.error(`No longer there: ${removed.join(', ')}. Destroy them from the commit that has them`);
  console.log(differing.join(' '));
}

function plan(out: string, file: string, stacks: readonly string[]): number {
  const plans = planStacks(out, stacks);
  writeFileSync(file, planComment(variable('OUTBOX_ENVIRONMENT'), plans));
  return plans.some((one) => 'failed' in one) ? 1 : 0;
}

async function comment(file: string): Promise<void> {
  const pullRequest = {
    api: variable('GITHUB_API_URL'),
    token: variable('GITHUB_TOKEN'),
    repository: variable('GITHUB_REPOSITORY'),
    number: Number(variable('PULL_REQUEST')),
  };
  await putComment(pullRequest, readFileSync(file, 'utf8'));
}

async function main([step, ...args]: readonly string[]): Promise<number> {
  const [first, second, ...rest] = args;
  if (step === 'settings') console.log(settingLines(JSON.parse(variable('VARIABLES'))).join('\n'));
  else if (step === 'changed' && first && second) changed(first, second);
  else if (step === 'plan' && first && second) return plan(first, second, rest);
  else if (step === 'comment' && first) await comment(first);
  else throw new Error(usage);
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error((error as Error).message);
    process.exit(1);
  },
);
