/** Why data was changed: written with the data, so that the event can tell. */
export interface Origin {
  /** Id that all that follows from one request has in common. */
  readonly correlationId: string;
  /** Id of the invocation that made the change. */
  readonly causationId: string;
  /** The trace it was part of (W3C Trace Context). */
  readonly traceparent?: string;
}

/**
 * The trace of an invocation, from X-Ray's form to W3C's (the same ids, written otherwise).
 *
 * @param header such as `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`, which Lambda passes
 * to a function in `_X_AMZN_TRACE_ID`
 * @returns undefined if the header names no trace
 */
export function traceparentOf(header = ''): string | undefined {
  const [, epoch, random] = /Root=1-([0-9a-f]{8})-([0-9a-f]{24})/.exec(header) ?? [];
  const [, parent] = /Parent=([0-9a-f]{16})/.exec(header) ?? [];
  const sampled = header.includes('Sampled=1') ? '01' : '00';
  return epoch && parent ? `00-${epoch}${random}-${parent}-${sampled}` : undefined;
}

/** The way back: the header by which X-Ray takes what follows into the trace. */
export function traceHeaderOf(traceparent = ''): string | undefined {
  const [, epoch, random, parent, flags] =
    /^00-([0-9a-f]{8})([0-9a-f]{24})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent) ?? [];
  return epoch && `Root=1-${epoch}-${random};Parent=${parent};Sampled=${Number(flags) & 1}`;
}
