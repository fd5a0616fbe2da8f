import { request as httpRequest } from 'node:http';
import { z } from 'zod';
import { realClock } from '../../../local/clock';
import { type Gateway, startGateway } from '../../../local/gateway';
import type { Principal } from '../../../local/principal';
import { seededRandom } from '../../../local/random';
import { Runtime } from '../../../local/runtime';
import { jsonErrors, type Service } from '../../../local/service';

export type Json = Record<string, any>; // eslint-disable-line typescript/no-explicit-any -- documents under test

export const region = 'eu-central-1';

/** A call that reached a service. */
interface Asked {
  service: string;
  operation: string;
  input: Json;
  principal: Principal;
  parents: readonly number[];
}

/** The runtime behind the gateway; importing this starts both before all tests, and closes them after. */
export let runtime: Runtime;
/** The gateway, on a free port. */
export let gateway: Gateway;
/** What the services were asked in the running test. */
export let asked: Asked[];
let answer: (asked: Asked) => unknown;

const offered: Record<string, string[]> = {
  dynamodb: ['GetItem', 'TransactWriteItems', 'Scan', 'PutItem'],
  dynamodbstreams: ['GetRecords'],
  sqs: ['ListQueues', 'SendMessage', 'GetQueueAttributes'],
  events: ['PutEvents', 'ListRules'],
  logs: ['FilterLogEvents'],
  lambda: ['Invoke', 'ListFunctions', 'GetFunction'],
  pipes: ['ListPipes'],
  cloudwatch: ['PutMetricData', 'DescribeAlarms'],
  sts: ['GetCallerIdentity'],
  sns: ['Publish', 'GetTopicAttributes'],
};

/** A service that records what it is asked, and answers what the test says. */
export function fake(name: string): Service {
  return {
    name,
    errors: jsonErrors,
    resources: {},
    operations: Object.fromEntries(
      offered[name]!.map((operation) => [
        operation,
        {
          input: z.looseObject({}),
          permissions: () => [{ action: `${name}:${operation}`, resource: '*' }],
          run(input: Json, { principal, parents }) {
            const request = { service: name, operation, input, principal, parents };
            asked.push(request);
            return answer(request);
          },
        },
      ]),
    ),
  };
}

beforeAll(async () => {
  runtime = new Runtime({ clock: realClock(), random: seededRandom(1), region });
  for (const name of Object.keys(offered)) runtime.register(fake(name));
  gateway = await startGateway(runtime, { port: 0 });
});

afterAll(() => gateway.close());

beforeEach(() => {
  asked = [];
  answer = () => ({});
});

/** Has every service answer this until the test ends. */
export const answerWith = (next: typeof answer) => {
  answer = next;
};

/** Where the gateway listens. */
export const port = () => Number(new URL(gateway.endpoint).port);

/** The header of a signed request; nobody checks the signature. */
export const authorization = (service: string, key = 'AKIDDEVELOPER', where = region) =>
  `AWS4-HMAC-SHA256 Credential=${key}/20261121/${where}/${service}/aws4_request, SignedHeaders=host, Signature=00`;

/** An HTTP request. */
export interface Raw {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** Sends a request to the gateway. */
export function send({
  method = 'POST',
  path = '/',
  headers = {},
  body = '',
}: Raw): Promise<{ status: number; headers: Json; body: string; bytes: Buffer }> {
  return new Promise((done, fail) => {
    const request = httpRequest({ host: '127.0.0.1', port: port(), method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        done({ status: response.statusCode!, headers: response.headers, body: bytes.toString(), bytes });
      });
    });
    request.on('error', fail);
    request.end(body);
  });
}

/** A request of the AWS JSON protocol. */
export const json = (
  target: string,
  service: string,
  body: string | Buffer = '{}',
  more: Record<string, string> = {},
): Raw => ({
  headers: {
    'x-amz-target': target,
    authorization: authorization(service),
    'content-type': 'application/x-amz-json-1.0',
    ...more,
  },
  body,
});
