import type { RolePrincipal } from '../../../principal';
import type { Runtime } from '../../../runtime';
import type { Pipe } from '../pipe';

/** What a pipe takes from its source. */
export interface Taken {
  /** Such as `a message`, for a person. */
  readonly what: string;
  /** The hops that brought it. */
  readonly parents: readonly number[];
  /** By what the source calls it. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Records that a pipe takes something to its target. @returns the hop, which causes what follows */
export function recordTaken(runtime: Runtime, pipe: Pipe, role: RolePrincipal, { what, parents, data }: Taken): number {
  return runtime.timeline.record({
    service: 'pipes',
    operation: 'batch',
    resource: pipe.arn,
    principal: role.arn,
    parents,
    summary: `${pipe.name} takes ${what} to ${pipe.arguments.target.split(/[/:]/).at(-1)!}`,
    data,
  });
}
