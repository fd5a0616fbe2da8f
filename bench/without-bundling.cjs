/** Preloaded into a synthesis: esbuild still transforms TypeScript for tsx, but bundles of functions come out empty. */
const { join } = require('node:path');

const path = require.resolve('esbuild');
const esbuild = require(path);

/** @param {{ entryPoints: Record<string, string>, outdir: string }} options */
async function build({ entryPoints, outdir }) {
  const files = Object.keys(entryPoints).flatMap((name) => [`${name}.js`, `${name}.js.map`]);
  return { outputFiles: files.map((file) => ({ path: join(outdir, file), contents: new Uint8Array() })) };
}

/** @type {NodeJS.Module} */ (require.cache[path]).exports = { ...esbuild, build };
