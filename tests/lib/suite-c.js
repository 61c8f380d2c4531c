/**
 * tests/c/*.c and *.cpp: each is built once, and the same wasm runs in every host.
 *
 * Directives in the first comment lines: "// hosts: node20 node26", "// clock: virtual", "// flags: -O0 -DX=1",
 * "// exit: 3", "// stderr: regular expression" (any number), "// args: a b", "// env: NAME=value" (any number),
 * "// sources: more.c" (in tests/c/parts/), "// files: /data" (an empty directory in memory), "// build: threads" (as with
 * --threads; pages are then cross-origin isolated).
 */
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { HOSTS, NODES, ROOT, nodeBinary } from './hosts.js';
import { execute } from './process.js';
import { directives, filesIn, hostsOf, testEnvironment } from './suite.js';
import { judge } from './tap.js';

/** @typedef {import('./suite.js').Unit} Unit */

const TIMEOUT = 120_000;

/** @returns {Promise<Unit[]>} */
export async function units() {
  return Promise.all((await filesIn('tests/c', ['.c', '.cpp'])).map((name) => unit(name, 'c', HOSTS, 'emscripten')));
}

/**
 * @param {string} name @param {string} suite @param {import('./hosts.js').Host[]} hosts
 * @param {import('../../emsdk-config/build.js').Toolchain} toolchain @returns {Promise<Unit>}
 */
export async function unit(name, suite, hosts, toolchain) {
  const file = path.join(ROOT, 'tests/c', name);
  const found = await directives(file);
  const id = `${suite}/${name.replace(/\.c(pp)?$/, '')}`;
  // The ending stays in the name, so that x.c and x.cpp do not overwrite each other.
  const wasm = path.join(ROOT, 'build/tests', suite, `${name}.wasm`);
  const expected = { exit: found.exit && Number(found.exit[0]), stderr: found.stderr };
  const isolated = !!found.build?.includes('threads');
  const clock = found.clock?.[0] ?? 'real';
  if (clock !== 'real' && clock !== 'virtual') throw new Error(`${id}: unknown clock "${clock}": real or virtual`);
  const files = found.files && Object.fromEntries(found.files.map((name) => [name, {}]));
  const given = Object.fromEntries((found.env ?? []).map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
  return {
    id,
    places: isolated && toolchain === 'npm' ? [] : hostsOf(found, hosts), // its pack has no libraries with threads
    prepare: () => buildOnce(file, wasm, found, toolchain),
    async run(place, { server, browsers, filter }) {
      const args = [...(found.args?.join(' ').split(/\s+/) ?? []), ...(filter ? [filter] : [])];
      const env = { ...testEnvironment(server, id, place), ...given };
      if (NODES.includes(/** @type {any} */ (place))) {
        const script = path.join(ROOT, 'tests/lib/run-node.js');
        const options = JSON.stringify({ args, env, clock, files });
        return judge(await execute(nodeBinary(/** @type {any} */ (place)), [script, wasm, options], { cwd: ROOT, timeout: TIMEOUT }), expected);
      }
      const url = '/' + path.relative(ROOT, wasm).split(path.sep).join('/');
      return judge(await (await browsers()).run(/** @type {any} */ (place), { url, args, env, clock, files, isolated }, TIMEOUT), expected);
    },
  };
}

/** What buildProgram takes apart from the other flags. @param {string} flag */
const isOptimize = (flag) => /^-(O.|g)$/.test(flag);

/**
 * Builds unless the same inputs were built before.
 * @param {string} file @param {string} wasm @param {Record<string, string[]>} found
 * @param {import('../../emsdk-config/build.js').Toolchain} toolchain
 */
async function buildOnce(file, wasm, found, toolchain) {
  const flags = (found.flags ?? []).join(' ').split(/\s+/).filter(Boolean);
  const more = (found.sources ?? []).join(' ').split(/\s+/).filter(Boolean).map((name) => path.join(ROOT, 'tests/c/parts', name));
  const sources = [file, ...more];

  const key = createHash('sha256').update(JSON.stringify([flags, found.build])).update(await runtimeKey());
  for (const source of sources) key.update(await readFile(source));
  const digest = key.digest('hex');
  const built = await access(wasm).then(() => readFile(`${wasm}.key`, 'utf8')).catch(() => '');
  if (built === digest) return;

  await mkdir(path.dirname(wasm), { recursive: true });
  const { build } = await import('./builder.js');
  await build({
    sources,
    output: wasm,
    toolchain,
    threads: !!found.build?.includes('threads'),
    optimize: /** @type {any} */ (flags.find(isOptimize)) ?? '-O2',
    includes: [path.join(ROOT, 'tests/c')],
    // A warning is a failure: the header promises to have none.
    extra: ['-Wall', '-Wextra', '-Werror', ...flags.filter((flag) => !isOptimize(flag))],
  });
  await writeFile(`${wasm}.key`, digest);
}

/** @type {Promise<string> | undefined} */
let runtime;

/** Everything but the program itself that decides what comes out. */
function runtimeKey() {
  return (runtime ??= (async () => {
    const hash = createHash('sha256');
    for (const folder of ['src', 'emsdk-config']) {
      const names = (await readdir(path.join(ROOT, folder), { recursive: true })).map(String).sort();
      for (const name of names.filter((name) => /\.(c|h|S|s)$/.test(name) || folder === 'emsdk-config')) {
        hash.update(name).update(await readFile(path.join(ROOT, folder, name)).catch(() => ''));
      }
    }
    hash.update(await readFile(path.join(ROOT, 'tests/c/check.h')));
    return hash.digest('hex');
  })());
}
