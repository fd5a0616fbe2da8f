/** One statement of an IAM policy document. */
export interface Statement {
  /** Letters and digits, unique in its document. */
  readonly Sid: string;
  /** @default Allow */
  readonly Effect?: 'Allow' | 'Deny';
  /** Only in resource policies. */
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  /** `service:Action`, also with `*` and `?`. */
  readonly Action: string | readonly string[];
  /** ARNs. @default none, which only trust policies allow */
  readonly Resource?: string | readonly string[];
  /** Operator, then condition key, then what it is compared with. @default always */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A policy document as JSON; unlike the `aws_iam_policy_document` data source it shows no false change in a plan. */
export function policyDocument(statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
  });
}

/** Denies every request that does not come over TLS. */
export function tlsOnly(service: 'sqs' | 'sns' | 's3', resources: string | readonly string[]): Statement {
  return {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: service === 'sns' ? topicActions : `${service}:*`,
    Resource: resources,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

/** The actions a topic policy may name; SNS refuses `sns:*` there ("Policy statement action out of service scope"). */
const topicActions = ['sns:Publish', 'sns:Subscribe'];
