/** Builds the page: plain files that any static server can serve, without special headers. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { apiEntries, wholeHeader } from '../docs/make-reference.js';
import { buildLibrary } from '../emsdk-config/build.js';
import { buildExample } from '../examples/build.js';
import { examples } from '../examples/list.js';
import { needs, root } from '../examples/needs.js';
import { pairs as ofExamples } from './lessons/example-pairs.js';
import { lessons } from './lessons/list.js';
import { copyFormatter, copyToolchain } from './compiler/parts.js';

const here = join(root, 'web');

/**
 * @typedef {import('./shell/lesson.js').Program & { source: string, twinSource?: string }} PageProgram `source`: its C file
 * @typedef {{ name: string, title: string, hook: string, text: string, source: string, realTime?: boolean }} More
 */

/** @param {More[]} more @returns {PageProgram[]} */
function programs(more) {
  const fromExample = (/** @type {string} */ name) => join(root, 'examples', `${name}.c`);
  return [
    ...lessons.map(({ example, ...lesson }) => {
      const source = example ? fromExample(example) : join(here, 'lessons', `${lesson.name}.c`);
      return { ...lesson, kind: /** @type {const} */ ('lesson'), file: 'main.c', twin: true, source, twinSource: source.replace(/\.c$/, '.py') };
    }),
    ...examples.filter(({ driver, nodeOnly }) => !driver && !nodeOnly).map(({ name, title, hook, text, server, realTime }) => ({
      name, title, hook, text, server, realTime, heading: title, kind: /** @type {const} */ ('example'), file: `${name}.c`, twin: true, pairs: ofExamples[name], source: fromExample(name), twinSource: fromExample(name).replace(/\.c$/, '.py'),
    })),
    ...more.map((each) => ({ ...each, heading: each.title, kind: /** @type {const} */ ('example'), file: `${each.name}.c` })),
  ];
}

/** Places in a program are called by the name of its file, so it is built under that. @param {PageProgram} program @param {(text: string) => void} progress */
async function buildModule({ name, kind, file, source }, progress) {
  let path = source;
  if (kind === 'lesson') {
    const folder = join(root, 'build/lessons', name);
    path = join(folder, file);
    mkdirSync(folder, { recursive: true });
    if (!existsSync(path) || readFileSync(path, 'utf8') !== readFileSync(source, 'utf8')) copyFileSync(source, path);
  }
  return buildExample(kind === 'lesson' ? `lesson-${name}` : name, () => progress(`building ${name}`), path);
}

/** As many at a time as there are processors. @param {PageProgram[]} programs @param {(text: string) => void} progress */
async function buildModules(programs, progress) {
  /** @type {string[]} */
  const modules = [];
  await buildLibrary(); // once, not by each of them
  let next = 0;
  const worker = async () => {
    for (let i; (i = next++) < programs.length; ) modules[i] = await buildModule(programs[i], progress);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return modules;
}

/** Names of the header: what may suspend its caller, and what is a type. */
function readNames() {
  const entries = apiEntries();
  const types = entries.filter(({ code }) => code.startsWith('typedef')).flatMap(({ names }) => names).filter((name) => /^wio_/.test(name));
  return { entries, types: [...new Set(types)], waits: entries.filter(({ waits }) => waits).flatMap(({ names }) => names).filter((name) => !/^wio_run/.test(name)), api: entries.flatMap(({ names }) => names) };
}

/** CodeMirror's styles as a constructed sheet: its <style> element is what a strict policy refuses. */
const adoptedStyles = {
  name: 'adopted-styles',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onLoad({ filter: /style-mod\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const changed = text.replace('if (!root.head && root.adoptedStyleSheets', 'if (root.adoptedStyleSheets');
      if (changed === text) throw new Error(`${path} is not as expected: look how it mounts its styles`);
      return { contents: changed };
    });
  },
};

/** @param {string} folder @returns {string[]} relative paths */
const filesBelow = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)).replaceAll('\\', '/'));

/**
 * @param {{ output?: string, more?: More[], progress?: (text: string) => void }} [options] `more`: programs after the examples
 * @returns {Promise<string>} where it is
 */
export async function buildPage({ output = join(root, 'build/web'), more = [], progress = () => {} } = {}) {
  needs(['esbuild', '@bjorn3/browser_wasi_shim', '@codemirror/view', 'fflate']);
  const { build } = await import('esbuild');
  const shown = programs(more);
  const modules = await buildModules(shown, progress); // all of them first: if one does not compile, the page of before stays
  rmSync(output, { recursive: true, force: true });
  shown.forEach(({ name, file, source, twinSource }, i) => {
    const folder = join(output, 'programs', name);
    mkdirSync(folder, { recursive: true });
    copyFileSync(modules[i], join(folder, 'program.wasm'));
    copyFileSync(source, join(folder, file));
    if (twinSource) copyFileSync(twinSource, join(folder, 'twin.py'));
  });
  for (const file of ['index.html', 'icon.svg']) copyFileSync(join(here, file), join(output, file));
  const { entries, ...names } = readNames();
  writeFileSync(join(output, 'api.json'), JSON.stringify(entries));
  writeFileSync(join(output, 'wasyncio.h'), wholeHeader());
  const toolchain = await copyToolchain(output, progress);
  const formatter = copyFormatter(output);
  const { version, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const page = {
    programs: shown.map(({ source, twinSource, pairs = [], ...program }) => ({ ...program, pairs: pairs.map(([c, , python]) => [c, '', python, '']) })), // what the lines say is for their test
    ...names,
    compiler: toolchain?.bytes ?? 0,
    version,
    tools: Object.fromEntries(['@yowasp/clang', 'binaryen'].map((name) => [name, devDependencies[name]])),
  };
  progress('bundling');
  /** @type {import('esbuild').BuildOptions} */
  const common = { outdir: output, bundle: true, minify: true, target: 'es2022', charset: 'utf8', logLevel: 'warning', plugins: [adoptedStyles] };
  const alias = { wasyncio: join(root, 'src/js/web.js'), 'wasyncio/chrome-trace': join(root, 'src/js/debug/chrome-trace.js'), 'wasyncio/toolchain': toolchain ? join(root, 'emsdk-config/npm/toolchain.js') : join(here, 'compiler/none.js') };
  await build({ ...common, alias, entryPoints: { app: join(here, 'app.js'), style: join(here, 'style.css') }, format: 'esm', splitting: true, chunkNames: 'part-[hash]', define: { PAGE: JSON.stringify(page) } });
  await build({ ...common, alias, entryPoints: { worker: join(here, 'program/worker.js'), 'executor-worker': join(root, 'src/js/workers/executor-worker.js') }, format: 'iife', define: { 'import.meta.url': 'self.location.href' } });
  await build({ ...common, alias, entryPoints: { compiler: join(here, 'compiler/worker.js') }, format: 'iife', define: { TOOLCHAIN: JSON.stringify(toolchain) } });
  await build({ ...common, alias: formatter ? {} : { '@wasm-fmt/clang-format/web': join(here, 'compiler/none.js') }, entryPoints: { formatter: join(here, 'format/worker.js') }, format: 'iife', define: { FORMATTER: JSON.stringify(formatter), 'import.meta.url': 'self.location.href' } });
  const files = filesBelow(output).filter((file) => !file.startsWith('toolchain/'));
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(join(output, file)));
  const offline = { version: hash.digest('hex').slice(0, 12), files: ['./', ...files.filter((file) => file !== 'index.html').sort()] };
  await build({ ...common, entryPoints: { sw: join(here, 'sw.js') }, format: 'iife', define: { OFFLINE: JSON.stringify(offline) } });
  return output;
}

