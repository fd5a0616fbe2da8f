import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildSync, type BuildOptions } from 'esbuild';

const root = join(__dirname, '..');

/** How every function is bundled: one minified ES module with its source map, AWS SDK included. */
export const bundleOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  mainFields: ['module', 'main'],
  conditions: ['module'],
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  charset: 'utf8',
  alias: { '@aws-sdk/credential-provider-node': join(root, 'lambdas/shared/credential-provider.ts') },
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  outExtension: { '.js': '.mjs' },
  logLevel: 'error',
} as const satisfies BuildOptions;

/** Collects the functions of an app, so that one run of the bundler serves them all. */
export class FunctionBundles {
  private readonly entries = new Map<string, string>();
  private bundled?: ReadonlyMap<string, Uint8Array>;

  /**
   * @param name of the function; two functions of one name are an error
   * @param entry path of its source file
   */
  add(name: string, entry: string): void {
    if (this.entries.has(name)) throw new Error(`Two functions are called ${name}: give one of them another name`);
    this.entries.set(name, entry);
  }

  /** Writes `index.mjs` and its source map of a function into a folder, which is made. */
  write(name: string, folder: string): void {
    this.bundled ??= this.bundle();
    mkdirSync(folder, { recursive: true });
    for (const file of ['index.mjs', 'index.mjs.map'])
      writeFileSync(join(folder, file), this.bundled.get(join(name, file))!);
  }

  private bundle(): ReadonlyMap<string, Uint8Array> {
    const outdir = join(root, 'bundles');
    const { outputFiles } = buildSync({
      ...bundleOptions,
      entryPoints: Object.fromEntries([...this.entries].map(([name, entry]) => [`${name}/index`, entry])),
      outdir,
      write: false,
    });
    return new Map(outputFiles.map(({ path, contents }) => [relative(outdir, path), contents]));
  }
}
