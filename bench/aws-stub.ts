import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { message, storedMessage } from './sample-events';

/** The row of a claim that does not expire. */
const claim = {
  claimId: { S: 'claim-1' },
  payloadType: { S: message.type },
  size: { N: `${Buffer.byteLength(storedMessage)}` },
  store: { S: 'table' },
  claimedAt: { N: '1' },
  expiresAt: { N: '4102444800' },
  payload: { S: storedMessage },
};
const delivery = { id: { S: 'message-1' }, deliveries: { N: '1' } };

/** A success of each operation that functions call, by its `X-Amz-Target`. */
const answers: Readonly<Record<string, object>> = {
  'AWSStepFunctions.StartExecution': { executionArn: 'arn:aws:states:eu-central-1:000000000000:execution:a:b' },
  'DynamoDB_20120810.GetItem': {
    Item: {
      ...claim,
      ...delivery,
      message: { S: 'Hello' },
      sendStatus: { S: 'Sending' },
      execution: { S: 'execution-1' },
    },
  },
  'DynamoDB_20120810.Query': { Items: [{ ...delivery, sendStatus: { S: 'Failure' } }], Count: 1 },
  'AWSEvents.PutEvents': { FailedEntryCount: 0, Entries: [{ EventId: 'event-1' }] },
  'DynamoDB_20120810.UpdateItem': { Attributes: { version: { N: '2' } } },
};

/** The answer to what comes without that header: SNS speaks XML. */
const published = '<PublishResponse><PublishResult><MessageId>message-1</MessageId></PublishResult></PublishResponse>';

/** The SDK checks the digest that SQS gives of a message. */
function sent(target: unknown, body: Buffer): object {
  if (target !== 'AmazonSQS.SendMessage') return {};
  const { MessageBody } = JSON.parse(body.toString()) as { MessageBody: string };
  return { MessageId: 'message-1', MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') };
}

/** An AWS endpoint that does nothing and says that it did. */
export async function startStub(): Promise<{ server: Server; endpoint: string }> {
  const server = createServer((incoming, response) => {
    const target = incoming.headers['x-amz-target'];
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      if (target === undefined) response.setHeader('Content-Type', 'text/xml').end(published);
      else {
        const answer = JSON.stringify(answers[String(target)] ?? sent(target, Buffer.concat(chunks)));
        response.setHeader('Content-Type', 'application/x-amz-json-1.0').end(answer);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
