import { type SimulatedClock, simulatedClock } from '../../../local/clock';
import { type Console, startConsole } from '../../../local/console/server';
import type { Restart } from '../../../local/console/showing';
import { type Local, startLocal } from '../../../local/index';
import { synthesisFolder } from '../../synthesis';

/** The synthesized application with its console, on a simulated clock. */
export interface System {
  /** What runs now: another one after a reset. */
  readonly local: Local;
  readonly clock: SimulatedClock;
  readonly page: Console;
  /** Reads `/api/<path>`. */
  read(path: string): Promise<any>;
  /** Posts to `/api/<path>` as the page does. */
  act(path: string, input: unknown): Promise<{ status: number; body: any }>;
  stop(): Promise<void>;
}

/** @param restart what a reset does */
export async function startSystem(restart: Restart = async (before) => before.restart()): Promise<System> {
  const clock = simulatedClock();
  let local = await startLocal({ from: synthesisFolder(), clock });
  const page = await startConsole(local, 0, async (before) => (local = await restart(before)));
  const html = await (await fetch(page.url)).text();
  const token = /name="console-token" content="([\w-]+)"/.exec(html)![1]!;
  return {
    get local() {
      return local;
    },
    clock,
    page,
    read: async (path) => (await fetch(`${page.url}/api/${path}`)).json(),
    async act(path, input) {
      const headers = { 'Content-Type': 'application/json', Origin: page.url, 'X-Console-Token': token };
      const response = await fetch(`${page.url}/api/${path}`, { method: 'POST', headers, body: JSON.stringify(input) });
      return { status: response.status, body: await response.json() };
    },
    async stop() {
      await page.close();
      await local.stop();
    },
  };
}

/** Address of the one node whose type and Terraform name begin so. */
export function nodeId(local: Local, begin: string): string {
  const found = local.resources.filter(({ address }) => address.split('/')[1]!.startsWith(begin));
  if (found.length !== 1) throw new Error(`${found.length} resources begin with ${begin}`);
  return found[0]!.address;
}
