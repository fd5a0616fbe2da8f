import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scripts } from '../package.json';

const root = join(__dirname, '..');

/** The command that `npm start` and `npm test` stand for, as `help` writes it. */
const command = (script: string) => (['start', 'test'].includes(script) ? `npm ${script}` : `npm run ${script}`);

test('help has one line for each script, in the order of package.json', () => {
  const lines = readFileSync(join(root, 'help'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('npm '));
  expect(lines.map((line) => line.split(/ {2,}/)[0])).toEqual(Object.keys(scripts).map(command));
  for (const line of lines) expect(line).toMatch(/^npm (run )?[\w:]+ {2,}\S.{10,}$/);
});
