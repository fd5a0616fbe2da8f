import { z } from 'zod';
import type { Operation } from '../../service';
import { type EventSourceMappings, describeMapping } from './event-source-mappings';

const one = z.object({ UUID: z.string() });
const listInput = z.object({ EventSourceArn: z.string().optional(), FunctionName: z.string().optional() });
const updateInput = z.strictObject({ UUID: z.string(), Enabled: z.boolean().optional() });

function getMapping(mappings: EventSourceMappings): Operation<z.infer<typeof one>> {
  return {
    input: one,
    permissions: ({ UUID }) => [permission(mappings, 'GetEventSourceMapping', UUID)],
    run: ({ UUID }) => describeMapping(mappings.find(UUID)),
  };
}

function listMappings(mappings: EventSourceMappings): Operation<z.infer<typeof listInput>> {
  return {
    input: listInput,
    permissions: () => [{ action: 'lambda:ListEventSourceMappings', resource: '*' }],
    run: ({ EventSourceArn, FunctionName }) => ({
      EventSourceMappings: mappings
        .list()
        .filter(({ mapping }) => !EventSourceArn || mapping.sourceArn === EventSourceArn)
        .filter(({ mapping }) => !FunctionName || mapping.target.arn === mappings.functions.arnOf(FunctionName))
        .map(describeMapping),
    }),
  };
}

function updateMapping(mappings: EventSourceMappings): Operation<z.infer<typeof updateInput>> {
  return {
    input: updateInput,
    permissions: ({ UUID }) => [permission(mappings, 'UpdateEventSourceMapping', UUID)],
    async run({ UUID, Enabled }, call) {
      const entry = mappings.find(UUID);
      const { arn, target, enabled } = entry.mapping;
      if (Enabled === undefined || Enabled === enabled) return describeMapping(entry);
      const name = target.configuration.function_name;
      call.record({ resource: arn, summary: `${name}: mapping ${Enabled ? 'enabled' : 'disabled'}` });
      await mappings.enable(entry, Enabled);
      return describeMapping(entry);
    },
  };
}

function permission({ runtime }: EventSourceMappings, action: string, uuid: string) {
  return { action: `lambda:${action}`, resource: runtime.arn('lambda', `event-source-mapping:${uuid}`) };
}

/** Operations on event source mappings. */
export function mappingOperations(mappings: EventSourceMappings): Record<string, Operation> {
  return {
    GetEventSourceMapping: getMapping(mappings),
    ListEventSourceMappings: listMappings(mappings),
    UpdateEventSourceMapping: updateMapping(mappings),
  };
}
