/** An error of a state: what Retry and Catch match, and what an execution fails with. */
export class StateError extends Error {
  constructor(
    /** `States.Timeout`, `DynamoDB.ConditionalCheckFailedException`, a function's own `errorType`, ... */
    readonly error: string,
    /** Empty if there is none. */
    override readonly cause: string,
  ) {
    super(`${error}: ${cause}`);
  }

  /** As histories and answers hold it. */
  get details(): { readonly error: string; readonly cause?: string } {
    return { error: this.error, ...(this.cause !== '' && { cause: this.cause }) };
  }
}
