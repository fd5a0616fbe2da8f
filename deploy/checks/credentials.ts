import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '../command-error';

type Env = Readonly<Record<string, string | undefined>>;

/** What Linux says of the machine's maker; on EC2, whose roles cannot be looked up without a call, `Amazon EC2`. */
const machineVendor = '/sys/devices/virtual/dmi/id/sys_vendor';

/**
 * That there are AWS credentials to try, in any place in which Terraform looks. Nothing is called; whether they are valid shows later.
 * The places are those of "Authentication and Configuration" in the AWS provider's documentation.
 *
 * @throws CommandError that says what was looked at
 */
export function checkCredentials(env: Env): void {
  const files = sharedFiles(env);
  const profiles = files.flatMap(profilesIn);
  const profile = env.AWS_PROFILE;
  if (profile && !profiles.includes(profile)) {
    const there = profiles.length ? `there are ${[...new Set(profiles)].join(', ')}` : 'they have no profile';
    throw new CommandError(
      `AWS_PROFILE is ${JSON.stringify(profile)}, which is not in ${files.join(' or ')}: ${there}`,
    );
  }
  const found =
    (env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY) ||
    (env.AWS_WEB_IDENTITY_TOKEN_FILE && env.AWS_ROLE_ARN) ||
    env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI ||
    env.AWS_CONTAINER_CREDENTIALS_FULL_URI ||
    profiles.includes(profile || 'default') ||
    (env.AWS_EC2_METADATA_DISABLED !== 'true' && text(machineVendor).startsWith('Amazon EC2'));
  if (found) return;
  throw new CommandError(
    'There are no AWS credentials: looked at AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, ' +
      `AWS_PROFILE and the profile default in ${files.join(' and ')}, AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN, ` +
      'AWS_CONTAINER_CREDENTIALS_*_URI, and whether this is EC2; sign in, or set one of them',
  );
}

/**
 * That there is a token for HCP Terraform, whose workspaces hold the AWS credentials. Nothing is called.
 *
 * @param hostname such as `app.terraform.io`
 * @throws CommandError that says what was looked at
 */
export function checkCloudToken(env: Env, hostname: string): void {
  // Dots become underscores, dashes two of them (environment variable credentials, Terraform's CLI configuration).
  const variable = `TF_TOKEN_${hostname.replaceAll('-', '__').replaceAll('.', '_')}`;
  const home = homeOf(env);
  const files = [
    env.TF_CLI_CONFIG_FILE ?? join(home, '.terraformrc'),
    join(home, '.terraform.d/credentials.tfrc.json'),
  ];
  if (env[variable] || files.some((file) => text(file).includes(`"${hostname}"`))) return;
  throw new CommandError(
    `There is no token for ${hostname}: looked at ${variable}, ${files.join(' and ')}; run terraform login`,
  );
}

const homeOf = (env: Env) => env.HOME ?? homedir();

function sharedFiles(env: Env): string[] {
  const folder = join(homeOf(env), '.aws');
  return [
    env.AWS_SHARED_CREDENTIALS_FILE ?? join(folder, 'credentials'),
    env.AWS_CONFIG_FILE ?? join(folder, 'config'),
  ];
}

function profilesIn(file: string): string[] {
  return [...text(file).matchAll(/^\s*\[\s*(?:profile\s+)?([^\]]+?)\s*\]/gm)].map(([, name]) => name!);
}

const text = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
