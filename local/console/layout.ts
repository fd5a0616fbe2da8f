import type { Graph, GraphEdge, GraphNode } from './graph';

/** A rectangle, in units of the drawing. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An edge with a line. */
export interface DrawnEdge extends GraphEdge {
  /** Corners of the line, from the beginning to the end. */
  readonly points: readonly (readonly [number, number])[];
}

/** A graph with places. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly stacks: readonly (Box & { readonly name: string })[];
  readonly nodes: readonly (Box & GraphNode)[];
  readonly edges: readonly DrawnEdge[];
}

const nodeHeight = 40;
/** Room between the nodes of a stack and its frame; above them is its name. */
const room = { side: 14, above: 26, below: 12 };

/** Lays a graph out from left to right, the nodes of a stack in one frame. */
export async function drawingOf({ stacks, nodes, edges }: Graph): Promise<Drawing> {
  const { Graph: Dagre, layout } = await import('@dagrejs/dagre');
  const dagre = new Dagre({ compound: true });
  dagre.setGraph({ rankdir: 'LR', nodesep: 22, ranksep: 28, edgesep: 10 });
  for (const name of stacks) dagre.setNode(`stack ${name}`, {});
  for (const node of nodes) {
    const width = Math.round(Math.max(96, node.label.length * 7.3 + 22, node.word.length * 6 + 50));
    dagre.setNode(node.id, { width, height: nodeHeight });
    dagre.setParent(node.id, `stack ${node.stack}`);
  }
  for (const { from, to, isFailure } of edges) dagre.setEdge(from, to, { weight: isFailure ? 1 : 3 });
  layout(dagre);
  const placed = nodes.map((node) => ({ ...node, ...centered(dagre.node(node.id)) }));
  const frames = stacks.map((name) => ({ name, ...frame(placed.filter(({ stack }) => stack === name)) }));
  const all = surrounding(frames, { side: 8, above: 8, below: 8 });
  const shift = <B extends Box>(box: B): B => ({ ...box, x: box.x - all.x, y: box.y - all.y });
  return {
    width: all.width,
    height: all.height,
    stacks: frames.map(shift),
    nodes: placed.map(shift),
    edges: edges.map((edge) => {
      const [from, to] = [edge.from, edge.to].map((end) => placed.find(({ id }) => id === end)!);
      const bends = dagre.edge(edge.from, edge.to).points as { x: number; y: number }[];
      const points = from!.stack === to!.stack ? bends : direct(from!, to!);
      return { ...edge, points: points.map(({ x, y }) => [Math.round(x - all.x), Math.round(y - all.y)] as const) };
    }),
  };
}

/** From one stack to another a line goes straight: the bends would lead it around inside the frames. */
function direct(from: Box, to: Box): { x: number; y: number }[] {
  return [
    { x: from.x + from.width, y: from.y + from.height / 2 },
    { x: to.x, y: to.y + to.height / 2 },
  ];
}

function centered({ x, y, width, height }: Box): Box {
  return { x: Math.round(x - width / 2), y: Math.round(y - height / 2), width, height };
}

const frame = (nodes: readonly Box[]) => surrounding(nodes, room);

function surrounding(boxes: readonly Box[], { side, above, below }: typeof room): Box {
  const x = Math.min(...boxes.map((box) => box.x)) - side;
  const y = Math.min(...boxes.map((box) => box.y)) - above;
  const right = Math.max(...boxes.map((box) => box.x + box.width)) + side;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + below;
  return { x, y, width: right - x, height: bottom - y };
}
