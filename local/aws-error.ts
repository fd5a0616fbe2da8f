/** An error as an AWS service answers it. */
export class AwsError extends Error {
  override readonly name: string;
  /**
   * @param code the error code, such as `ValidationException`
   * @param message AWS's own wording, as far as it is known
   * @param status the HTTP status. @default 400
   * @param fields further members of the error document, such as `CancellationReasons`
   */
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    readonly fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = code;
  }
}

/** Makes any thrown value an AwsError; what is not one is an internal failure (HTTP 500) that keeps its cause. */
export function toAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const wrapped = new AwsError('InternalFailure', error instanceof Error ? error.message : String(error), 500);
  wrapped.cause = error;
  return wrapped;
}
