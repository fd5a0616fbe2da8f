import { z } from 'zod';
import type { Runtime } from '../runtime';
import type { Service } from '../service';

/** AWS X-Ray: takes segments of those who may send them, and keeps none. */
export function xray(_runtime: Runtime): Service {
  return {
    name: 'xray',
    operations: {
      PutTraceSegments: {
        input: z.object({ TraceSegmentDocuments: z.array(z.string()) }),
        permissions: () => [{ action: 'xray:PutTraceSegments', resource: '*' }],
        run: (input) => ({ UnprocessedTraceSegments: input.TraceSegmentDocuments.flatMap(fault) }),
      },
    },
    resources: {},
    errors: {
      accessDenied: { code: 'AccessDeniedException', status: 403 },
      throttled: { code: 'ThrottledException', status: 429 },
      validation: { code: 'InvalidRequestException', status: 400 },
      internal: { code: 'InternalFailure', status: 500 },
    },
  };
}

const segment = z.looseObject({ id: z.string(), trace_id: z.string(), name: z.string(), start_time: z.number() });

function fault(document: string): { Id?: string; ErrorCode: string; Message: string }[] {
  try {
    const parsed = segment.safeParse(JSON.parse(document));
    if (parsed.success) return [];
    const member = String(parsed.error.issues[0]?.path[0] ?? 'document');
    return [{ ErrorCode: 'MissingField', Message: `Invalid segment: ${member} is missing or of the wrong type` }];
  } catch {
    return [{ ErrorCode: 'ParseError', Message: 'Invalid segment. ErrorCode: ParseError' }];
  }
}
