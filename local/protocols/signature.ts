import { AwsError } from '../aws-error';
import type { HttpRequest } from './http';

/** Who signed a request, and for what. The signature itself is not verified. */
export interface Signature {
  readonly accessKeyId: string;
  readonly region: string;
  /** Signing name, such as `monitoring` for CloudWatch. */
  readonly service: string;
}

/**
 * Reads the credential scope of Signature Version 4, from the header or from a presigned query.
 *
 * Source: IAM user guide, "Elements of an AWS API request signature".
 *
 * @returns undefined for an unsigned request
 * @throws AwsError `IncompleteSignatureException` (400)
 */
export function readSignature(request: HttpRequest): Signature | undefined {
  const header = request.headers.authorization;
  const credential = header === undefined ? request.query.get('X-Amz-Credential') : credentialOf(header);
  if (credential === null) return undefined;
  const [accessKeyId, date, region, service, end, ...more] = credential.split('/');
  if (!accessKeyId || !/^\d{8}$/.test(date ?? '') || !region || !service || end !== 'aws4_request' || more.length > 0) {
    throw new AwsError(
      'IncompleteSignatureException',
      `Credential must have the form AKID/YYYYMMDD/region/service/aws4_request, got '${credential}'`,
    );
  }
  return { accessKeyId, region, service };
}

function credentialOf(header: string): string {
  const match = /^AWS4-HMAC-SHA256\s.*?Credential=([^,\s]*)/.exec(header);
  if (match) return match[1]!;
  throw new AwsError(
    'IncompleteSignatureException',
    header.startsWith('AWS4-HMAC-SHA256')
      ? "Authorization header requires 'Credential' parameter."
      : 'Authorization header must be AWS4-HMAC-SHA256 (Signature Version 4).',
  );
}
