import { type Failing, type Outcome, attempt } from './attempts';
import { branches } from './branches';
import type { Machine, State } from './definition';
import type { Execution } from './execution';
import { Frame, type Thread } from './frame';
import { type Expression, evaluate } from './intrinsics';
import { type Path, demand, write } from './path';
import { StateError } from './state-error';
import { runTask } from './task';

/**
 * Runs states up to an end.
 *
 * @throws StateError that no state caught; Ended if the thread's scope has ended
 */
export async function runStates(
  execution: Execution,
  machine: Machine,
  input: unknown,
  thread: Thread,
): Promise<unknown> {
  let name: string | undefined = machine.StartAt;
  let data = input;
  while (name !== undefined) {
    thread.scope.check();
    if (execution.history.isFull)
      throw new StateError('States.Runtime', 'The execution reached the maximum number of history events (25000).');
    const state: State = machine.States[name]!;
    const frame: Frame = new Frame(execution, name, thread);
    frame.add(`${state.Type}StateEntered`, { name, input: JSON.stringify(data), inputDetails: { truncated: false } });
    const outcome: Outcome = await runState(frame, state, data);
    thread.scope.check();
    data = frame.limited(outcome.output);
    frame.add(`${state.Type}StateExited`, {
      name,
      output: JSON.stringify(data),
      outputDetails: { truncated: false },
    });
    name = outcome.next;
  }
  return data;
}

async function runState(frame: Frame, state: State, data: unknown): Promise<Outcome> {
  if (state.Type === 'Fail') return fail(frame, state, data);
  const input = filtered(frame, state.InputPath, data);
  const leave = (output: unknown, next?: string): Outcome => ({
    output: frame.limited(filtered(frame, state.OutputPath, output)),
    next,
  });
  switch (state.Type) {
    case 'Succeed':
      return leave(input);
    case 'Choice': {
      const documents = frame.documents(input);
      const next = state.Choices.find(({ holds }) => holds(documents))?.next ?? state.Default;
      if (next !== undefined) return leave(input, next);
      throw new StateError('States.NoChoiceMatched', `State '${frame.name}': no choice matched, and it has no Default`);
    }
    case 'Pass': {
      const result = state.Result === undefined ? frame.render(state.Parameters, input) : state.Result;
      return leave(kept(state.ResultPath, data, result), state.Next);
    }
    case 'Wait': {
      const pause = pauseOf(frame, state, input);
      frame.record({ operation: 'wait', summary: `waits ${(pause / 1000).toFixed(1)} s` });
      await frame.thread.scope.sleep(pause);
      return leave(input, state.Next);
    }
    default:
      return attempt(frame, state, data, async () => {
        const result = frame.render(state.ResultSelector, await resultOf(frame, state, input));
        return leave(kept(state.ResultPath, data, result), state.Next);
      });
  }
}

async function resultOf(frame: Frame, state: Failing, input: unknown): Promise<unknown> {
  if (state.Type === 'Task') return runTask(frame, state, input);
  if (state.Type === 'Parallel') {
    const given = frame.render(state.Parameters, input);
    const runs = state.Branches.map(
      (branch) => async (thread: Thread) => runStates(frame.execution, branch, given, thread),
    );
    return branches(
      frame,
      'ParallelState',
      runs.map((run) => ({ run })),
      0,
    );
  }
  const items = demand(state.ItemsPath, frame.documents(input), 'States.Runtime');
  if (!Array.isArray(items))
    throw new StateError('States.Runtime', `Reference path "${state.ItemsPath.text}" must point to array.`);
  const runs = items.map((value: unknown, index) => ({
    map: { Item: { Index: index, Value: value } },
    async run(thread: Thread) {
      const inner = new Frame(frame.execution, frame.name, thread);
      inner.add('MapIterationStarted', { name: frame.name, index });
      const selected = state.ItemSelector ? inner.render(state.ItemSelector, input) : value;
      try {
        const output = await runStates(frame.execution, state.ItemProcessor, selected, thread);
        inner.add('MapIterationSucceeded', { name: frame.name, index });
        return output;
      } catch (error) {
        inner.add(`MapIteration${error instanceof StateError ? 'Failed' : 'Aborted'}`, { name: frame.name, index });
        throw error;
      }
    },
  }));
  return branches(frame, 'MapState', runs, state.MaxConcurrency, { length: items.length });
}

function fail(frame: Frame, state: Extract<State, { Type: 'Fail' }>, data: unknown): never {
  const given = (expression: Expression | undefined, text = '') => {
    if (!expression) return text;
    const value = evaluate(expression, frame.documents(data), frame.execution.runtime.random);
    if (typeof value === 'string') return value;
    throw new StateError('States.Runtime', `State '${frame.name}': expected a string, got ${JSON.stringify(value)}`);
  };
  throw new StateError(given(state.ErrorPath, state.Error), given(state.CausePath, state.Cause));
}

function filtered(frame: Frame, path: Path | null, data: unknown): unknown {
  return path ? demand(path, frame.documents(data), 'States.Runtime') : {};
}

function kept(path: Path | null, data: unknown, result: unknown): unknown {
  return path ? write(data, path, result) : data;
}

/** Milliseconds to wait; a time that is past is not waited for. */
function pauseOf(frame: Frame, state: Extract<State, { Type: 'Wait' }>, input: unknown): number {
  const at = (path: Path) => demand(path, frame.documents(input), 'States.Runtime');
  const seconds = state.SecondsPath ? at(state.SecondsPath) : state.Seconds;
  if (typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 0) return seconds * 1000;
  const time = state.TimestampPath ? at(state.TimestampPath) : state.Timestamp;
  const due = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  if (!Number.isNaN(due)) return Math.max(0, due - frame.execution.runtime.clock.now());
  throw new StateError(
    'States.Runtime',
    `State '${frame.name}' cannot wait for ${JSON.stringify(seconds ?? time)}: expected whole seconds or a timestamp`,
  );
}
