import { randomBytes } from 'node:crypto';
import type { Local } from '../index';
import type * as modelling from './model';
import type { Model } from './model';

/** Gives the system that takes the place of another, which it stops. @throws Error if it cannot start */
export type Restart = (before: Local) => Promise<Local>;

/**
 * What the console shows: the system given, and after each reset the one that took its place. What draws and counts is loaded
 * when it is first asked for.
 *
 * @returns the model of what runs now; while a reset is under way, that of what comes
 */
export function showing(local: Local, restart: Restart): () => Promise<Model> {
  let shown: Promise<Model> | undefined;

  function show(system: Promise<Local>): Promise<Model> {
    const { modelOf } = require('./model') as typeof modelling;
    const model: Promise<Model> = system.then(async (running) =>
      modelOf(running, { run: randomBytes(6).toString('base64url'), reset: async () => replace(model) }),
    );
    return model;
  }

  async function replace(old: Promise<Model>): Promise<boolean> {
    if (old !== shown) return false;
    // In the turn of the check: of two resets at once, one replaces.
    shown = show(old.then(async (before) => restart(before.local)));
    try {
      await shown;
      return true;
    } finally {
      for (const end of (await old).streams) end();
    }
  }

  return async () => (shown ??= show(Promise.resolve(local)));
}
