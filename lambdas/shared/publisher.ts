import type { PutEventsRequestEntry, PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import type { Clock } from './clock';

/** Something to publish, or why it cannot be. */
export interface Publication {
  /** Publications of one key go out in the order given, and none after one that failed. */
  readonly key: string;
  readonly entry: PutEventsRequestEntry | Error;
}

/** What keeps a publication from going out. */
export class NotPublished extends Error {
  override readonly name = 'NotPublished';
}

/** What events go out through. */
export interface Bus {
  /** PutEvents: one result for each entry, in order. @throws if the whole request fails, tries of the SDK included */
  send(entries: PutEventsRequestEntry[]): Promise<PutEventsResultEntry[]>;
  /** Says how long to pause before a repetition. */
  readonly clock: Clock;
}

/** Entries of one request at most, and bytes that they stay below (EventBridge, PutEvents). */
export const limits = { entries: 10, bytes: 1_048_576 };
/** Codes of entries that may succeed when sent again (EventBridge API reference, PutEventsResultEntry). */
const passing = new Set(['ThrottlingException', 'InternalFailure', 'InternalException']);
/** How often an entry is sent again. */
const retries = 4;
/** Milliseconds of the first pause at most; each further one may take twice as long. */
const firstPause = 100;

interface Waiting<P> {
  readonly publication: P;
  readonly entry: PutEventsRequestEntry;
  tries: number;
}

/** Bytes that an entry counts (EventBridge User Guide, "Calculating PutEvents event entry size"). */
export function entrySize({ Time, Source, DetailType, Detail, Resources = [] }: PutEventsRequestEntry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), Time ? 14 : 0);
}

/**
 * Publishes in as few requests as the order of each key allows: no request has two entries of one key.
 *
 * @returns what was not published and why; all else was accepted
 */
export async function publishInOrder<P extends Publication>(
  publications: readonly P[],
  { send, clock }: Bus,
): Promise<Map<P, Error>> {
  const failed = new Map<P, Error>();
  let waiting = publishable(publications, failed);
  while (waiting.length > 0) {
    const chunk = nextChunk(waiting);
    const refusals = await sendOnce(chunk, send);
    const again = new Set(chunk.filter((one) => refusals.get(one)?.passing && one.tries++ < retries));
    const broken = new Set<string>();
    for (const [one, { error }] of refusals) {
      if (again.has(one)) continue;
      failed.set(one.publication, error);
      broken.add(one.publication.key);
    }
    const rest = waiting.filter((one) => again.has(one) || !chunk.includes(one));
    waiting = rest.filter((one) => !broken.has(one.publication.key));
    for (const { publication } of rest) if (broken.has(publication.key)) failed.set(publication, behind());
    const tries = Math.max(0, ...[...again].map((one) => one.tries));
    if (tries > 0) await clock.jitter(firstPause * 2 ** (tries - 1));
  }
  return failed;
}

/** All that may be sent, up to what can never be. */
function publishable<P extends Publication>(publications: readonly P[], failed: Map<P, Error>): Waiting<P>[] {
  const held = new Set<string>();
  return publications.flatMap((publication) => {
    const { key, entry } = publication;
    if (held.has(key)) failed.set(publication, behind());
    else if (entry instanceof Error) failed.set(publication, entry);
    else if (entrySize(entry) >= limits.bytes)
      failed.set(publication, new NotPublished(`${entrySize(entry)} bytes, allowed: fewer than ${limits.bytes}`));
    else return [{ publication, entry, tries: 0 }];
    held.add(key);
    return [];
  });
}

function behind(): NotPublished {
  return new NotPublished('An earlier change of the same item was not published');
}

/** The first entry of each key, as many as fit in a request. */
function nextChunk<P extends Publication>(waiting: readonly Waiting<P>[]): Waiting<P>[] {
  const chunk: Waiting<P>[] = [];
  const keys = new Set<string>();
  let bytes = 0;
  for (const one of waiting) {
    if (keys.has(one.publication.key)) continue;
    bytes += entrySize(one.entry);
    if (chunk.length === limits.entries || bytes >= limits.bytes) break;
    keys.add(one.publication.key);
    chunk.push(one);
  }
  return chunk;
}

/** @returns the entries that were not accepted, and whether to send them again */
async function sendOnce<W extends { entry: PutEventsRequestEntry }>(chunk: W[], send: Bus['send']) {
  const refusals = new Map<W, { error: Error; passing: boolean }>();
  try {
    const results = await send(chunk.map(({ entry }) => entry));
    for (const [index, one] of chunk.entries()) {
      const { ErrorCode: code, ErrorMessage: message } = results[index] ?? { ErrorCode: 'InternalFailure' };
      if (code) refusals.set(one, { error: new NotPublished(`${code}: ${message ?? ''}`), passing: passing.has(code) });
    }
  } catch (cause) {
    const error = new NotPublished('The bus refused the whole request', { cause });
    for (const one of chunk) refusals.set(one, { error, passing: false });
  }
  return refusals;
}
