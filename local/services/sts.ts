import { z } from 'zod';
import { uniqueId } from '../iam/unique-id';
import { principalName } from '../principal';
import type { Runtime } from '../runtime';
import type { Call, Service } from '../service';

/** AWS Security Token Service: tells callers who they are. */
export function sts(runtime: Runtime): Service {
  return {
    name: 'sts',
    operations: {
      GetCallerIdentity: {
        input: z.object({}),
        /** Needs no permission, and cannot be denied. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
        permissions: () => [],
        run: (_input, call) => ({
          UserId: userId(call),
          Account: runtime.accountId,
          Arn: principalName(call.principal),
        }),
      },
    },
    resources: {},
    errors: {
      accessDenied: { code: 'AccessDenied', status: 403 },
      throttled: { code: 'Throttling', status: 400 },
      validation: { code: 'ValidationError', status: 400 },
      internal: { code: 'InternalFailure', status: 500 },
    },
  };
}

function userId({ principal }: Call): string {
  if (principal.kind !== 'role') return uniqueId('AIDA', principalName(principal));
  return `${uniqueId('AROA', principal.roleArn)}:${principal.arn.slice(principal.arn.lastIndexOf('/') + 1)}`;
}
