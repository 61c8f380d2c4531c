import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BuildError, buildProgram, findToolchain } from '../emsdk-config/build.js';
import { run } from '../emsdk-config/process.js';

export const root = fileURLToPath(new URL('..', import.meta.url));
const programs = join(root, 'bench/programs');
const output = join(root, 'build/bench');

/** What Emscripten's own users would type: whole optimization, Asyncify for the fibers, memory that may grow. */
const FIBERS = ['-O3', '-sASYNCIFY', '-sALLOW_MEMORY_GROWTH', '-sMODULARIZE', '-sENVIRONMENT=node'];
const JSPI = ['-O3', '-sSTANDALONE_WASM', '--no-entry', '-sERROR_ON_UNDEFINED_SYMBOLS=0', '-sWARN_ON_UNDEFINED_SYMBOLS=0'];

/** @param {string[]} args */
async function emcc(args) {
  const tools = await findToolchain();
  const { status, stderr } = await run(tools.emcc, args, { env: tools.env });
  if (status !== 0) throw new BuildError(`emcc failed:\n${stderr}`);
}

/** Builds all C programs, always: the figures must be of today's code. @returns {Promise<Record<'wasyncio' | 'fibers' | 'jspi', string>>} */
export async function build() {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const at = (/** @type {string} */ name) => join(output, name);
  await Promise.all([
    buildProgram({ sources: [join(programs, 'wasyncio.c'), join(programs, 'groups.c')], output: at('wasyncio.wasm'), extra: ['-Wall', '-Wextra', '-Werror'] }),
    emcc([...FIBERS, join(programs, 'fibers.c'), '-o', at('fibers.js')]),
    emcc([...JSPI, join(programs, 'jspi.c'), '-o', at('jspi.wasm')]),
  ]);
  renameSync(at('fibers.js'), at('fibers.cjs')); // package.json makes .js files ES modules, and this is none
  return { wasyncio: at('wasyncio.wasm'), fibers: at('fibers.cjs'), jspi: at('jspi.wasm') };
}
