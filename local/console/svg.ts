import type { Drawing, DrawnEdge } from './layout';

/** A drawing as SVG: nodes carry `data-node`, edges `data-from` and `data-to`; classes say what they are. */
export function svgOf({ width, height, stacks, nodes, edges }: Drawing, style?: string): string {
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-label="Map of the system">`,
    ...(style ? [`<style>\n${style.trim()}\n</style>`] : []),
    '<defs>',
    ...['way', 'failure'].map(
      (name) =>
        `<marker id="${name}-end" class="end ${name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>`,
    ),
    '</defs>',
    ...stacks.map(
      ({ name, ...box }) =>
        `<g class="stack"><rect ${rectangle(box)} rx="10"/><text x="${box.x + 10}" y="${box.y + 16}">${escape(name)}</text></g>`,
    ),
    ...edges.map((edge) => {
      const name = edge.isFailure ? 'failure' : 'way';
      return `<path class="edge ${name}" data-from="${escape(edge.from)}" data-to="${escape(edge.to)}" d="${curve(edge)}" marker-end="url(#${name}-end)"/>`;
    }),
    ...nodes.map(({ id, word, label, ...box }) => {
      const left = box.x + 10;
      return [
        `<g class="node ${word.toLowerCase().replaceAll(' ', '-')}" data-node="${escape(id)}"><rect ${rectangle(box)} rx="6"/>`,
        `<text class="word" x="${left}" y="${box.y + 15}">${escape(word)}</text>`,
        `<text class="label" x="${left}" y="${box.y + 31}">${escape(label)}</text></g>`,
      ].join('');
    }),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

/** A line through the points with rounded corners; between two points an S. */
function curve({ points }: DrawnEdge): string {
  const [first, ...others] = points;
  const last = others.pop()!;
  if (others.length === 0) {
    const middle = Math.round((first![0] + last[0]) / 2);
    return `M${first![0]} ${first![1]}C${middle} ${first![1]} ${middle} ${last[1]} ${last[0]} ${last[1]}`;
  }
  const parts = others.map(([x, y], index) => {
    const [nextX, nextY] = others[index + 1] ?? last;
    return index === others.length - 1
      ? `Q${x} ${y} ${last[0]} ${last[1]}`
      : `Q${x} ${y} ${Math.round((x + nextX) / 2)} ${Math.round((y + nextY) / 2)}`;
  });
  return `M${first![0]} ${first![1]}${parts.join('')}`;
}

function rectangle({ x, y, width, height }: { x: number; y: number; width: number; height: number }): string {
  return `x="${x}" y="${y}" width="${width}" height="${height}"`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => entities[character]!);
}
