import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

function isInstalled(): boolean {
  try {
    execFileSync('aws', ['--version']);
    return true;
  } catch {
    console.warn('skipped: the stock AWS CLI (aws) is not on the PATH');
    return false;
  }
}

/** `describe`, or `describe.skip` where there is no AWS CLI. */
export const describeCli = isInstalled() ? describe : describe.skip;

/** What the CLI calls in place of AWS. */
export interface Endpoint {
  readonly endpoint: string;
  readonly region: string;
}

/**
 * Runs the AWS CLI with nothing of this machine's configuration.
 *
 * @param environment further variables
 * @returns what it prints
 * @throws the error of the child process, with `stderr`, if it fails
 */
export async function aws({ endpoint, region }: Endpoint, args: readonly string[], environment: object = {}) {
  const env = {
    PATH: process.env.PATH,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_PAGER: '',
    ...environment,
  };
  const { stdout } = await promisify(execFile)('aws', ['--endpoint-url', endpoint, ...args], { env });
  return stdout;
}

/** Runs the AWS CLI. @returns the JSON that it prints; undefined if it prints nothing */
export async function awsJson(at: Endpoint, args: readonly string[]): Promise<any> {
  const text = await aws(at, ['--output', 'json', ...args]);
  return text ? JSON.parse(text) : undefined;
}
