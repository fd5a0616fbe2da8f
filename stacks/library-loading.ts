import { readFileSync } from 'node:fs';

/** A module as a loader of `require.extensions` gets it. */
interface Loading extends NodeJS.Module {
  _compile(code: string, filename: string): void;
}

const libraries = /node_modules[\\/](@cdktf|cdktf|constructs)[\\/]/;
const inlineMap = '\n//# sourceMappingURL=data:';
const load = require.extensions['.js'];

/**
 * Imported first, it loads the libraries of cdktf as they are and without the source maps that make up half of each file:
 * Node would parse them all for the stack trace that cdktf takes of every token, for a fifth of the time and of the memory
 * of a synthesis. This project's own files keep theirs, so that an error still points to a line of TypeScript.
 */
require.extensions['.js'] = (module, filename) => {
  if (!libraries.test(filename)) return load?.(module, filename);
  const code = readFileSync(filename, 'utf8');
  const end = code.lastIndexOf(inlineMap);
  return (module as Loading)._compile(end < 0 ? code : code.slice(0, end), filename);
};
