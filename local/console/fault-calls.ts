import type { Graph } from './graph';
import { kinds } from './kinds';

/** A call that a fault can hit. */
export interface FaultCall {
  /** To the node, by anybody, or by the node's role, to anything. */
  readonly direction: 'to' | 'by';
  /** IAM prefix. */
  readonly service: string;
  readonly operation: string;
}

/**
 * Calls to a node and by it that a fault can hit.
 *
 * @param role that the node acts with, if any
 */
export function faultCalls({ nodes, edges }: Graph, id: string, role: string | undefined): FaultCall[] {
  const calls = (direction: FaultCall['direction'], to: string): FaultCall[] => {
    const { service, operations = [] } = kinds[nodes.find((node) => node.id === to)!.type]!;
    return operations.map((operation) => ({ direction, service, operation }));
  };
  const targets = role === undefined ? [] : edges.filter(({ from }) => from === id).map(({ to }) => to);
  const all = [...calls('to', id), ...targets.flatMap((to) => calls('by', to))];
  return [...new Map(all.map((call) => [JSON.stringify(call), call])).values()];
}
