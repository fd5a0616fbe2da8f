import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagramOf } from '../../../local/console/diagram';
import { synthesisFolder } from '../../synthesis';

const file = join(__dirname, '../../../docs/architecture.svg');

test('docs/architecture.svg shows the stacks as they are: run npm run diagram', async () => {
  expect(readFileSync(file, 'utf8')).toBe(await diagramOf(synthesisFolder()));
});

test('the diagram is the same each time', async () => {
  expect(await diagramOf(synthesisFolder())).toBe(await diagramOf(synthesisFolder()));
});

test('it needs nothing else, and has the stacks by name in the light and in the dark', () => {
  const svg = readFileSync(file, 'utf8');
  expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|@import|<script|<image/);
  expect(svg).toContain('prefers-color-scheme: dark');
  for (const name of ['outbox-core', 'order-consumers', 'user-events']) expect(svg).toContain(`>${name}</text>`);
});
