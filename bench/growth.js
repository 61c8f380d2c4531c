/**
 * What Asyncify adds to ordinary C: programs/growth.c (Debian's libstb-dev and libjsmn-dev with a coroutine for main), built
 * as `wasyncio build` does, and once more with all passes but that one. Both sizes are those of the finished modules;
 * `blocking` is the same C without wasyncio, and must print the same. `--check` fails above the limit;
 * `--write` renews the row of docs/performance.md.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildProgram } from '../emsdk-config/build.js';
import { write } from './sections.js';

const LIMIT = 0.25;
const HEADERS = ['/usr/include/stb', '/usr/include/jsmn.h'];
const here = dirname(fileURLToPath(import.meta.url));
const program = join(here, 'programs/growth.c');
const command = join(here, '../src/js/cli/main.js');

/** @param {string} wasm */
const output = (wasm) => execFileSync(process.execPath, [command, 'run', wasm], { encoding: 'utf8' });

/** @param {import('../emsdk-config/flags.js').Optimize} optimize @param {string} scratch */
async function measure(optimize, scratch) {
  const build = async (/** @type {string} */ name, /** @type {Partial<import('../emsdk-config/program.js').Program>} */ how) => {
    const wasm = join(scratch, `${name}${optimize}.wasm`);
    // -w: not our code
    await buildProgram({ sources: [program], output: wasm, optimize, includes: [join(scratch, 'include')], extra: ['-w'], ...how });
    return { wasm, size: readFileSync(wasm).length, gzip: execFileSync('gzip', ['-9nc', wasm]).length };
  };
  const [suspendable, plain, blocking] = [await build('suspendable', {}), await build('plain', { suspendable: false }), await build('blocking', { defines: ['BLOCKING'] })];
  if (output(suspendable.wasm) !== output(blocking.wasm)) throw new Error(`${optimize}: it does not print the same as without wasyncio`);
  const compiled = [suspendable, plain].map(({ wasm }) => milliseconds(wasm));
  return { optimize, suspendable, plain, growth: suspendable.size / plain.size - 1, gzip: suspendable.gzip / plain.gzip - 1, compiled };
}

/** To compile all of it for a first run, in a process of its own, since V8 remembers; the quickest of several times. @param {string} wasm */
function milliseconds(wasm) {
  const time = `const bytes = fs.readFileSync(${JSON.stringify(wasm)}); const start = performance.now(); new WebAssembly.Module(bytes); console.log(performance.now() - start)`;
  const flags = ['--no-wasm-lazy-compilation', '--no-wasm-async-compilation', '-e', time];
  return Math.min(...Array.from({ length: 7 }, () => Number(execFileSync(process.execPath, flags, { encoding: 'utf8' }))));
}

const missing = HEADERS.find((path) => !existsSync(path));
if (missing) {
  console.error(`${missing} is missing: apt-get install libstb-dev libjsmn-dev`);
  process.exit(1);
}
const scratch = mkdtempSync(join(tmpdir(), 'wasyncio-growth-'));
try {
  execFileSync('mkdir', [join(scratch, 'include')]);
  for (const path of HEADERS) symlinkSync(path, join(scratch, 'include', path.slice('/usr/include/'.length)));
  const percent = (/** @type {number} */ part) => `${(part * 100).toFixed(1)} %`.padStart(8);
  console.log('      without Asyncify, gzip      with it, gzip     growth,    gzip   compile, ms');
  const all = [];
  for (const optimize of /** @type {const} */ (['-O2', '-Oz'])) {
    const found = await measure(optimize, scratch);
    const { suspendable, plain, growth, gzip, compiled } = found;
    all.push({ optimize, plain: plain.size, suspendable: suspendable.size, growth, gzip, compiled });
    const sizes = [plain.size, plain.gzip, suspendable.size, suspendable.gzip].map((size) => String(size).padStart(10));
    console.log(`${optimize} ${sizes.join('')}   ${percent(growth)}${percent(gzip)}   ${compiled.map((ms) => ms.toFixed(1)).reverse().join(' -> ')}`);
    if (process.argv.includes('--check') && growth > LIMIT) process.exitCode = 1;
  }
  if (process.argv.includes('--write')) write('growth', 'node bench/growth.js', all);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
