import { spawnSync } from 'node:child_process';
import { CommandError } from '../command-error';

/** The first Terraform whose S3 backend locks without a table (`use_lockfile`, release notes of 1.10). */
const oldest = [1, 10] as const;

/**
 * That Terraform is there and new enough.
 *
 * @throws CommandError
 */
export function checkTerraform(env: NodeJS.ProcessEnv): void {
  const binary = env.TERRAFORM_BINARY_NAME ?? 'terraform';
  const wanted = `Terraform ${oldest.join('.')} or later, which locks state in S3 by itself`;
  const { error, status, stdout, stderr } = spawnSync(binary, ['version', '-json'], { env, encoding: 'utf8' });
  if (error) throw new CommandError(`${binary} is not on the PATH: install ${wanted}`);
  const version = /"terraform_version":\s*"((\d+)\.(\d+)[^"]*)"/.exec(stdout);
  if (status !== 0 || !version) {
    const said = (stderr || stdout).trim().split('\n')[0] ?? '';
    throw new CommandError(`${binary} version failed with exit code ${status}: ${said || 'it said nothing'}`);
  }
  const [major, minor] = [Number(version[2]), Number(version[3])];
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1]))
    throw new CommandError(`${binary} is version ${version[1]}: install ${wanted}`);
}
