import type { AppliedState } from '../terraform/apply';
import type { Graph } from './graph';

/** What the map needs of a resource that runs. */
export interface Place {
  /** Node of the map. */
  readonly id: string;
  readonly arn: string;
  /** The name AWS knows it by. */
  readonly name: string;
  /** Role that it acts with. */
  readonly role?: string;
  readonly attributes: Readonly<Record<string, any>>;
}

/** Finds the nodes of the map that ARNs belong to. */
export class Places {
  private readonly byArn = new Map<string, string>();
  private readonly byId = new Map<string, Place>();

  constructor(graph: Graph, resources: AppliedState['resources']) {
    const applied = new Map(resources.map((resource) => [resource.address, resource]));
    for (const { id } of graph.nodes) {
      const attributes: Readonly<Record<string, any>> = applied.get(id)?.attributes ?? {};
      const { arn, execution_arn: executionArn, stream_arn: streamArn } = attributes;
      for (const one of [arn, executionArn, streamArn]) if (typeof one === 'string') this.byArn.set(one, id);
      const role = attributes.role ?? attributes.role_arn ?? attributes.target?.role_arn;
      const name = attributes.function_name ?? attributes.name ?? attributes.bucket ?? attributes.alarm_name ?? id;
      this.byId.set(id, { id, arn: executionArn ?? arn, name, attributes, ...(typeof role === 'string' && { role }) });
    }
    for (const { type, attributes } of resources) {
      const owner = type === 'aws_lambda_event_source_mapping' && this.byArn.get(String(attributes.function_arn));
      if (owner) this.byArn.set(String(attributes.arn), owner);
    }
  }

  get(id: string): Place | undefined {
    return this.byId.get(id);
  }

  /** The node with the ARN, or that owns it: the table of a stream, the bucket of an object, the machine of an execution. */
  find(arn: string): string | undefined {
    let text = arn.replace(/^(arn:[\w-]+:states:[^:]*:\d+:)(?:execution|express):/, '$1stateMachine:');
    while (text) {
      const id = this.byArn.get(text);
      if (id !== undefined) return id;
      text = text.slice(0, Math.max(text.lastIndexOf('/'), text.lastIndexOf(':'), 0));
    }
    return undefined;
  }
}
