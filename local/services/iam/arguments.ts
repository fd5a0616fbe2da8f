import { z } from 'zod';
import { tags } from '../../arguments';

const managedByAws = /^arn:[\w-]+:iam::aws:policy\//;

const refused = (hint: string) => z.undefined({ error: hint }).optional();
const path = z
  .string()
  .regex(/^\/([\w+=,.@-]+\/)*$/, 'must begin and end with /')
  .default('/');
const name = (length: number) =>
  z
    .string({ error: 'give it a name; generated names are not modelled' })
    .regex(new RegExp(String.raw`^[\w+=,.@-]{1,${length}}$`), `must have 1 to ${length} letters, digits and _+=,.@-`);

/** ARN of a managed policy of the account. */
const managedPolicy = (instead: string) =>
  z.string().refine((arn) => !managedByAws.test(arn), {
    error: ({ input }) =>
      `the local runtime has no AWS managed policies; write what is needed of ${String(input).split('/').at(-1)} into an ${instead}`,
  });

/** Arguments of `aws_iam_role`. */
export const roleArguments = z.strictObject({
  assume_role_policy: z.string(),
  name: name(64),
  path,
  description: z.string().max(1000).optional(),
  max_session_duration: z.int().min(3600).max(43_200).default(3600),
  inline_policy: refused('write inline policies as aws_iam_role_policy'),
  managed_policy_arns: refused('attach policies with aws_iam_role_policy_attachment'),
  permissions_boundary: managedPolicy('aws_iam_policy').optional(),
  // Without effect here: nothing is deleted.
  force_detach_policies: z.boolean().optional(),
  tags,
});

/** Arguments of `aws_iam_role_policy`. */
export const rolePolicyArguments = z.strictObject({ name: name(128), role: z.string(), policy: z.string() });

/** Arguments of `aws_iam_policy`. */
export const policyArguments = z.strictObject({
  name: name(128),
  path,
  description: z.string().max(1000).optional(),
  policy: z.string(),
  tags,
});

/** Arguments of `aws_iam_role_policy_attachment`. */
export const attachmentArguments = z.strictObject({
  role: z.string(),
  policy_arn: managedPolicy('aws_iam_role_policy'),
});

/** Arguments of `aws_iam_openid_connect_provider`. */
export const providerArguments = z.strictObject({
  url: z.string().regex(/^https:\/\/[\w.:/-]+$/, 'must begin with https://'),
  client_id_list: z.array(z.string().min(1).max(255)).min(1).max(100),
  // Without effect here: nobody shows a token.
  thumbprint_list: z.array(z.string().length(40)).max(5).optional(),
  tags,
});
