import { createHash } from 'node:crypto';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Clock } from './clock';
import { Sha256 } from './sha256';

/** S3 refused a request, or did not answer. */
export class ObjectStoreError extends Error {
  override readonly name = 'ObjectStoreError';
}

/** Whole objects of one bucket. */
export interface ObjectStore {
  /** Writes an object. @throws ObjectStoreError */
  put(key: string, text: string): Promise<void>;
  /** @returns undefined if there is no such object. @throws ObjectStoreError */
  get(key: string): Promise<string | undefined>;
}

/** Which bucket it is, and where S3 answers. */
export interface ObjectStoreOptions {
  /** Name of the bucket. */
  readonly bucket: string;
  /** Region that requests are signed for. */
  readonly region: string;
  /** Where S3 answers, as the SDK takes it in `AWS_ENDPOINT_URL`. @default AWS */
  readonly endpoint?: string | undefined;
  /** Says how long to pause before a repetition. */
  readonly clock: Clock;
}

/** How often a request is sent again that S3 may answer later. */
const retries = 3;
/** Milliseconds of the first pause at most; each further one may take twice as long. */
const firstPause = 100;
/** Milliseconds. All tries end within the timeout of a function, so that it can say what failed. */
const timeouts = { connectionTimeout: 1000, requestTimeout: 4000, throwOnRequestTimeout: true };

interface Answer {
  readonly statusCode: number;
  readonly text: string;
}

interface NoAnswer {
  readonly statusCode: undefined;
  readonly cause: unknown;
}

/**
 * Puts and gets objects by S3's REST API, signed and sent with the parts of the AWS SDK that every bundle has anyway: the
 * SDK's own client for S3 makes a bundle half as large again (docs/decisions/0013).
 */
export function objectStore({ bucket, region, endpoint, clock }: ObjectStoreOptions): ObjectStore {
  const url = new URL(endpoint ? `${endpoint}/${bucket}/` : `https://${bucket}.s3.${region}.amazonaws.com/`);
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials: fromEnv(),
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: true,
  });
  const http = new NodeHttpHandler(timeouts);

  async function once(method: string, key: string, body?: Buffer): Promise<Answer> {
    const { protocol, hostname, port, host, pathname } = url;
    const headers: Record<string, string> = { host };
    if (body) {
      headers['content-length'] = String(body.length);
      headers['content-type'] = 'application/json';
      headers['x-amz-checksum-sha256'] = createHash('sha256').update(body).digest('base64');
    }
    const path = pathname + encodeURIComponent(key);
    const request = { method, protocol, hostname, path, headers, query: {}, ...(port && { port: Number(port) }) };
    const signed = await signer.sign({ ...request, ...(body && { body }) });
    const { response } = await http.handle(signed as Parameters<typeof http.handle>[0]);
    const chunks: Buffer[] = [];
    for await (const chunk of response.body) chunks.push(chunk as Buffer);
    return { statusCode: response.statusCode, text: Buffer.concat(chunks).toString() };
  }

  async function send(method: string, key: string, body?: Buffer): Promise<Answer> {
    for (let tries = 0; ; tries++) {
      const answer = await once(method, key, body).catch((cause: unknown) => ({ statusCode: undefined, cause }));
      const passing = answer.statusCode === undefined || answer.statusCode >= 500 || answer.statusCode === 429;
      if (!passing) return answer;
      if (tries === retries) throw refusal(method, key, answer);
      await clock.jitter(firstPause * 2 ** tries);
    }
  }

  function refusal(method: string, key: string, answer: Answer | NoAnswer): ObjectStoreError {
    const what = `${method} of ${key} in ${bucket}`;
    if (answer.statusCode === undefined)
      return new ObjectStoreError(`${what}: S3 did not answer`, { cause: answer.cause });
    const code = /<Code>(\w+)<\/Code>/.exec(answer.text)?.[1] ?? 'without a code';
    return new ObjectStoreError(`${what}: S3 answered ${answer.statusCode}, ${code}`);
  }

  return {
    async put(key, text) {
      const answer = await send('PUT', key, Buffer.from(text));
      if (answer.statusCode !== 200) throw refusal('PUT', key, answer);
    },
    async get(key) {
      const answer = await send('GET', key);
      if (answer.statusCode === 404 && answer.text.includes('<Code>NoSuchKey</Code>')) return undefined;
      if (answer.statusCode !== 200) throw refusal('GET', key, answer);
      return answer.text;
    },
  };
}
