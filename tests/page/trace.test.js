// needs: oracle
/** On the virtual clock the same program gives the same trace, byte for byte, on Node 20, Node 26, Chromium and Firefox. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { build as buildOracle } from '../conformance/c/build.js';
import { generate } from '../conformance/lib/generate.js';
import { encode } from '../conformance/lib/ops.js';
import { program, root } from '../js/programs/build.js';
import { NODES, nodeBinary } from '../lib/hosts.js';
import { execute } from '../lib/process.js';

/** A file of its own: loop.test.js bundles the same at the same time. */
const PACKAGE = 'build/tests/page/wasyncio-trace.js';
const SEEDS = [undefined, 1, 4294967295];
const PROGRAMS = ['traced', 'race', 'philosophers'];

/** Of the oracle's generator: random, small, and of everything that there is. */
const GENERATED = 200;
const ORACLE = 'generated programs';

/** What runs everywhere; `load` and `url` stand before it. */
const RUN = `
  const events = [];
  const app = await load(url, { clock: 'virtual', seed, trace: (more) => void events.push(...more), stdout() {}, stderr() {} });
  const code = await app.run();
  return JSON.stringify([code, events]);`;

/** The same of many programs, one after another in one module (tests/conformance/c). */
const RUN_ALL = `
  const programs = ${JSON.stringify(Array.from({ length: GENERATED }, (_, i) => Buffer.from(encode(generate(5000 + i))).toString('hex')))};
  const events = [];
  let done = 0;
  const imports = { next_program: () => programs[done] ?? '', report: (bytes, left) => (events.push(left, [...bytes]), done++, 0) };
  const app = await load(url, { clock: 'virtual', seed, imports, trace: (more) => void events.push(...more), stdout() {}, stderr() {} });
  const code = await app.run();
  return JSON.stringify([code, done, events]);`;

/** @param {string} name */
const runOf = (name) => (name === ORACLE ? RUN_ALL : RUN);

/** @type {Map<string, string>} by program and seed */
const expected = new Map();
/** @type {Record<string, string>} */
const modules = {};

const key = (/** @type {string} */ name, /** @type {number | undefined} */ seed) => `${name}, seed ${seed ?? '–'}`;

export async function prepare() {
  mkdirSync(path.join(root, path.dirname(PACKAGE)), { recursive: true });
  await build({ entryPoints: [path.join(root, 'src/js/web.js')], outfile: path.join(root, PACKAGE), bundle: true, format: 'esm', target: 'es2022', logLevel: 'silent' });
  for (const name of PROGRAMS) modules[name] = await program(name);
  modules[ORACLE] = await buildOracle();
  for (const host of NODES)
    for (const name of Object.keys(modules))
      for (const seed of SEEDS) {
        const script = `import { load } from '${root}/src/js/node.js'; const url = ${JSON.stringify(modules[name])}, seed = ${seed}; process.stdout.write(await (async () => {${runOf(name)}})());`;
        const { code, stdout: trace, stderr } = await execute(nodeBinary(host), ['--input-type=module', '-e', script]);
        assert.equal(code, 0, `${host}: ${key(name, seed)}: ${stderr}`);
        const before = expected.get(key(name, seed));
        if (before !== undefined) assert.ok(trace === before, `${host}: ${key(name, seed)}`);
        expected.set(key(name, seed), trace);
      }
}

/** @type {Record<string, (context: { page: import('puppeteer-core').Page, origin: string }) => Promise<void>>} */
export const tests = Object.fromEntries(
  [...PROGRAMS, ORACLE].map((name) => [
    `${name}: the trace is that of Node 20 and Node 26`,
    async ({ page, origin }) => {
      await page.goto(`${origin}/tests/page/blank.html`);
      for (const seed of SEEDS) {
        const url = `/${path.relative(root, modules[name]).split(path.sep).join('/')}`;
        const trace = /** @type {string} */ (await page.evaluate(`(async () => { const { load } = await import('/${PACKAGE}'); const url = ${JSON.stringify(url)}, seed = ${seed}; ${runOf(name)} })()`));
        assert.ok(trace.length > (name === ORACLE ? 500 * GENERATED : 500));
        if (name === ORACLE) assert.match(trace, new RegExp(`^\\[0,${GENERATED},`));
        assert.ok(trace === expected.get(key(name, seed)), key(name, seed));
      }
    },
  ]),
);
