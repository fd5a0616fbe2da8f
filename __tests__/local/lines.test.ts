import { setImmediate } from 'node:timers/promises';
import { linesTo } from '../../local/lines';

function recorded() {
  const writes: string[] = [];
  return { writes, lines: linesTo({ write: (text) => writes.push(text) }) };
}

test('lines of one turn of the event loop are one write, in order', async () => {
  const { writes, lines } = recorded();
  lines.write('a');
  lines.write('b');
  expect(writes).toEqual([]);
  await setImmediate();
  lines.write('c');
  await setImmediate();
  expect(writes).toEqual(['a\nb\n', 'c\n']);
});

test('flush writes at once what waits, and nothing twice', async () => {
  const { writes, lines } = recorded();
  lines.write('a');
  lines.flush();
  lines.flush();
  await setImmediate();
  expect(writes).toEqual(['a\n']);
});
