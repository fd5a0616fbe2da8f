import { z } from 'zod';
import type { Runtime } from '../../runtime';

/** Member of a PutEvents entry that names the hops that caused it; lost when the entry becomes JSON. */
export const entryParents: unique symbol = Symbol('entryParents');

/** An event as rules, archives and targets see it. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601 in UTC, in whole seconds. */
  readonly time: string;
  readonly region: string;
  /** Only of an event that comes out of an archive. */
  readonly 'replay-name'?: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Why PutEvents does not take an entry. */
export interface EntryFailure {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

const fields = z.object({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: z.string().min(1).max(1600).optional(),
  Resources: z.array(z.string()).optional(),
  /** Seconds since the epoch, or a date. */
  Time: z.union([z.number(), z.date().transform((date) => date.getTime() / 1000)]).optional(),
  // For X-Ray only.
  TraceHeader: z.string().min(1).max(500).optional(),
});

/** An entry as AWS clients send it; the parents that a caller in this process names are kept. */
export const entrySchema = z.unknown().transform((raw, context): Entry => {
  const parsed = fields.safeParse(raw);
  if (!parsed.success) {
    for (const { message, path } of parsed.error.issues) context.addIssue({ code: 'custom', message, path });
    return z.NEVER;
  }
  return { ...parsed.data, parents: parentsOf(raw) };
});

/** An entry of PutEvents. */
export type Entry = z.output<typeof fields> & { readonly parents: readonly number[] | undefined };

function parentsOf(raw: unknown): readonly number[] | undefined {
  const holder = z
    .custom<Record<symbol, unknown>>((value) => typeof value === 'object' && value !== null)
    .safeParse(raw);
  return z.array(z.number()).safeParse(holder.data?.[entryParents]).data;
}

/** Longest detail type, in characters (service model of EventBridge Pipes; the same on a bus). */
const maximumDetailType = 128;
const maximumDepth = 1000;

/** Bytes that an entry counts, as the user guide computes them (eb-putevent-size). */
export function entrySize({ Time: time, Source = '', DetailType = '', Detail = '', Resources = [] }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), time === undefined ? 0 : 14);
}

function invalid(parameter: string, reason: string): EntryFailure {
  return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${parameter} is not valid. Reason: ${reason}` };
}

function nestsDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((member) => nestsDeeper(member, depth - 1));
}

function parseDetail(text: string): BusEvent['detail'] | undefined {
  try {
    const detail = z.record(z.string(), z.unknown()).safeParse(JSON.parse(text));
    return detail.success && !nestsDeeper(detail.data, maximumDepth) ? detail.data : undefined;
  } catch {
    return undefined;
  }
}

/** Makes the event of an entry, or says why AWS refuses the entry; other entries of the call are not affected. */
export function eventOf(runtime: Runtime, entry: Entry): BusEvent | EntryFailure {
  const { Source: source, DetailType: detailType, Detail: text } = entry;
  if (!source) return invalid('Source', 'Source is a required argument.');
  if (!detailType) return invalid('DetailType', 'DetailType is a required argument.');
  if (!text) return invalid('Detail', 'Detail is a required argument.');
  if (source.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  if (detailType.length > maximumDetailType) {
    return invalid('DetailType', `DetailType must not be longer than ${maximumDetailType} characters.`);
  }
  const detail = parseDetail(text);
  if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const time = new Date(entry.Time === undefined ? runtime.clock.now() : entry.Time * 1000);
  if (Number.isNaN(time.getTime())) return invalid('Time', 'Time is out of range.');
  return {
    version: '0',
    id: runtime.random.uuid(),
    'detail-type': detailType,
    source,
    account: runtime.accountId,
    time: time.toISOString().replace(/\.\d+Z$/, 'Z'),
    region: runtime.region,
    resources: entry.Resources ?? [],
    detail,
  };
}
