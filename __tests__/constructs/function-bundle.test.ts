import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleAhead, FunctionBundles } from '../../constructs/function-bundle';
import { synthesisFolder } from '../synthesis';

const root = join(__dirname, '../..');
const stacks = join(synthesisFolder(), 'stacks');
const folders = readdirSync(stacks)
  .map((stack) => join(stacks, stack, 'functions'))
  .filter((folder) => existsSync(folder));
/** Folder of each function, by name. */
const functions = new Map(
  folders.flatMap((folder) => readdirSync(folder).map((name) => [name, join(folder, name)] as const)),
);
const names = [...functions.keys()];
const codeOf = (name: string) => readFileSync(join(functions.get(name)!, 'index.js'));

test('there is a bundle for each function', () => {
  expect(names).toEqual([
    'retrieve-payload',
    'store-payload',
    'submit-sample',
    'retry-failed',
    'send-message',
    'start-delivery',
    'order-confirmation',
    'order-statistics',
    'audit-user',
    'create-user',
    'delete-user',
    'update-user',
    'user-relay',
    'welcome-user',
  ]);
});

describe.each(names)('%s', (name) => {
  const code = codeOf(name);
  const map = JSON.parse(readFileSync(join(functions.get(name)!, 'index.js.map'), 'utf8')) as Record<string, any>;

  test('is at most 90 KB, gzipped', () => {
    expect(gzipSync(code).length).toBeLessThanOrEqual(90_000);
  });

  test('names no path of the machine', () => {
    for (const text of [code.toString(), JSON.stringify(map)]) {
      expect(text).not.toContain(root);
      expect(text).not.toContain(tmpdir() + '/');
    }
  });

  test('takes credentials from the environment and nowhere else', () => {
    const providers = (map.sources as string[]).flatMap(
      (source) => /@aws-sdk\/(credential-provider[\w-]*)/.exec(source) ?? [],
    );
    expect([...new Set(providers.filter((it) => !it.includes('/')))]).toEqual(['credential-provider-env']);
    const others = ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_CREDENTIALS', 'sso_start_url', 'credential_process'];
    expect(others.filter((trace) => code.includes(trace))).toEqual([]);
  });

  test('has a source map that leads to the function and does not carry the sources', () => {
    expect(code.toString().trimEnd().split('\n').at(-1)).toBe('//# sourceMappingURL=index.js.map');
    expect(map.sourcesContent).toBeUndefined();
    const own = new RegExp(`^\\.\\./\\.\\./lambdas/[\\w-]+/${name}\\.ts$`);
    expect(map.sources).toContainEqual(expect.stringMatching(own));
    // The map is written as if the bundle lay in a folder two levels below the project.
    const missing = (map.sources as string[]).filter((source) => !existsSync(resolve(root, 'bundles', name, source)));
    expect(missing).toEqual([]);
  });
});

describe('FunctionBundles', () => {
  const entry = join(root, 'lambdas/orders/order-confirmation.ts');

  test('refuses two functions of one name, and a source file that is not there', () => {
    const bundles = new FunctionBundles();
    bundles.add('one', entry);
    expect(() => bundles.add('one', entry)).toThrow('Two functions are called one: give one of them another name');
    expect(() => bundles.add('two', '/nowhere/two.ts')).toThrow('The function two has no source file /nowhere/two.ts');
  });

  test('writes the same ahead of synthesis as in it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'outbox-bundle-'));
    const bundles = new FunctionBundles();
    bundles.add('order-confirmation', entry);
    await bundles.build();
    writeFileSync(join(folder, 'index.mjs'), 'left by an earlier synthesis');
    bundles.write('order-confirmation', folder);
    expect(readdirSync(folder)).toEqual(['index.js', 'index.js.map']);
    expect(readFileSync(join(folder, 'index.js')).equals(codeOf('order-confirmation'))).toBe(true);
  });

  test('bundles ahead beside what an editor leaves: links to nowhere, folders that are called like files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'outbox-lambdas-'));
    symlinkSync('nobody@nowhere.1', join(folder, '.#order-event.ts'));
    mkdirSync(join(folder, 'unsaved.ts'));
    expect(() => bundleAhead(folder)).not.toThrow();
    expect(() => bundleAhead(join(folder, 'none'))).not.toThrow();
  });

  test('names a function that was added too late', async () => {
    const bundles = new FunctionBundles();
    await bundles.build();
    bundles.add('late', entry);
    expect(() => bundles.write('late', mkdtempSync(join(tmpdir(), 'outbox-bundle-')))).toThrow(
      'The function late was added after the functions were bundled: add it before',
    );
  });

  test('takes what was bundled while cdktf loaded, and bundles what was not found then', async () => {
    const bundles = new FunctionBundles();
    bundleAhead();
    bundles.add('order-confirmation', entry);
    bundles.add('of-another-name', entry);
    await bundles.build();
    for (const name of ['order-confirmation', 'of-another-name']) {
      const folder = mkdtempSync(join(tmpdir(), 'outbox-bundle-'));
      bundles.write(name, folder);
      expect(readFileSync(join(folder, 'index.js')).equals(codeOf('order-confirmation'))).toBe(true);
    }
  });
});
