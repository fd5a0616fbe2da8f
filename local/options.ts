import { parseArgs } from 'node:util';
import type { LocalOptions } from './index';

/** What `npm start` was asked for. */
export interface CliOptions extends LocalOptions {
  /** Of the AWS endpoint; 0 takes a free one. */
  readonly port: number;
  /** Print lines of JSON instead of text. */
  readonly json: boolean;
  /** Print what the options are, and end. */
  readonly help: boolean;
}

/** An option that cannot be: the message says which, and what is allowed. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

/** Functions run in real time: beyond this, visibility timeouts end while they still work, and messages come twice. */
const fastest = 100;

/** What `--help` prints. */
export const usage = `npm start -- [options]
  --port <0-65535>   port of the AWS endpoint, the console takes the next; 0 picks free ones (default 4566)
  --from <folder>    run an existing synth output instead of synthesizing
  --seed <number>    seed of all chance, for a repeatable run (default 1)
  --speed <number>   1 is real time, 60 a minute per second, up to 100 (default 1)
  --json             machine-readable lines; the first says when and where it is ready
  --help             this text`;

/**
 * Reads the command line.
 *
 * @throws OptionError
 */
export function readOptions(args: readonly string[]): CliOptions {
  const values = parse(args);
  return {
    port: number('port', values.port, 4566, 0, 65_535, true),
    seed: number('seed', values.seed, 1, 0, 4_294_967_295, true),
    speed: number('speed', values.speed, 1, 0.001, fastest, false),
    ...(values.from !== undefined && { from: folder(values.from) }),
    json: values.json ?? false,
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: withNegatives(args),
      options: { port: text, from: text, seed: text, speed: text, json: flag, help: flag },
    }).values;
  } catch (error) {
    throw new OptionError(`${/^.*?(?=\.\s|\.?$)/m.exec((error as Error).message)![0]}; see npm start -- --help`);
  }
}

function folder(path: string): string {
  if (path.trim() === '') throw new OptionError('--from must be a folder that holds a synth output, not ""');
  return path;
}

/** A negative number is a value: the parser would take it for an option. */
function withNegatives(args: readonly string[]): string[] {
  return args.reduce<string[]>((joined, arg) => {
    const before = joined.at(-1);
    if (/^-[\d.]/.test(arg) && before?.startsWith('--') && !before.includes('='))
      joined[joined.length - 1] += `=${arg}`;
    else joined.push(arg);
    return joined;
  }, []);
}

function number(
  name: string,
  text: string | undefined,
  fallback: number,
  min: number,
  max: number,
  whole: boolean,
): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text.trim() === '' || !(value >= min && value <= max) || (whole && !Number.isInteger(value))) {
    throw new OptionError(
      `--${name} must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}, not ${JSON.stringify(text)}`,
    );
  }
  return value;
}
