/**
 * How many bytes a page loads to run the three-sleeps program: the module and every script of ours that loads with it,
 * each as `gzip -9` makes it. `--check` fails above the limit; `--write` renews the row of docs/performance.md.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { buildProgram } from '../emsdk-config/build.js';
import { buildDist } from '../scripts/dist.js';
import { write } from './sections.js';

const LIMIT = 8 * 1024; // what issue 6 promises; bench/check.js notices any growth
/** As one would name it: the module has the name in it. */
const PROGRAM = relative(process.cwd(), join(dirname(fileURLToPath(import.meta.url)), 'programs/three_sleeps.c'));

/** Every module that is imported from now on is told. @param {(url: string) => void} onLoad */
function watchImports(onLoad) {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', onLoad).unref();
  const hooks = 'let port; export const initialize = (data) => { port = data; }; export const load = (url, context, next) => { port.postMessage(url); return next(url, context); };';
  register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: port2, transferList: [port2] });
}

/** @param {import('../emsdk-config/flags.js').Optimize} optimize @returns {Promise<{ wasm: number, scripts: { name: string, size: number }[] }>} */
export async function measure(optimize) {
  const scratch = mkdtempSync(join(tmpdir(), 'wasyncio-size-'));
  try {
    const wasm = join(scratch, 'three_sleeps.wasm');
    await Promise.all([buildProgram({ sources: [PROGRAM], output: wasm, optimize }), buildDist(join(scratch, 'dist'))]);
    /** @type {Set<string>} */
    const loaded = new Set();
    watchImports((url) => url.startsWith(pathToFileURL(scratch).href) && loaded.add(fileURLToPath(url)));
    const { load } = await import(pathToFileURL(join(scratch, 'dist/web.js')).href);
    const app = await load(readFileSync(wasm));
    const code = await app.run();
    if (code !== 0) throw new Error(`the program ended with ${code}`);
    await app.close();
    // the program and not node:zlib, whose deflate is tuned for speed: 2 % more
    const gzipped = (/** @type {string} */ file) => execFileSync('gzip', ['-9nc', file]).length;
    return { wasm: gzipped(wasm), scripts: [...loaded].map((file) => ({ name: basename(file), size: gzipped(file) })) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const optimize = /** @type {any} */ (process.argv.find((arg) => /^-O.$/.test(arg)) ?? '-Oz');
  const { wasm, scripts } = await measure(optimize);
  const total = scripts.reduce((sum, { size }) => sum + size, wasm);
  const rows = [{ name: `three_sleeps.wasm (${optimize})`, size: wasm }, ...scripts, { name: 'all, gzip -9', size: total }, { name: 'limit', size: LIMIT }];
  for (const { name, size } of rows) console.log(`${name.padEnd(28)}${String(size).padStart(7)}`);
  if (process.argv.includes('--write')) write('size', 'node bench/size.js', { total, rows });
  if (process.argv.includes('--check') && total > LIMIT) process.exitCode = 1;
}
