import type { TaskState } from './definition';
import type { Frame } from './frame';
import { demand } from './path';
import { StateError } from './state-error';

/**
 * Makes a task's call and writes its events.
 *
 * @throws StateError
 */
export async function runTask(frame: Frame, state: TaskState, input: unknown): Promise<unknown> {
  const { execution, thread } = frame;
  const { machine, beginning, runtime } = execution;
  const integration = machine.integrations.get(state.Resource)!;
  const parameters = frame.render(state.Parameters, input);
  const limit = limitOf(frame, state, input);
  const { kind, resourceType, resource } = integration;
  const common = kind === 'Task' ? { resourceType, resource } : {};
  const text = JSON.stringify(parameters);
  frame.add(`${kind}Scheduled`, {
    ...(kind === 'Task'
      ? { ...common, region: runtime.region, parameters: text }
      : { resource, input: text, inputDetails: { truncated: false } }),
    ...(limit !== undefined && { timeoutInSeconds: limit }),
  });
  frame.add(`${kind}Started`, common);
  try {
    const call = integration.run({
      parameters,
      principal: beginning.role,
      parents: [thread.hop],
      origin: [machine.arn, beginning.arn],
    });
    const result = frame.limited(await thread.scope.within(limit, call));
    frame.add(`${kind}Succeeded`, { ...common, output: JSON.stringify(result), outputDetails: { truncated: false } });
    return result;
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    frame.add(`${kind}${error.error === 'States.Timeout' ? 'TimedOut' : 'Failed'}`, { ...common, ...error.details });
    throw error;
  }
}

function limitOf(frame: Frame, state: TaskState, input: unknown): number | undefined {
  if (!state.TimeoutSecondsPath) return state.TimeoutSeconds;
  const seconds = demand(state.TimeoutSecondsPath, frame.documents(input), 'States.Runtime');
  if (typeof seconds === 'number' && Number.isInteger(seconds) && seconds > 0) return seconds;
  throw new StateError(
    'States.Runtime',
    `The TimeoutSecondsPath parameter does not reference a positive integer: ${JSON.stringify(seconds)}`,
  );
}
