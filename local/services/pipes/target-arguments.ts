import { z } from 'zod';
import { block } from '../../arguments';
import { dynamic, jsonPath, refused } from './fields';

/** Entries of one PutEvents (EventBridge Pipes user guide, batching). */
export const maximumBusBatch = 10;

const busParameters = z.strictObject({
  detail_type: dynamic('detail_type', 128).optional(),
  source: dynamic('source', 256)
    .refine(
      (source) => !source.startsWith('aws.'),
      'source must not start with "aws.": that is reserved for AWS services',
    )
    .optional(),
  resources: z.array(dynamic('resource', 2048)).max(10, 'at most 10 resources').optional(),
  time: z.string().regex(jsonPath, 'time must be a JSON path such as $.dynamodb.NewImage.time.S').optional(),
  endpoint_id: refused('endpoint_id', 'global endpoints have no local counterpart'),
});

/** `target_parameters` of a pipe. */
export const targetParameters = z.strictObject({
  input_template: refused('input_template', 'the target receives the event as it is'),
  eventbridge_event_bus_parameters: block(busParameters.optional()),
  step_function_state_machine_parameters: block(
    z.strictObject({ invocation_type: z.enum(['REQUEST_RESPONSE', 'FIRE_AND_FORGET']) }).optional(),
  ),
});

/** Checked parameters of a target. */
export type TargetParameters = z.infer<typeof targetParameters>;
type Fault = readonly [path: string, message: string];

/** Rules of an event bus as target. */
export function busFaults(parameters: TargetParameters | undefined): Fault[] {
  if (!parameters?.step_function_state_machine_parameters) return [];
  const path = 'target_parameters.step_function_state_machine_parameters';
  return [[path, 'step_function_state_machine_parameters are for state machines, not for buses']];
}

/** Rules of a state machine as target (service model, PipeTargetStateMachineParameters). */
export function machineFaults(parameters: TargetParameters | undefined): Fault[] {
  const faults: Fault[] = [];
  if (parameters?.eventbridge_event_bus_parameters) {
    const path = 'target_parameters.eventbridge_event_bus_parameters';
    faults.push([path, 'eventbridge_event_bus_parameters are for buses, not for state machines']);
  }
  const type = parameters?.step_function_state_machine_parameters?.invocation_type;
  if (type !== 'FIRE_AND_FORGET') {
    const found = type ? `got ${type}` : 'and REQUEST_RESPONSE is the default';
    const why = 'REQUEST_RESPONSE waits for the execution, which only Express workflows allow';
    const what = 'a Standard state machine needs invocation_type FIRE_AND_FORGET';
    faults.push(['target_parameters.step_function_state_machine_parameters', `${what}, ${found}: ${why}`]);
  }
  return faults;
}
