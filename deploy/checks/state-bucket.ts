import { CommandError } from '../command-error';

/**
 * That the bucket of the state exists, in the region that the backend names. S3 answers an unsigned HEAD of a bucket with 404 if nobody
 * has one of that name, else with 200, 403 or, from another region, 301 or 400 (HeadBucket in its API reference).
 *
 * @param environment to say how the bucket is made
 * @returns why it could not be looked up, which is then Terraform's to find out
 * @throws CommandError
 */
export async function checkStateBucket(
  env: NodeJS.ProcessEnv,
  { bucket, region, environment }: { bucket: string; region: string; environment: string },
): Promise<string | undefined> {
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || `https://s3.${region}.amazonaws.com`;
  let answer: Response;
  try {
    answer = await fetch(`${endpoint.replace(/\/$/, '')}/${bucket}`, { method: 'HEAD', redirect: 'manual' });
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = (cause as Error | undefined)?.message || message;
    return `Whether the bucket ${bucket} exists could not be looked up at ${endpoint}: ${reason}`;
  }
  if (answer.status === 404) {
    const confirmed = environment === 'prod' ? ' --confirm prod' : '';
    throw new CommandError(
      `There is no bucket ${bucket} for the state: make it with OUTBOX_ENVIRONMENT=${environment} npm run deploy -- state-backend${confirmed}`,
    );
  }
  const actual = answer.headers.get('x-amz-bucket-region');
  if (actual && actual !== region)
    throw new CommandError(
      `The bucket ${bucket} is in ${actual}, not in ${region}: set OUTBOX_STATE_BUCKET to another name, or OUTBOX_REGION`,
    );
  return undefined;
}
