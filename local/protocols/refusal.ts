/** Bytes of request line and headers above which the endpoint stops reading; far above what any client sends. */
export const headerLimit = 256 * 1024;

/** An answer to what never became a request. */
interface Refusal {
  readonly status: string;
  readonly message: string;
}

const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    message: `Request line and headers are larger than ${headerLimit} bytes`,
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: '413 Payload Too Large',
    message: 'The extensions of a chunk are too long',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    message: 'The request did not arrive in time: its headers or its body have no end',
  },
  CONNECT: {
    status: '405 Method Not Allowed',
    message: 'This endpoint is not a proxy: it does not take CONNECT',
  },
};

/**
 * Writes the whole answer to a connection that carries no request: what was sent is not HTTP, or breaks a limit of it.
 *
 * @param error as `clientError` has it, with a code of Node.js
 */
export function refuse(error: { readonly code?: string; readonly reason?: string }): string {
  const { status, message } = refusals[error.code ?? ''] ?? {
    status: '400 Bad Request',
    message: `The request is not valid HTTP/1.1${error.reason ? `: ${error.reason}` : ''}`,
  };
  const body = `${JSON.stringify({ message })}\n`;
  return [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
