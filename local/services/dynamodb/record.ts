import type { Item } from './item';

/** Member of a stream record that names the hops that wrote it; lost when the record becomes JSON. */
export const recordParents: unique symbol = Symbol('recordParents');

/** What a stream shows of a change. */
export type StreamViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

/**
 * Who changed the item, if it was not a caller.
 * AWS: Amazon DynamoDB Developer Guide, "DynamoDB Streams and Time to Live".
 */
export const expiredByTtl = Object.freeze({ type: 'Service', principalId: 'dynamodb.amazonaws.com' });

/** A change in a stream, as `GetRecords` answers it; pipes and event source mappings add `eventSourceARN`. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: '1.1';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly dynamodb: {
    /** Epoch seconds. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: StreamViewType;
  };
  readonly userIdentity?: typeof expiredByTtl;
  readonly [recordParents]: readonly number[];
}
