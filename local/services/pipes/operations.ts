import { z } from 'zod';
import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import type { Operation, Service } from '../../service';
import { described, summary } from './description';
import type { RunningPipe } from './running-pipe';

const named = z.object({ Name: z.string().min(1).max(64) });

/** The operations on pipes: list, describe, start, stop. */
export function operations(runtime: Runtime, all: ReadonlyMap<string, RunningPipe>): Service['operations'] {
  const find = (name: string) => {
    const pipe = all.get(name);
    if (!pipe) throw new AwsError('NotFoundException', `Pipe ${name} does not exist.`, 404);
    return pipe;
  };
  const permissions = (action: string) => (input: z.infer<typeof named>) => [
    { action: `pipes:${action}`, resource: runtime.arn('pipes', `pipe/${input.Name}`) },
  ];
  const switching = (
    action: 'StartPipe' | 'StopPipe',
    desired: RunningPipe['desired'],
  ): Operation<z.infer<typeof named>> => ({
    input: named,
    permissions: permissions(action),
    async run({ Name }, call) {
      const pipe = find(Name);
      pipe.desired = desired;
      pipe.modified = runtime.clock.now() / 1000;
      if (desired === 'RUNNING') await pipe.start();
      else pipe.stop();
      call.record({ resource: pipe.arn, summary: `${Name} is ${pipe.state}` });
      return summary(pipe);
    },
  });
  return {
    ListPipes: listPipes(all),
    DescribePipe: {
      input: named,
      permissions: permissions('DescribePipe'),
      run: ({ Name }) => described(find(Name)),
    },
    StartPipe: switching('StartPipe', 'RUNNING'),
    StopPipe: switching('StopPipe', 'STOPPED'),
  };
}

function listPipes(all: ReadonlyMap<string, RunningPipe>): Operation {
  const input = z.object({
    NamePrefix: z.string().optional(),
    CurrentState: z.string().optional(),
    DesiredState: z.enum(['RUNNING', 'STOPPED']).optional(),
    SourcePrefix: z.string().optional(),
    TargetPrefix: z.string().optional(),
    Limit: z.coerce.number().int().min(1).max(100).default(100),
    NextToken: z.string().optional(),
  });
  return {
    input,
    permissions: () => [{ action: 'pipes:ListPipes', resource: '*' }],
    run(filter: z.infer<typeof input>) {
      const found = [...all.values()]
        .filter((pipe) => pipe.name.startsWith(filter.NamePrefix ?? ''))
        .filter((pipe) => pipe.arguments.source.startsWith(filter.SourcePrefix ?? ''))
        .filter((pipe) => pipe.arguments.target.startsWith(filter.TargetPrefix ?? ''))
        .filter((pipe) => filter.CurrentState === undefined || pipe.state === filter.CurrentState)
        .filter((pipe) => filter.DesiredState === undefined || pipe.desired === filter.DesiredState);
      const from = Number(filter.NextToken ?? 0);
      const to = from + filter.Limit;
      return { Pipes: found.slice(from, to).map(summary), ...(to < found.length && { NextToken: String(to) }) };
    },
  };
}
