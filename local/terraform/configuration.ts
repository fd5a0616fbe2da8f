import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ConfigurationError } from './configuration-error';
import { type Stack, readStack } from './stack';
import { isObject } from './values';

/** A synthesized cdktf application. */
export interface Configuration {
  readonly stacks: readonly Stack[];
  /** The one region that all stacks' AWS providers name. */
  readonly region: string;
}

/**
 * Reads what `cdktf synth` wrote: `manifest.json` and the `cdk.tf.json` of each stack it lists.
 *
 * @param dir such as `cdktf.out`
 * @throws ConfigurationError with everything that is missing, malformed or not run locally
 */
export function loadConfiguration(dir: string): Configuration {
  const manifest = join(resolve(dir), 'manifest.json');
  if (!existsSync(manifest)) throw new ConfigurationError([`${manifest} does not exist: run \`npm run synth\``]);
  const problems: string[] = [];
  const document = readJson(manifest, problems);
  const listed = isObject(document) && isObject(document.stacks) ? Object.entries(document.stacks) : [];
  if (problems.length === 0 && listed.length === 0) problems.push(`${manifest} lists no stacks: run \`npm run synth\``);
  const stacks = listed.flatMap(([name, entry]) => {
    const path = isObject(entry) ? entry.synthesizedStackPath : undefined;
    if (typeof path !== 'string') {
      problems.push(`${name}: ${manifest} names no synthesizedStackPath`);
      return [];
    }
    const file = join(dirname(manifest), path);
    const stack = readJson(file, problems);
    if (stack === undefined) return [];
    if (isObject(stack)) return [readStack(name, dirname(file), stack, problems)];
    problems.push(`${name}: ${file} is not a JSON object`);
    return [];
  });
  const region = commonRegion(stacks, problems);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { stacks, region };
}

function readJson(file: string, problems: string[]): unknown {
  if (!existsSync(file)) {
    problems.push(`${file} does not exist: run \`npm run synth\``);
    return undefined;
  }
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    problems.push(`${file} is not JSON: ${String(error).replaceAll(/\s+/g, ' ')}`);
    return undefined;
  }
}

function commonRegion(stacks: readonly Stack[], problems: string[]): string {
  const located = stacks.filter((stack) => stack.region !== undefined);
  const regions = [...new Set(located.map((stack) => stack.region))];
  if (regions.length > 1) {
    const where = located.map((stack) => `${stack.name} in ${stack.region}`).join(', ');
    problems.push(`The local runtime runs one region, but the stacks name several: ${where}`);
  }
  if (regions.length === 0 && problems.length === 0) problems.push('No stack names the region of its AWS provider');
  return regions[0] ?? '';
}
