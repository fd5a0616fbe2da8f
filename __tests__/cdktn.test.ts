import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesIn, synthProcess } from './synth-process';

const root = join(__dirname, '..');
const modules = process.env.CDKTN_MODULES ?? join(root, 'node_modules');
const families = ['cdktn', '@cdktn/provider-aws', '@cdktn/provider-archive', 'constructs'];

/** Why the stacks cannot be synthesized with cdktn here. */
function missing(): string | undefined {
  const absent = families.filter((name) => !existsSync(join(modules, name, 'package.json')));
  if (absent.length) return `${absent.join(', ')} not found; name a node_modules folder with them in CDKTN_MODULES`;
  const [major] = process.versions.node.split('.');
  if (Number(major) < 22) return `cdktn needs Node.js 22, this is ${process.versions.node}`;
  return undefined;
}

const reason = missing();
if (reason) console.warn(`skipped: the stacks are not compared with those of cdktn: ${reason}`);

/** A copy of the stacks that imports the fork's packages; docs/operations.md tells to do the same. */
function movedCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'outbox-cdktn-'));
  for (const source of ['main.ts', 'stacks', 'constructs', 'lambdas', 'package.json', 'tsconfig.json']) {
    cpSync(join(root, source), join(copy, source), { recursive: true });
  }
  for (const path of Object.keys(filesIn(copy)).filter((name) => name.endsWith('.ts'))) {
    const text = readFileSync(join(copy, path), 'utf8');
    writeFileSync(join(copy, path), text.replaceAll(/'(@?)cdktf(?=['/])/g, "'$1cdktn"));
  }
  link(
    join(root, 'node_modules'),
    join(copy, 'node_modules'),
    (name) => !/^@?cdktf$|^@?cdktn$|^constructs$/.test(name),
  );
  link(modules, join(copy, 'node_modules'), (name) => /^@?cdktn$|^constructs$/.test(name));
  return copy;
}

function link(from: string, to: string, wanted: (name: string) => boolean): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from).filter(wanted)) symlinkSync(join(from, name), join(to, name));
}

/** Each stack's JSON as text, without metadata and without the version of the archive provider. */
function stacksIn(folder: string): Record<string, string> {
  const plain = (key: string, value: unknown) => (key === '//' ? undefined : value);
  const json = Object.entries(filesIn(folder)).filter(([path]) => path.endsWith('cdk.tf.json'));
  return Object.fromEntries(
    json.map(([path, text]) => {
      const stack = JSON.parse(text, plain);
      const { aws, archive } = stack.terraform.required_providers;
      if (archive) delete archive.version;
      // A source without a namespace means hashicorp's; cdktn writes it out.
      aws.source = aws.source.replace(/^hashicorp\//, '');
      return [path, JSON.stringify(stack, undefined, 1)];
    }),
  );
}

const describeHere = reason ? describe.skip : describe;

describeHere('cdktn', () => {
  test('writes the same stacks, metadata aside', () => {
    const copy = movedCopy();
    const out = join(copy, 'out');
    mkdirSync(out);
    const { status, stderr } = spawnSync(process.execPath, ['--require', require.resolve('tsx/cjs'), 'main.ts'], {
      cwd: copy,
      env: { ...process.env, CDKTF_OUTDIR: out },
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const moved = stacksIn(out);
    expect(Object.keys(moved)).toContain(join('stacks', 'outbox-core', 'cdk.tf.json'));
    expect(moved).toEqual(stacksIn(synthProcess().folder));
    rmSync(copy, { recursive: true, force: true });
  });
});
