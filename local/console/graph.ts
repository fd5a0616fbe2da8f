import type { Configuration } from '../terraform/configuration';
import type { Node, Stack } from '../terraform/stack';
import { kinds, ways } from './kinds';
import { referents, valuesAt } from './referents';

/** An alarm that watches something on the map. */
export interface WatchingAlarm {
  readonly address: string;
  readonly name: string;
  readonly description: string;
}

/** A resource on the map. */
export interface GraphNode {
  /** `stack/aws_sqs_queue.name` */
  readonly id: string;
  readonly stack: string;
  readonly type: string;
  /** What it is, in a word: `queue`, `DLQ`. */
  readonly word: string;
  /** Name without what all names begin with. */
  readonly label: string;
  readonly alarms: readonly WatchingAlarm[];
}

/** A way that events take. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** Taken by what could not be delivered. */
  readonly isFailure: boolean;
}

/** The system as it is synthesized. */
export interface Graph {
  /** In the order of the manifest; those with nothing to draw are left out. */
  readonly stacks: readonly string[];
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

interface Declared {
  readonly node: Node;
  readonly stack: Stack;
}

/** The map of a synthesized application, from its Terraform JSON alone. */
export function graphOf(configuration: Configuration): Graph {
  const declared = configuration.stacks.flatMap((stack) =>
    stack.nodes.filter(({ mode }) => mode === 'resource').map((node) => ({ node, stack })),
  );
  const candidates = new Map(declared.filter(({ node }) => kinds[node.type]).map((it) => [it.node.address, it]));
  const find = finder(configuration, candidates);
  const edges = edgesOf(declared, find);
  const alarms = alarmsOf(declared, find, configuration);
  const ends = new Set(edges.map(({ to }) => to));
  const dead = new Set(edges.filter(({ isFailure }) => isFailure).map(({ to }) => to));
  const drawn = [...candidates.values()].filter(({ node }) => {
    if (node.type === 'aws_cloudwatch_metric_alarm') return alarms.unattached.has(node.address);
    return !kinds[node.type]!.onlyAsTarget || ends.has(node.address);
  });
  const isDrawn = new Set(drawn.map(({ node }) => node.address));
  const prefix = commonPrefix(drawn.map(({ node }) => lastName(node)));
  return {
    stacks: configuration.stacks.map(({ name }) => name).filter((name) => drawn.some((it) => it.stack.name === name)),
    nodes: drawn.map(({ node, stack }) => ({
      id: node.address,
      stack: stack.name,
      type: node.type,
      word: node.type === 'aws_sqs_queue' && dead.has(node.address) ? 'DLQ' : kinds[node.type]!.word,
      label: lastName(node).slice(prefix.length) || lastName(node),
      alarms: alarms.byNode.get(node.address) ?? [],
    })),
    edges: edges.filter(({ from, to }) => isDrawn.has(from) && isDrawn.has(to)),
  };
}

/** Finds the nodes that an argument names: by reference, or by an ARN that is put together of a literal name. */
type Find = (value: unknown, stack: Stack) => string[];

function finder(configuration: Configuration, candidates: ReadonlyMap<string, Declared>): Find {
  const byName = new Map([...candidates].map(([id, { node }]) => [`${kinds[node.type]!.service}:${nameOf(node)}`, id]));
  return (value, stack) => {
    const found = referents(value, stack, configuration).filter((address) => candidates.has(address));
    if (found.length > 0 || typeof value !== 'string') return found;
    const parts = /^arn:[^:]*:([\w-]+):[^:]*:[^:]*:(?:.*[/:])?([^/:]+)$/.exec(value.replaceAll(/\$\{[^}]*\}/g, ''));
    const named = parts && byName.get(`${parts[1]}:${parts[2]}`);
    return named ? [named] : [];
  };
}

function edgesOf(declared: readonly Declared[], find: Find): GraphEdge[] {
  const edges = new Map<string, GraphEdge>();
  for (const { node, stack } of declared) {
    for (const way of ways.filter(({ type }) => type === node.type)) {
      const ends = (path: string | undefined) =>
        path ? valuesAt(node.config, path).flatMap((value) => find(value, stack)) : [node.address];
      for (const from of ends(way.from)) {
        for (const to of ends(way.to)) {
          const key = `${from} ${to}`;
          if (from !== to && !edges.has(key)) edges.set(key, { from, to, isFailure: way.isFailure ?? false });
        }
      }
    }
  }
  return [...edges.values()];
}

interface Alarms {
  readonly byNode: ReadonlyMap<string, readonly WatchingAlarm[]>;
  /** Addresses of alarms that watch nothing on the map. */
  readonly unattached: ReadonlySet<string>;
}

/** Alarms by what their dimensions name: a node, or the function of an event source mapping. */
function alarmsOf(declared: readonly Declared[], find: Find, configuration: Configuration): Alarms {
  const byNode = new Map<string, WatchingAlarm[]>();
  const unattached = new Set<string>();
  const byAddress = new Map(declared.map((it) => [it.node.address, it]));
  for (const { node, stack } of declared) {
    if (node.type !== 'aws_cloudwatch_metric_alarm') continue;
    const { dimensions, alarm_description: description = '' } = node.config;
    const direct = find(dimensions, stack);
    const carried = referents(dimensions, stack, configuration).flatMap((address) => {
      const carrier = byAddress.get(address);
      return carrier?.node.config.function_name ? find(carrier.node.config.function_name, carrier.stack) : [];
    });
    const named = declared.find(({ node: { type, config } }) => {
      const { dimension, name } = kinds[type] ?? {};
      return dimension && name && valuesAt(dimensions, dimension)[0] === config[name];
    });
    const watched = direct[0] ?? carried[0] ?? named?.node.address;
    if (watched === undefined) unattached.add(node.address);
    else {
      const alarm = { address: node.address, name: nameOf(node), description: String(description) };
      byNode.set(watched, [...(byNode.get(watched) ?? []), alarm]);
    }
  }
  return { byNode, unattached };
}

/** The name in the configuration, without its expressions. */
function nameOf({ type, name, config }: Node): string {
  const given = config[kinds[type]!.name];
  const text = typeof given === 'string' ? given.replaceAll(/\$\{[^}]*\}/g, '').replace(/-+$/, '') : '';
  return text || name;
}

/** The name without the path of a log group. */
const lastName = (node: Node) => nameOf(node).replace(/^\/.*\//, '');

/** What all names begin with, up to a hyphen. */
function commonPrefix(names: readonly string[]): string {
  const [first = '', ...others] = names;
  let length = first.lastIndexOf('-') + 1;
  while (length > 0 && !others.every((name) => name.startsWith(first.slice(0, length)))) {
    length = first.lastIndexOf('-', length - 2) + 1;
  }
  return others.length > 0 ? first.slice(0, length) : '';
}
