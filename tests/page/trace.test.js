/** On the virtual clock the same program gives the same trace, byte for byte, on Node 20, Node 26, Chromium and Firefox. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { program, root } from '../js/programs/build.js';
import { NODES, nodeBinary } from '../lib/hosts.js';

/** A file of its own: loop.test.js bundles the same at the same time. */
const PACKAGE = 'build/tests/page/wasyncio-trace.js';
const SEEDS = [undefined, 1, 4294967295];
const PROGRAMS = ['traced', 'race', 'philosophers'];

/** What runs everywhere; `load` and `url` stand before it. */
const RUN = `
  const events = [];
  const app = await load(url, { clock: 'virtual', seed, trace: (more) => void events.push(...more), stdout() {}, stderr() {} });
  const code = await app.run();
  return JSON.stringify([code, events]);`;

/** @type {Map<string, string>} by program and seed */
const expected = new Map();
/** @type {Record<string, string>} */
const modules = {};

const key = (/** @type {string} */ name, /** @type {number | undefined} */ seed) => `${name}, seed ${seed ?? '–'}`;

export async function prepare() {
  mkdirSync(path.join(root, path.dirname(PACKAGE)), { recursive: true });
  await build({ entryPoints: [path.join(root, 'src/js/web.js')], outfile: path.join(root, PACKAGE), bundle: true, format: 'esm', target: 'es2022', logLevel: 'silent' });
  for (const name of PROGRAMS) modules[name] = await program(name);
  for (const host of NODES)
    for (const name of PROGRAMS)
      for (const seed of SEEDS) {
        const script = `import { load } from '${root}/src/js/node.js'; const url = ${JSON.stringify(modules[name])}, seed = ${seed}; process.stdout.write(await (async () => {${RUN}})());`;
        const trace = execFileSync(nodeBinary(host), ['--input-type=module', '-e', script], { encoding: 'utf8', maxBuffer: 1 << 26 });
        const before = expected.get(key(name, seed));
        if (before !== undefined) assert.ok(trace === before, `${host}: ${key(name, seed)}`);
        expected.set(key(name, seed), trace);
      }
}

/** @type {Record<string, (context: { page: import('puppeteer-core').Page, origin: string }) => Promise<void>>} */
export const tests = Object.fromEntries(
  PROGRAMS.map((name) => [
    `${name}: the trace is that of Node 20 and Node 26`,
    async ({ page, origin }) => {
      await page.goto(`${origin}/tests/page/blank.html`);
      for (const seed of SEEDS) {
        const url = `/${path.relative(root, modules[name]).split(path.sep).join('/')}`;
        const trace = /** @type {string} */ (await page.evaluate(`(async () => { const { load } = await import('/${PACKAGE}'); const url = ${JSON.stringify(url)}, seed = ${seed}; ${RUN} })()`));
        assert.ok(trace.length > 500);
        assert.equal(trace, expected.get(key(name, seed)), key(name, seed));
      }
    },
  ]),
);
