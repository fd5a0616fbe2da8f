import type { DynamoDBRecord } from 'aws-lambda';
import { type Scalar, scalars } from '../shared/attributes';
import { type UserEvent, checks, dataversion } from './user-event';
import { profileFields } from './user';
import { userEvents } from './user-event-type';

/**
 * The event that a change of the table of users is.
 *
 * @returns undefined if no field changed that the events tell of
 * @throws UnexpectedEvent if the record does not make an event of the schema
 */
export function userEventOf(record: DynamoDBRecord): UserEvent | undefined {
  const { NewImage, OldImage, Keys, ApproximateCreationDateTime: seconds } = record.dynamodb ?? {};
  const before = OldImage && scalars(OldImage);
  const after = NewImage && scalars(NewImage);
  const { id } = scalars(Keys);
  const { version, correlationId, causationId, traceparent } = after ?? before ?? {};
  const type = !before ? userEvents.created : after ? userEvents.updated : userEvents.deleted;
  const changes = before && after && changesOf(before, after);
  if (changes && Object.keys(changes).length === 0) return undefined;
  return checks[type]({
    metadata: {
      id: record.eventID,
      source: userEvents.source,
      type,
      subject: id,
      time: seconds && new Date(seconds * 1000).toISOString(),
      dataversion,
      // What was not written by a function of ours is its own cause.
      correlationId: correlationId ?? record.eventID,
      causationId: causationId ?? record.eventID,
      traceparent,
    },
    data: { id, version, ...(changes ? { changes } : !before && profileOf(after ?? {})) },
  });
}

type Image = Readonly<Record<string, Scalar>>;

function profileOf(image: Image): Image {
  return Object.fromEntries(profileFields.filter((field) => field in image).map((field) => [field, image[field]!]));
}

function changesOf(before: Image, after: Image): Record<string, Scalar | null> {
  const changed = profileFields.filter((field) => before[field] !== after[field]);
  return Object.fromEntries(changed.map((field) => [field, after[field] ?? null]));
}
