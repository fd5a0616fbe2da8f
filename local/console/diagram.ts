import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesizeApplication } from '../synthesize';
import { loadConfiguration } from '../terraform/configuration';
import { graphOf } from './graph';
import { drawingOf } from './layout';
import { svgOf } from './svg';

/**
 * The map of a synthesized application as an SVG file that needs nothing else.
 *
 * @param folder with `manifest.json`
 */
export async function diagramOf(folder: string): Promise<string> {
  const style = readFileSync(join(__dirname, 'page', 'map.css'), 'utf8');
  return svgOf(await drawingOf(graphOf(loadConfiguration(folder))), style);
}

async function main(): Promise<void> {
  const file = join(__dirname, '../../docs/architecture.svg');
  const synthesis = await synthesizeApplication();
  try {
    writeFileSync(file, await diagramOf(synthesis.folder));
    console.log(`Written: ${file}`);
  } finally {
    synthesis.remove();
  }
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
