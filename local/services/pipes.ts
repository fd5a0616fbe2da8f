import type { Runtime } from '../runtime';
import { type Resource, type Service, jsonErrors } from '../service';
import { type PipeArguments, pipeArguments } from './pipes/arguments';
import { operations } from './pipes/operations';
import { type RunningPipe, runningPipe } from './pipes/running-pipe';

/** EventBridge Pipes: DynamoDB streams and SQS queues, by way of functions, to event buses and state machines. */
export function pipes(runtime: Runtime): Service {
  const all = new Map<string, RunningPipe>();
  runtime.onStart(async () => {
    for (const pipe of all.values()) if (pipe.desired === 'RUNNING') await pipe.start();
  });
  runtime.onStop(() => {
    for (const pipe of all.values()) pipe.stop();
  });
  return {
    name: 'pipes',
    // As the service's REST API answers.
    errors: {
      ...jsonErrors,
      accessDenied: { code: 'AccessDeniedException', status: 403 },
      throttled: { code: 'ThrottlingException', status: 429 },
      internal: { code: 'InternalException', status: 500 },
    },
    resources: {
      aws_pipes_pipe: {
        arguments: pipeArguments,
        async create({ arguments: settings }: Resource<PipeArguments>) {
          if (all.has(settings.name)) throw new Error(`There is already a pipe named ${settings.name}`);
          const pipe = runningPipe(runtime, settings);
          await pipe.check();
          all.set(pipe.name, pipe);
          return { id: pipe.name, name: pipe.name, arn: pipe.arn };
        },
      },
    },
    operations: operations(runtime, all),
  };
}
