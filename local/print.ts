import type { AppliedState } from './terraform/apply';
import type { Hop, Timeline } from './timeline';

const marks: Record<Hop['outcome'], string> = {
  ok: ' ',
  filtered: '-',
  duplicate: '=',
  denied: '!',
  throttled: '!',
  failed: '!',
  'dead-lettered': '!',
};

/** Text that is safe on a terminal: what an id holds cannot move the cursor, change colors or begin a line. */
const printable = (text: string) =>
  text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });

/** A hop as one line: time, what acted, what happened. */
export function hopLine(hop: Hop): string {
  const time = new Date(hop.time).toISOString().slice(11, 23);
  return `${time} ${marks[hop.outcome]} ${`${hop.service} ${hop.operation}`.padEnd(28)} ${printable(hop.summary)}`;
}

/** The way of an event as a tree, each hop with the milliseconds since the first. */
export function hopTree(timeline: Timeline, root: number): string {
  const hops = timeline.descendants(root);
  const ids = new Set(hops.map(({ id }) => id));
  const parentOf = ({ parents }: Hop) => parents.find((parent) => ids.has(parent));
  const draw = (hop: Hop, indent: string): string[] => [
    `${String(hop.time - hops[0]!.time).padStart(6)} ms ${marks[hop.outcome]} ${indent}${hop.service} ${hop.operation}: ${printable(hop.summary)}`,
    ...hops.filter((other) => parentOf(other) === hop.id).flatMap((child) => draw(child, `${indent}  `)),
  ];
  return hops
    .slice(0, 1)
    .flatMap((hop) => draw(hop, ''))
    .join('\n');
}

/** What runs: each stack with its resources by type. */
export function inventory(resources: AppliedState['resources']): string {
  const stacks = new Map<string, Map<string, number>>();
  for (const { stack, type, mode } of resources) {
    if (mode !== 'resource') continue;
    const types = stacks.get(stack) ?? new Map<string, number>();
    stacks.set(stack, types.set(type, (types.get(type) ?? 0) + 1));
  }
  return [...stacks]
    .map(([stack, types]) => {
      const counts = [...types].map(([type, count]) => `${count} ${type.replace(/^aws_/, '')}`).sort();
      return `${stack}\n${wrap(counts, 110)}`;
    })
    .join('\n');
}

function wrap(words: readonly string[], width: number): string {
  const lines = [''];
  for (const word of words) {
    const last = lines.at(-1)!;
    if (last.length + word.length + 2 > width) lines.push(word);
    else lines[lines.length - 1] = last ? `${last}, ${word}` : word;
  }
  return lines.map((line) => `  ${line}`).join('\n');
}
