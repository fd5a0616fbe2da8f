import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { build, type BuildOptions, buildSync, type OutputFile } from 'esbuild';
import type { IConstruct } from 'constructs';

const root = join(__dirname, '..');

/**
 * How every function is bundled: one minified CommonJS module with its source map, AWS SDK included.
 *
 * Not an ES module, and without dynamic imports: importing `node:http` evaluates all that it exports, `undici` among
 * them, which is a fifth of a cold start; requiring it does not.
 */
const bundleOptions = {
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

/** What the bundler writes: contents by path, such as `order-confirmation/index.js`. */
type Bundled = ReadonlyMap<string, Uint8Array>;

let ahead: { readonly entries: ReadonlyMap<string, string>; readonly bundled: Promise<Bundled> } | undefined;
const bundlesOf = new WeakMap<IConstruct, FunctionBundles>();

/**
 * Begins to bundle every function below a folder, in esbuild's own process, while this one loads cdktf: a third of a synthesis.
 * {@link FunctionBundles.build} takes what came of it: the functions that are called like their file. It bundles the others, or
 * all if one below the folder cannot be bundled.
 *
 * @param folder @default lambdas
 */
export function bundleAhead(folder = join(root, 'lambdas')): void {
  const entries = handlers(folder);
  const none: Bundled = new Map();
  // What cannot be bundled may be no function of the app; if it is one, it fails again and says why.
  const bundled = build({ ...optionsFor(entries), logLevel: 'silent' }).then(contents, () => none);
  ahead = { entries, bundled };
}

/** Collects the functions of an app, so that one run of the bundler serves them all. */
export class FunctionBundles {
  private readonly entries = new Map<string, string>();
  private bundled?: Bundled;

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

  /** Bundles before synthesis, which else does it itself, with a thread more: slower, and for 20 MiB. */
  async build(): Promise<void> {
    const found = (await ahead?.bundled) ?? new Map();
    const isFound = ([name, entry]: [string, string]) =>
      ahead?.entries.get(name) === entry && found.has(join(name, 'index.js'));
    const others = new Map([...this.entries].filter((one) => !isFound(one)));
    const rest = others.size > 0 ? contents(await build(optionsFor(others))) : [];
    this.bundled = new Map([...found, ...rest]);
  }

  /** Writes `index.js` and its source map of a function into a folder, which then holds nothing else: all of it is deployed. */
  write(name: string, folder: string): void {
    this.bundled ??= contents(buildSync(optionsFor(this.entries)));
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const file of ['index.js', 'index.js.map']) {
      const content = this.bundled.get(join(name, file));
      if (!content) throw new Error(`The function ${name} was added after the functions were bundled: add it before`);
      writeFileSync(join(folder, file), content);
    }
  }
}

function optionsFor(entries: ReadonlyMap<string, string>) {
  const entryPoints = Object.fromEntries([...entries].map(([name, entry]) => [`${name}/index`, entry]));
  return { ...bundleOptions, entryPoints, outdir, write: false } as const;
}

function contents({ outputFiles }: { outputFiles: OutputFile[] }): Bundled {
  return new Map(outputFiles.map((file) => [relative(outdir, file.path), file.contents]));
}

/** Source files below a folder that export a `handler`, by their name. */
function handlers(folder: string): ReadonlyMap<string, string> {
  const entries = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  const exporting = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => /^export (const|async function|function) handler\b/m.test(readFileSync(file, 'utf8')));
  return new Map(exporting.map((file) => [basename(file, '.ts'), file]));
}
