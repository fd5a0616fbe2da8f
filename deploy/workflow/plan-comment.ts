import type { Action, Change, PlanSummary } from './plan-summary';

/** By this line the comment is found again, to be changed in place. It is not shown. */
export const marker = '<!-- plan of the stacks -->';

/** A comment of GitHub has 65,536 characters; the rest is for what is cut. */
const longest = 60_000;

/** Changes listed per stack; the log of the run has them all. */
const listed = 100;

const dangerous: ReadonlySet<Action> = new Set(['destroy', 'replace']);

/**
 * A comment in Markdown: what would be destroyed or replaced first, then a fold for each stack.
 *
 * @param environment that the plans are of
 * @param plans of the stacks that changed
 */
export function planComment(environment: string, plans: readonly PlanSummary[]): string {
  const parts = [marker, `### Plan for ${code(environment)}`, ...warning(plans), ...plans.map(section)];
  if (!plans.length) parts.push('No stack changes.');
  const text = parts.join('\n\n');
  return text.length <= longest
    ? text
    : `${[...parts.slice(0, 2), ...plans.map(heading)].join('\n\n')}\n\nToo long to list.`;
}

function warning(plans: readonly PlanSummary[]): string[] {
  const lost = plans.flatMap((plan) =>
    changesOf(plan)
      .filter(({ action }) => dangerous.has(action))
      .map(({ address, action }) => `> - ${action} ${code(address)} of ${code(plan.stack)}`),
  );
  if (!lost.length) return [];
  const more = lost.length > listed ? [`> - and ${lost.length - listed} more`] : [];
  return [['> [!CAUTION]', '> This destroys or replaces resources:', ...lost.slice(0, listed), ...more].join('\n')];
}

function section(plan: PlanSummary): string {
  if ('failed' in plan) return heading(plan);
  if (!plan.changes.length) return heading(plan);
  const lines = plan.changes.slice(0, listed).map(line);
  if (plan.changes.length > listed) lines.push(`- and ${plan.changes.length - listed} more`);
  return `<details><summary>${heading(plan)}</summary>\n\n${lines.join('\n')}\n\n</details>`;
}

function heading(plan: PlanSummary): string {
  const name = `<code>${plain(plan.stack)}</code>`;
  if ('failed' in plan) return `<b>${name}: the plan failed</b>; the log of the run says why`;
  const counts = (['destroy', 'replace', 'update', 'create', 'forget'] as const)
    .map((action) => ({ action, count: plan.changes.filter((change) => change.action === action).length }))
    .filter(({ count }) => count)
    .map(({ action, count }) => (dangerous.has(action) ? `<b>${count} to ${action}</b>` : `${count} to ${action}`));
  return `${name}: ${counts.join(', ') || 'no changes'}`;
}

function line({ address, action, attributes }: Change): string {
  const name = dangerous.has(action) ? `**${action}**` : action;
  const which = attributes.length
    ? `: ${action === 'replace' ? 'forced by ' : ''}${attributes.map(code).join(', ')}`
    : '';
  return `- ${name} ${code(address)}${which}`;
}

const changesOf = (plan: PlanSummary) => ('changes' in plan ? plan.changes : []);

/** Without what Markdown or HTML would take for its own: addresses and names have none of it. */
const plain = (text: string) => text.replaceAll(/[`<>&\r\n]/g, '?');
const code = (text: string) => `\`${plain(text)}\``;
