import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build, type BuildOptions, buildSync, type OutputFile } from 'esbuild';
import type { IConstruct } from 'constructs';

const root = join(__dirname, '..');

/**
 * How every function is bundled: one minified CommonJS module with its source map, AWS SDK included.
 *
 * Not an ES module, and without dynamic imports: importing `node:http` evaluates all that it exports, `undici` among
 * them, which is a fifth of a cold start; requiring it does not.
 */
export const bundleOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  supported: { 'dynamic-import': false },
  mainFields: ['module', 'main'],
  conditions: ['module'],
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  charset: 'utf8',
  alias: {
    '@aws-sdk/credential-provider-node': join(root, 'lambdas/shared/credential-provider.ts'),
    '@smithy/core/event-streams': join(root, 'lambdas/shared/event-streams.ts'),
  },
  logLevel: 'error',
} as const satisfies BuildOptions;

/** Where bundles are written, were they written; source maps lead from here to the sources. */
const outdir = join(root, 'bundles');
const bundlesOf = new WeakMap<IConstruct, FunctionBundles>();

/** Collects the functions of an app, so that one run of the bundler serves them all. */
export class FunctionBundles {
  private readonly entries = new Map<string, string>();
  private bundled?: ReadonlyMap<string, Uint8Array>;

  /** The functions of the app that a construct stands in. */
  static of({ node: { root: app } }: IConstruct): FunctionBundles {
    const bundles = bundlesOf.get(app) ?? new FunctionBundles();
    bundlesOf.set(app, bundles);
    return bundles;
  }

  /**
   * @param name of the function; two functions of one name are an error
   * @param entry path of its source file
   */
  add(name: string, entry: string): void {
    if (this.entries.has(name)) throw new Error(`Two functions are called ${name}: give one of them another name`);
    if (!existsSync(entry)) throw new Error(`The function ${name} has no source file ${entry}`);
    this.entries.set(name, entry);
  }

  /** Bundles ahead of synthesis, which else does it itself, with a thread more: slower, and for 20 MiB. */
  async build(): Promise<void> {
    this.bundled = contents(await build(this.options));
  }

  /** Writes `index.js` and its source map of a function into a folder, which then holds nothing else: all of it is deployed. */
  write(name: string, folder: string): void {
    this.bundled ??= contents(buildSync(this.options));
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const file of ['index.js', 'index.js.map'])
      writeFileSync(join(folder, file), this.bundled.get(join(name, file))!);
  }

  private get options() {
    const entryPoints = Object.fromEntries([...this.entries].map(([name, entry]) => [`${name}/index`, entry]));
    return { ...bundleOptions, entryPoints, outdir, write: false } as const;
  }
}

function contents({ outputFiles }: { outputFiles: OutputFile[] }): ReadonlyMap<string, Uint8Array> {
  return new Map(outputFiles.map((file) => [relative(outdir, file.path), file.contents]));
}
