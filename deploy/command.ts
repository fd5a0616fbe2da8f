import { CommandError } from './command-error';

const verbs = ['deploy', 'diff', 'destroy'] as const;
/** What can be asked for. */
export type Verb = (typeof verbs)[number];

/** What `npm run deploy`, `diff` or `destroy` was asked for. */
export interface Command {
  /** What is asked for. */
  readonly verb: Verb;
  /** Ids of stacks. Empty: all but those that are deployed by hand, once. */
  readonly stacks: readonly string[];
  /** The environment that `--confirm` names. */
  readonly confirmed: string | undefined;
  /** Flags of cdktf-cli, passed on as they are. */
  readonly flags: readonly string[];
  /** Print the usage, and end. */
  readonly help: boolean;
}

/** What `--help` prints. */
export const usage = `npm run deploy|diff|destroy -- [stack...] [--confirm prod] [flags of cdktf]
  stack...          default: all stacks but state-backend and github-access, which are deployed by name
  --confirm prod    required to deploy or destroy prod
  --auto-approve    do not ask; in CI (variable CI) a deployment never asks
  --flag=value      any other flag goes to cdktf, such as --migrate-state; its value follows =
OUTBOX_ENVIRONMENT chooses the environment (default dev); the README lists the other settings.`;

/**
 * Reads the command line.
 *
 * @param args the verb, then what follows the two dashes
 * @throws CommandError
 */
export function readCommand(args: readonly string[]): Command {
  const [wanted, ...rest] = args;
  const verb = verbs.find((name) => name === wanted);
  if (!verb) throw new CommandError(`${JSON.stringify(wanted ?? '')} is no command: use ${verbs.join(', ')}`);

  const stacks: string[] = [];
  const flags: string[] = [];
  let confirmed: string | undefined;
  while (rest.length) {
    const argument = rest.shift()!;
    if (argument === '--confirm') confirmed = rest.shift() ?? '';
    else if (argument.startsWith('--confirm=')) confirmed = argument.slice('--confirm='.length);
    else if (argument.startsWith('-')) flags.push(argument);
    else if (!stacks.includes(argument)) stacks.push(argument);
  }
  const help = flags.some((flag) => flag === '--help' || flag === '-h');
  return { verb, stacks, confirmed, flags, help };
}
