import type { RolePrincipal } from '../../principal';
import type { Runtime } from '../../runtime';

const service = 'apigateway.amazonaws.com';

/** Name of the session in which API Gateway uses roles, as denials show it. */
const sessionName = 'BackplaneAssumeRoleSession';

/**
 * Assumes a role for an API. API Gateway sets neither `aws:SourceArn` nor `aws:SourceAccount` when it does, so a trust
 * policy that asks for them never lets it in.
 *
 * Source: aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws, pull request 479.
 *
 * @throws AwsError `AccessDenied` (recorded)
 */
export function assumeRole(runtime: Runtime, roleArn: string): RolePrincipal {
  runtime.authorize(
    { kind: 'service', service, sourceArn: '' },
    { action: 'sts:AssumeRole', resource: roleArn, context: { 'aws:SourceArn': [], 'aws:SourceAccount': [] } },
  );
  return runtime.assumeRole(roleArn, service, '', sessionName);
}
