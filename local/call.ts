import { AwsError, toAwsError } from './aws-error';
import type { FaultEffect } from './faults';
import { type Principal, principalName } from './principal';
import type { Runtime } from './runtime';
import type { Call, ConditionContext, Operation, Permission, Service } from './service';
import type { Outcome } from './timeline';

/** A call to an AWS operation, from inside or outside. */
export interface CallRequest {
  /** IAM prefix of the service. */
  readonly service: string;
  /** By the name of the API. */
  readonly operation: string;
  /** As the API takes it; the operation's schema checks it. */
  readonly input: unknown;
  /** Who asks. */
  readonly principal: Principal;
  /** Hops that caused it. @default none */
  readonly parents?: readonly number[];
  /** Condition keys of the request, such as `aws:SecureTransport`. @default those that the evaluator fills in */
  readonly context?: ConditionContext;
}

/** Why a call was refused, and how that is told. */
interface Refusal {
  readonly outcome: Outcome;
  readonly error: AwsError;
  readonly action?: string;
}

/**
 * Runs an operation for a caller: checks the input, asks IAM, applies faults, records what goes wrong.
 *
 * @throws AwsError as the service would answer
 */
export async function execute(
  runtime: Runtime,
  service: Service,
  operation: Operation,
  request: CallRequest,
): Promise<unknown> {
  const { principal, parents = [] } = request;
  const input = checkInput(service, operation, request.input);
  const permissions = operation.permissions(input);
  const common = {
    service: request.service,
    operation: request.operation,
    principal: principalName(principal),
    parents,
  };
  const refuse = ({ outcome, error, action }: Refusal) => {
    const summary = `${error.code}: ${error.message}`;
    const resource = permissions[0]?.resource ?? '*';
    runtime.timeline.record({ ...common, resource, outcome, summary, ...(action && { data: { action } }) });
    return error;
  };
  const fault = runtime.faults.take({
    service: request.service,
    operation: request.operation,
    resources: permissions.map(({ resource }) => resource),
    principal: principal.kind === 'role' ? principal.roleArn : principalName(principal),
  });
  if (fault === 'deny' && permissions[0]) throw refuse(denied(runtime, service, principal, permissions[0]));
  const allowedBy = permissions.map((permission) => {
    const context = { ...permission.context, ...request.context };
    return runtime.authorize(principal, { ...permission, context }, service, parents);
  });
  const before = failure(fault, ['throttle', 'failBefore', 'kill'], service, principal);
  if (before) throw refuse(before);
  const record: Call['record'] = (hop) => runtime.timeline.record({ ...common, allowedBy, ...hop });
  const call: Call = { principal, parents, isPartial: fault === 'partial', record };
  const run = async () => operation.run(input, call);
  let output: unknown;
  try {
    output = await run();
    if (fault === 'duplicate') output = await run();
  } catch (error) {
    throw refuse({ outcome: 'failed', error: toAwsError(error) });
  }
  const after = failure(fault, ['failAfter', 'killAfter'], service, principal);
  if (after) throw refuse(after);
  return output;
}

function checkInput(service: Service, operation: Operation, input: unknown): any {
  const parsed = operation.input.safeParse(input);
  if (parsed.success) return parsed.data;
  const { code, status } = service.errors.validation;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`);
  const found = `${issues.length} validation error${issues.length > 1 ? 's' : ''} detected`;
  throw new AwsError(code, `${found}: ${issues.join('; ')}`, status);
}

function denied(runtime: Runtime, service: Service, principal: Principal, permission: Permission): Refusal {
  const error = runtime.denial(service, principal, permission, 'a fault denies it');
  return { outcome: 'denied', error, action: permission.action };
}

/** How a call fails by a fault, if the fault is one of those given; a killed caller is killed here. */
function failure(
  fault: FaultEffect | undefined,
  effects: readonly FaultEffect[],
  { errors }: Service,
  principal: Principal,
): Refusal | undefined {
  if (!fault || !effects.includes(fault)) return undefined;
  if (fault === 'throttle') {
    return {
      outcome: 'throttled',
      error: new AwsError(errors.throttled.code, 'Rate exceeded', errors.throttled.status),
    };
  }
  if (fault === 'failBefore' || fault === 'failAfter') {
    const { code, status } = errors.internal;
    return { outcome: 'failed', error: new AwsError(code, 'An internal error occurred', status) };
  }
  if (principal.kind === 'role') principal.kill?.();
  const when = fault === 'kill' ? 'before the call took effect' : 'after it';
  return { outcome: 'failed', error: new AwsError('SandboxKilled', `The caller was killed ${when}`, 500) };
}
