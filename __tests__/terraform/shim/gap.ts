/** A request to AWS on its way to the mock. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Operation of the JSON protocols, such as `AmazonSQS.CreateQueue`; empty in others. */
  readonly target: string;
}

/** What goes back. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Passes a request on. */
export type Next = (asked: Asked) => Promise<Answer>;

/** Something that AWS does and the mock does not: answers itself, or mends what goes to the mock or comes back. */
export type Gap = (asked: Asked, next: Next) => Promise<Answer>;

/** The request with another JSON body. */
export function withBody(asked: Asked, body: object): Asked {
  return { ...asked, body: Buffer.from(JSON.stringify(body)) };
}

/** The answer with another JSON body. */
export function answerWith(answer: Answer, body: object): Answer {
  return { ...answer, body: Buffer.from(JSON.stringify(body)) };
}

/** An answer of the shim's own, in AWS JSON 1.0. */
export function json(body: object): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** The JSON body of a request or an answer. */
export function parsed({ body }: { readonly body: Buffer }): any {
  return body.length ? JSON.parse(body.toString()) : {};
}
