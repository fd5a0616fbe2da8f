import type { AwsError } from '../aws-error';

/** A request as the protocols see it: its body has arrived. */
export interface HttpRequest {
  /** In capitals. */
  readonly method: string;
  /** Path as sent, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Name and value in turn, names as sent. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** The body was larger than the endpoint takes; it is left out. */
  readonly isTooLarge: boolean;
}

/** What goes back to the client. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A request, understood. */
export interface WireCall {
  /** Service as the runtime names it: the IAM prefix. */
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  /** Writes the operation's output the way the client reads it. */
  success(output: unknown, requestId: string): HttpResponse;
}

/** Writes an error the way the client of a service reads it. */
export type WriteError = (error: AwsError, requestId: string) => HttpResponse;
