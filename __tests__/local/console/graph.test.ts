import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Graph, graphOf } from '../../../local/console/graph';
import { drawingOf } from '../../../local/console/layout';
import { svgOf } from '../../../local/console/svg';
import { loadConfiguration } from '../../../local/terraform/configuration';
import { synthesisFolder } from '../../synthesis';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Graph of stacks given by their resources; stacks keep their state where the others can read it. */
function graphFrom(stacks: Record<string, Record<string, unknown>>): Graph {
  const folder = mkdtempSync(join(tmpdir(), 'outbox-graph-'));
  folders.push(folder);
  const listed = Object.keys(stacks).map((name) => [
    name,
    { name, synthesizedStackPath: `stacks/${name}/cdk.tf.json` },
  ]);
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ stacks: Object.fromEntries(listed) }));
  for (const [name, blocks] of Object.entries(stacks)) {
    const terraform = { backend: { s3: { bucket: 'state', key: name } } };
    mkdirSync(join(folder, 'stacks', name), { recursive: true });
    const document = { terraform, provider: { aws: [{ region: 'eu-central-1' }] }, ...blocks };
    writeFileSync(join(folder, 'stacks', name, 'cdk.tf.json'), JSON.stringify(document));
  }
  return graphOf(loadConfiguration(folder));
}

/** Edges as `from -> to`, those for failures as `from --> to`. */
function arrows({ nodes, edges }: Graph): string[] {
  const named = (id: string) => nodes.filter((node) => node.id === id).map(({ word, label }) => `${word} ${label}`)[0];
  return edges.map(({ from, to, isFailure }) => `${named(from)} ${isFailure ? '-->' : '->'} ${named(to)}`);
}

describe('the synthesized application', () => {
  const graph = graphOf(loadConfiguration(synthesisFolder()));

  test('leads from the API to both effects', () => {
    expect(arrows(graph)).toEqual(
      expect.arrayContaining([
        'API order-api -> table orders',
        'table orders -> pipe orders',
        'pipe orders -> bus events',
        'pipe orders --> DLQ orders-pipe-dlq',
        'bus events -> rule order-created',
        'rule order-created -> queue order-confirmation',
        'rule order-created -> queue order-statistics',
        'rule order-created --> DLQ order-created-rule-dlq',
        'queue order-confirmation -> function order-confirmation',
        'queue order-confirmation --> DLQ order-confirmation-dlq',
        'function order-confirmation -> table order-confirmations',
        'function order-statistics -> table order-statistics',
      ]),
    );
  });

  test('has each alarm at what it watches, and nothing that carries no events', () => {
    const watched = (label: string) => graph.nodes.find((node) => node.label === label)!.alarms.map(({ name }) => name);
    expect(watched('order-api')).toEqual(['outbox-dev-order-api-5XXError']);
    expect(watched('orders-pipe-dlq')).toEqual(['outbox-dev-orders-pipe-dlq-ApproximateNumberOfMessagesVisible']);
    // Three by the function, two of them through its event source mapping.
    expect(watched('user-relay')).toHaveLength(3);
    expect(graph.stacks).not.toContain('state-backend');
    expect(graph.nodes.filter(({ word }) => word === 'alarm')).toEqual([]);
  });

  test('is laid out with every node inside the frame of its stack, and none on another', async () => {
    const { nodes, stacks, edges, width, height } = await drawingOf(graph);
    for (const node of nodes) {
      const frame = stacks.find(({ name }) => name === node.stack)!;
      expect(node.x).toBeGreaterThanOrEqual(frame.x);
      expect(node.y).toBeGreaterThan(frame.y);
      expect(node.x + node.width).toBeLessThanOrEqual(frame.x + frame.width);
      expect(node.y + node.height).toBeLessThanOrEqual(frame.y + frame.height);
      const others = nodes.filter(({ id }) => id !== node.id);
      expect(others.filter((other) => overlap(node, other))).toEqual([]);
    }
    for (const frame of stacks) expect(stacks.filter((other) => other !== frame && overlap(frame, other))).toEqual([]);
    for (const [x, y] of edges.flatMap(({ points }) => points)) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(width);
      expect(y).toBeLessThanOrEqual(height);
    }
  });
});

type Box = { x: number; y: number; width: number; height: number };
const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('another application', () => {
  test('gets its own map, by references over local values and other stacks', () => {
    const graph = graphFrom({
      source: {
        resource: {
          aws_dynamodb_table: { ships: { name: 'ships', stream_enabled: true } },
          aws_s3_bucket: { claims: { bucket: 'claims' }, unrelated: { bucket: 'unrelated' } },
        },
        output: { stream: { value: '${aws_dynamodb_table.ships.stream_arn}' } },
      },
      sink: {
        data: { terraform_remote_state: { source: { backend: 's3', config: { bucket: 'state', key: 'source' } } } },
        locals: { stream: '${data.terraform_remote_state.source.outputs.stream}' },
        resource: {
          aws_lambda_function: { track: { function_name: 'track' } },
          aws_lambda_event_source_mapping: {
            track: { event_source_arn: '${local.stream}', function_name: '${aws_lambda_function.track.arn}' },
          },
          aws_sns_topic: { harbor: { name: 'harbor' } },
          aws_sqs_queue: { lost: { name: 'lost' }, arrivals: { name: 'arrivals' } },
          aws_sns_topic_subscription: {
            arrivals: {
              topic_arn: '${aws_sns_topic.harbor.arn}',
              endpoint: 'arn:aws:sqs:eu-central-1:${data.aws_caller_identity.me.account_id}:arrivals',
              redrive_policy: '${jsonencode({ deadLetterTargetArn = aws_sqs_queue.lost.arn })}',
            },
          },
        },
      },
    });
    expect(arrows(graph)).toEqual([
      'table ships -> function track',
      'topic harbor -> queue arrivals',
      'topic harbor --> DLQ lost',
    ]);
    expect(graph.nodes.map(({ label }) => label)).not.toContain('unrelated');
  });

  test('with 40 consumers is drawn, none on another', async () => {
    const range = [...Array(40).keys()];
    const named = (resource: (index: number) => unknown) =>
      Object.fromEntries(range.map((it) => [`c${it}`, resource(it)]));
    const graph = graphFrom({
      wide: {
        resource: {
          aws_cloudwatch_event_bus: { bus: { name: 'bus' } },
          aws_cloudwatch_event_rule: named((it) => ({
            name: `rule-${it}`,
            event_bus_name: '${aws_cloudwatch_event_bus.bus.name}',
          })),
          aws_cloudwatch_event_target: named((it) => ({
            rule: `\${aws_cloudwatch_event_rule.c${it}.name}`,
            arn: `\${aws_lambda_function.c${it}.arn}`,
          })),
          aws_lambda_function: named((it) => ({ function_name: `consumer-${it}` })),
        },
      },
    });
    const { nodes } = await drawingOf(graph);
    expect(nodes).toHaveLength(81);
    expect(nodes.filter((node) => nodes.some((other) => other !== node && overlap(node, other)))).toEqual([]);
  });

  test('cannot put markup into the drawing by its names', async () => {
    const hostile = '"><script>alert(1)</script>&';
    const graph = graphFrom({ evil: { resource: { aws_sqs_queue: { q: { name: hostile } } } } });
    const svg = svgOf(await drawingOf(graph));
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;');
  });
});
