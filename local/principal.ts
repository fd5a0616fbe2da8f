/** Who makes a call. */
export type Principal = UserPrincipal | RolePrincipal | ServicePrincipal;

/** The person at the terminal: an IAM user with AdministratorAccess. */
export interface UserPrincipal {
  readonly kind: 'user';
  /** `arn:aws:iam::000000000000:user/developer` */
  readonly arn: string;
}

/** A session of an IAM role, as functions, pipes and API integrations have. */
export interface RolePrincipal {
  readonly kind: 'role';
  /** `arn:aws:iam::000000000000:role/name` */
  readonly roleArn: string;
  /** `arn:aws:sts::000000000000:assumed-role/name/session` */
  readonly arn: string;
  /** Ends the sandbox that holds the session at once, if there is one. */
  readonly kill?: () => void;
}

/** An AWS service acting on behalf of a resource; only resource policies speak of it. */
export interface ServicePrincipal {
  readonly kind: 'service';
  /** `events.amazonaws.com` */
  readonly service: string;
  /** The resource it acts for, `aws:SourceArn` in conditions. */
  readonly sourceArn: string;
}

/** The principal as denials and the timeline name it. */
export function principalName(principal: Principal): string {
  return principal.kind === 'service' ? principal.service : principal.arn;
}
