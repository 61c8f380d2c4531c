/** Builds the page: plain files that any static server can serve, without special headers. */
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { examples } from '../examples/list.js';
import { needs, root } from '../examples/needs.js';

const here = join(root, 'web');

/** Names of the header: what may suspend its caller, and what is a type. */
function readHeader() {
  const header = readFileSync(join(root, 'src/wasyncio.h'), 'utf8');
  /** @type {string[]} */
  const waits = ['WIO_GATHER', 'WIO_GATHER_EACH', 'WIO_TASK_GROUP', 'WIO_WITH_SEMAPHORE'];
  for (const [, comment, prototypes] of header.matchAll(/\/\*([^]*?)\*\/\n((?:[\w *]+\([^;{]*\);\n)+)/g)) {
    if (!/\bWaits\b/.test(comment) || /only in main/.test(comment)) continue;
    waits.push(...[...prototypes.matchAll(/^[\w *]*?(\w+)\(/gm)].map(([, name]) => name));
  }
  const types = [...header.matchAll(/^typedef .*?(\w+)(?:;|\()|^\} (\w+);/gm)].map(([, one, two]) => one ?? two).filter((name) => /^wio_/.test(name ?? ''));
  return { waits, types: [...new Set(types)] };
}

/**
 * @typedef {import('../examples/list.js').Example & { source?: string }} PageExample `source`: not in examples/
 * @param {{ output?: string, more?: PageExample[], progress?: (text: string) => void }} [options] `more`: examples after the others
 * @returns {Promise<string>} where it is
 */
export async function buildPage({ output = join(root, 'build/web'), more = [], progress = () => {} } = {}) {
  needs(['esbuild', '@bjorn3/browser_wasi_shim']);
  const [{ build }, { buildExample }] = await Promise.all([import('esbuild'), import('../examples/build.js')]);
  const shown = [...examples.filter(({ driver, nodeOnly }) => !driver && !nodeOnly), ...more];

  /** @type {string[]} */
  const modules = []; // all of them first: if one does not compile, the page of before stays
  for (const { name, source } of /** @type {PageExample[]} */ (shown)) modules.push(await buildExample(name, () => progress(`building ${name}.c`), source));
  rmSync(output, { recursive: true, force: true });
  mkdirSync(join(output, 'examples'), { recursive: true });
  for (const [i, { name, source }] of /** @type {PageExample[]} */ (shown).entries()) {
    copyFileSync(modules[i], join(output, 'examples', `${name}.wasm`));
    for (const ending of ['.c', '.py']) {
      const file = (source ?? join(root, 'examples', `${name}.c`)).replace(/\.c$/, ending);
      if (ending === '.c' || !source) copyFileSync(file, join(output, 'examples', name + ending));
    }
  }
  for (const file of readdirSync(here).filter((name) => /\.(html|css|svg)$/.test(name))) copyFileSync(join(here, file), join(output, file));

  const page = { examples: shown.map(({ name, title, hook, text, server = false }) => ({ name, title, hook, text, server })), ...readHeader() };
  progress('bundling');
  await build({
    entryPoints: { app: join(here, 'app.js'), worker: join(here, 'worker.js'), 'executor-worker': join(root, 'src/js/executor-worker.js') },
    outdir: output,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    alias: { wasyncio: join(root, 'src/js/web.js') },
    define: { PAGE: JSON.stringify(page), 'import.meta.url': 'self.location.href' }, // where the executor-worker is
    logLevel: 'warning',
  });
  return output;
}
