// hosts: node20
// needs: sysroot
/** The package as others get it: packed, installed, typed, imported, bundled. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const run = promisify(execFile);
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = mkdtempSync(join(tmpdir(), 'wasyncio-package-'));
const installed = join(folder, 'node_modules/wasyncio');

/** npm's own words about this machine's configuration are of no interest. @param {string[]} args @param {string} cwd */
const npm = (args, cwd) => run('npm', args, { cwd, env: { ...process.env, npm_config_loglevel: 'error' }, maxBuffer: 1 << 24 });

before(async () => {
  const { stdout } = await npm(['pack', '--json', '--ignore-scripts=false', '--foreground-scripts=false', '--pack-destination', folder], root);
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('[\n')));
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', join(folder, filename), '-C', installed, '--strip-components=1']);
  cpSync(join(root, 'node_modules/@bjorn3'), join(folder, 'node_modules/@bjorn3'), { recursive: true });
  mkdirSync(join(folder, 'node_modules/@types'));
  for (const name of ['@types/node', 'undici-types']) if (existsSync(join(root, 'node_modules', name))) symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }');
}, { timeout: 120_000 });

after(() => rmSync(folder, { recursive: true, force: true }));

const USER = `
import { load, App, WasyncioError, type LoadOptions, type TaskInfo } from 'wasyncio';

const options: LoadOptions = { args: ['a'], env: { A: '1' }, stdout: (text) => void text.length, imports: { ask: async (q: string) => q.length }, clock: 'virtual', worker: () => new URL('a:') };
const app: App = await load(new URL('app.wasm', 'file:///'), { ...options, signal: new AbortController().signal });
const code: number = await app.run();
const tasks: TaskInfo[] = app.tasks();
const parent: number | null | undefined = tasks[0]?.parent;
const closed: Promise<void> = app.close();
try {
  await app.exports.greet('you', { signal: AbortSignal.timeout(1) });
} catch (error) {
  if (error instanceof WasyncioError) console.log(error.name, error.code + code, error.where?.length, error.tasks.length, error.cause, parent, closed);
}
// @ts-expect-error
await load('app.wasm', { clock: 'slow' });
// @ts-expect-error
await load('app.wasm', { argv: [] });
// @ts-expect-error
new App();
// @ts-expect-error
App.create;
`;

describe('types', () => {
  for (const [module, moduleResolution, lib] of [['nodenext', 'nodenext', ['es2023', 'dom']], ['esnext', 'bundler', ['es2023', 'dom', 'dom.iterable']]]) {
    test(`strict, under ${moduleResolution}`, async () => {
      const project = join(folder, `ts-${moduleResolution}`);
      mkdirSync(project);
      writeFileSync(join(project, 'user.ts'), USER);
      const types = moduleResolution === 'nodenext' ? ['node'] : [];
      const compilerOptions = { module, moduleResolution, lib, types, target: 'es2022', strict: true, noEmit: true, skipLibCheck: false };
      writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
      writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['user.ts'] }));
      const { stdout } = await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project]).catch((error) => error);
      assert.equal(stdout, '');
    });
  }
});

const LISTENERS = `const before = ['unhandledRejection', 'uncaughtException', 'SIGINT', 'beforeExit', 'exit'].map((name) => process.listenerCount(name)).join();`;
const TELL = `console.log(typeof load, typeof App, new WasyncioError('EIO', 'x').name, before === ['unhandledRejection', 'uncaughtException', 'SIGINT', 'beforeExit', 'exit'].map((name) => process.listenerCount(name)).join());`;

describe('imported in Node', () => {
  for (const [name, source] of [
    ['esm.mjs', `${LISTENERS} const { load, App, WasyncioError } = await import('wasyncio'); ${TELL}`],
    ['common.cjs', `${LISTENERS} import('wasyncio').then(({ load, App, WasyncioError }) => { ${TELL} });`],
    ['web.mjs', `${LISTENERS} const { load, App, WasyncioError } = await import('./node_modules/wasyncio/dist/web.js'); ${TELL}`],
  ]) {
    test(`${name}: everything is there, and no listener is added`, async () => {
      writeFileSync(join(folder, name), source);
      const { stdout, stderr } = await run(process.execPath, [join(folder, name)]);
      assert.deepEqual([stdout, stderr], ['function function EIO true\n', '']);
    });
  }
});

describe('in a bundle for the browser', () => {
  for (const splitting of [true, false]) {
    test(splitting ? 'with splitting' : 'in one file', async () => {
      writeFileSync(join(folder, 'page.js'), "import { load } from 'wasyncio'; console.log(await (await load('app.wasm')).run());");
      const { warnings, outputFiles } = await build({ entryPoints: [join(folder, 'page.js')], bundle: true, format: 'esm', platform: 'browser', splitting, outdir: join(folder, 'out'), write: false, logLevel: 'silent' });
      assert.deepEqual(warnings, []);
      for (const { text } of outputFiles) assert.doesNotMatch(text, /from\s*["']node:/);
    });
  }
});

test('no code from text, and a map for every script', () => {
  const dist = join(installed, 'dist');
  const scripts = readdirSync(dist).filter((name) => name.endsWith('.js'));
  assert.ok(scripts.includes('web.js'));
  for (const name of scripts) {
    assert.doesNotMatch(readFileSync(join(dist, name), 'utf8'), /\beval\s*\(|new Function\b|\bFunction\s*\(/, name);
    assert.ok(existsSync(join(dist, `${name}.map`)), name);
  }
});

test('no install scripts', () => {
  const { scripts } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  assert.deepEqual(Object.keys(scripts).filter((name) => /install|prepare$|prepublish$/.test(name)), []);
});
