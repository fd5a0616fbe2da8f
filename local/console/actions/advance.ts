import { z } from 'zod';
import { AdvanceError } from '../../advance';
import type { Model } from '../model';
import { ActionError, type Answer, check } from './action';

const advanceInput = z.strictObject({ ms: z.number() });

/** Moves time forward: what becomes due on the way happens. */
export async function advance({ local }: Model, input: unknown): Promise<Answer> {
  const { ms } = check(advanceInput, input);
  try {
    const { moved, timers, isComplete } = await local.advance(ms);
    const rang = `${timers} ${timers === 1 ? 'timer' : 'timers'} rang`;
    if (isComplete) return { text: `Time went on by ${spoken(ms)}: ${rang}` };
    const left = `Advance it again by the rest; what is under way goes on meanwhile.`;
    return { text: `Time went on by ${spoken(moved)} of ${spoken(ms)} within 30 s: ${rang}. ${left}` };
  } catch (error) {
    if (error instanceof AdvanceError) throw new ActionError(error.message, { cause: error });
    throw error;
  }
}

const units: readonly (readonly [name: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** A duration such as `1 h 20 min`: its two largest units. */
function spoken(ms: number): string {
  let left = ms;
  const parts = units.flatMap(([name, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count > 0 ? [`${count} ${name}`] : [];
  });
  return parts.slice(0, 2).join(' ') || '0 s';
}
