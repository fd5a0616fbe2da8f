/** A variable that the function was deployed without. */
export class MissingEnvironmentVariable extends Error {
  override readonly name = 'MissingEnvironmentVariable';
}

/**
 * An environment variable.
 *
 * @throws MissingEnvironmentVariable if it is not set or empty
 */
export function env(name: string): string {
  const value = process.env[name];
  if (!value) throw new MissingEnvironmentVariable(`${name} is not set: the stack must pass it to the function`);
  return value;
}
