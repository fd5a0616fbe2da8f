import { createHash } from 'node:crypto';

const order = { id: { S: 'order-1' }, createdAt: { N: '1767225600000' }, Status: { S: 'CREATED' } };
const user = { id: 'user-1', username: 'ada', email: 'ada@example.com' };

const orderDetailsChanged = {
  source: 'order.event',
  'detail-type': 'OrderDetailsChanged',
  detail: { eventID: 'event-1', eventName: 'INSERT', dynamodb: { NewImage: order } },
};

const userCreated = {
  source: 'user.event',
  'detail-type': 'UserCreated',
  detail: {
    metadata: {
      id: 'event-1',
      source: 'user.event',
      type: 'UserCreated',
      subject: user.id,
      time: '2026-01-01T00:00:00.000Z',
      dataversion: '1',
      correlationId: 'request-1',
      causationId: 'request-1',
    },
    data: { version: 1, ...user },
  },
};

/** A message for the claim check. */
export const message = { id: 'message-1', type: 'invoice', payload: { text: 'hello' } };
/** A message that the claim check stores, as JSON. */
export const storedMessage = JSON.stringify(message);
const claimId = createHash('sha256').update(storedMessage).digest('hex');

const payloadClaimed = {
  source: 'claim.event',
  'detail-type': 'PayloadClaimed',
  detail: {
    metadata: {
      id: claimId,
      source: 'claim.event',
      type: 'PayloadClaimed',
      subject: claimId,
      time: '2026-01-01T00:00:00.000Z',
      dataversion: '1',
      correlationId: message.id,
      causationId: 'message-1',
    },
    data: {
      claimId,
      payloadType: message.type,
      size: storedMessage.length,
      sha256: claimId,
      location: { store: 'table', name: 'claims', key: claimId },
      expiresAt: '2026-01-31T00:00:00.000Z',
    },
  },
};

function inQueue(body: object) {
  return { Records: [{ messageId: 'message-1', eventSource: 'aws:sqs', body: JSON.stringify(body), attributes: {} }] };
}

function inStream(item: Readonly<Record<string, string | number>>) {
  const NewImage = Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, typeof value === 'number' ? { N: `${value}` } : { S: value }]),
  );
  const dynamodb = {
    ApproximateCreationDateTime: 1_767_225_600,
    Keys: { id: NewImage.id },
    NewImage,
    SequenceNumber: '100000000000000000001',
    StreamViewType: 'NEW_AND_OLD_IMAGES',
  };
  return { Records: [{ eventID: 'event-1', eventName: 'INSERT', eventSource: 'aws:dynamodb', dynamodb }] };
}

/** What each function is called with to be measured, by its name without project and environment. */
export const sampleEvents: Readonly<Record<string, object>> = {
  'order-confirmation': inQueue(orderDetailsChanged),
  'order-statistics': inQueue(orderDetailsChanged),
  'create-user': user,
  'update-user': { id: user.id, email: 'ada@example.org' },
  'delete-user': { id: user.id },
  'user-relay': inStream({ ...user, version: 1 }),
  'audit-user': userCreated,
  'welcome-user': inQueue(userCreated),
  'start-delivery': inStream({ id: 'message-1', message: 'hello' }),
  'send-message': { id: 'message-1', execution: 'execution-1' },
  'retry-failed': {},
  'submit-sample': { size: 1000, count: 1 },
  'store-payload': [inQueue(message).Records[0]!],
  'retrieve-payload': [inQueue(payloadClaimed).Records[0]!],
};
