/**
 * The settings among the variables of a GitHub repository and environment, as lines for `$GITHUB_ENV`. `OUTBOX_ENVIRONMENT` is not one of
 * them: the job says it. The permissions boundary is on unless a variable says otherwise, since the role that applies may make no role without
 * it; with HCP Terraform, workspaces have roles of their own.
 *
 * @param variables the context `vars`
 * @throws Error for a value with a line break, which would set other variables as well
 */
export function settingLines(variables: Readonly<Record<string, string>>): string[] {
  const boundary = variables.OUTBOX_STATE_BACKEND === 'cloud' ? {} : { OUTBOX_PERMISSIONS_BOUNDARY: 'true' };
  return Object.entries({ ...boundary, ...variables })
    .filter(([name]) => name.startsWith('OUTBOX_') && name !== 'OUTBOX_ENVIRONMENT')
    .map(([name, value]) => {
      if (/[\r\n]/.test(value)) throw new Error(`The variable ${name} has a line break: write it in one line`);
      return `${name}=${value}`;
    });
}
