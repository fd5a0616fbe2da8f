/**
 * Loads libraries without their source maps, when imported first: Node would parse each of them to map the stack traces
 * that cdktf takes of every token, for a quarter of the time and the memory of a synthesis. This project's own files keep
 * theirs, so that an error points to the line in the TypeScript source.
 */
const load = require.extensions['.js'];
require.extensions['.js'] = (module, filename) => {
  process.setSourceMapsEnabled(false);
  try {
    load?.(module, filename);
  } finally {
    process.setSourceMapsEnabled(true);
  }
};
