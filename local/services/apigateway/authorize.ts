import type { Caller } from '../../gateway';
import type { Principal } from '../../principal';
import type { Runtime } from '../../runtime';
import { GatewayError } from './gateway-response';
import type { Method } from './openapi';

/** Whoever calls a method without signing; only resource policies speak of it. */
const anonymous: Principal = { kind: 'service', service: 'anonymous', sourceArn: '' };

/**
 * Decides whether a method may be invoked: signature and identity policies under AWS_IAM, and the API's resource policy.
 *
 * Source: API Gateway developer guide, "How API Gateway resource policies affect authorization workflow".
 *
 * @throws GatewayError 403
 */
export function authorize(
  runtime: Runtime,
  request: {
    readonly method: Method;
    readonly caller: Caller | undefined;
    readonly methodArn: string;
    readonly policy: string | undefined;
  },
): void {
  const { method, caller, methodArn, policy } = request;
  // The policy is the API's; IAM looks policies up by the resource of the request.
  if (policy && !runtime.iam.resourcePolicy(methodArn)) runtime.iam.setResourcePolicy(methodArn, policy);
  if (method.authorization === 'NONE') {
    if (policy) ask(runtime, anonymous, methodArn);
    return;
  }
  if (!caller) throw new GatewayError('MISSING_AUTHENTICATION_TOKEN', 'Missing Authentication Token');
  const { service, region } = caller.signature;
  if (service !== 'execute-api' || region !== runtime.region) {
    const message = `Credential should be scoped to a valid region and correct service: '${runtime.region}/execute-api', not '${region}/${service}'.`;
    throw new GatewayError('INVALID_SIGNATURE', message);
  }
  ask(runtime, caller.principal, methodArn);
}

function ask(runtime: Runtime, principal: Principal, resource: string): void {
  const action = 'execute-api:Invoke';
  const context = { 'aws:SourceIp': '127.0.0.1', 'aws:PrincipalIsAWSService': 'false' };
  const decision = runtime.iam.authorize({ principal, action, resource, context });
  if (decision.allowed) return;
  const name = principal.kind === 'service' ? principal.service : principal.arn;
  const end = decision.reason.startsWith('with ') ? decision.reason : `because ${decision.reason}`;
  throw new GatewayError(
    'ACCESS_DENIED',
    `User: ${name} is not authorized to perform: ${action} on resource: ${resource} ${end}`,
  );
}
