/** What a function answers, and the lines of JSON that it writes meanwhile. */
export async function captured<Result>(
  run: () => Promise<Result>,
): Promise<{ result: Result; lines: Record<string, any>[] }> {
  const lines: Record<string, any>[] = [];
  const write = (line: unknown) => (lines.push(JSON.parse(String(line))), true);
  const stdout = jest.spyOn(process.stdout, 'write').mockImplementation(write);
  const stderr = jest.spyOn(process.stderr, 'write').mockImplementation(write);
  try {
    return { result: await run(), lines };
  } finally {
    for (const spy of [stdout, stderr]) spy.mockRestore();
  }
}
