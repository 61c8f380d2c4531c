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
/** Standalone, without exceptions: nothing but the coroutines. */
const CXX20 = ['-std=c++20', '-O3', '-fno-exceptions', '-sSTANDALONE_WASM', '--no-entry'];
const JSPI = ['-O3', '-sSTANDALONE_WASM', '--no-entry', '-sERROR_ON_UNDEFINED_SYMBOLS=0', '-sWARN_ON_UNDEFINED_SYMBOLS=0'];

const WARNINGS = ['-Wall', '-Wextra', '-Werror'];
/** Programs of one file on wasyncio. */
const OWN = ['depth', 'interop'];

/** @param {string[]} args */
async function emcc(args) {
  const tools = await findToolchain();
  const { status, stderr } = await run(tools.emcc, args, { env: tools.env });
  if (status !== 0) throw new BuildError(`emcc failed:\n${stderr}`);
}

/** Builds all C programs, always: the figures must be of today's code. @returns {Promise<Record<string, string>>} by name */
export async function build() {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const at = (/** @type {string} */ name) => join(output, name);
  await Promise.all([
    buildProgram({ sources: [join(programs, 'wasyncio.c'), join(programs, 'groups.c')], output: at('wasyncio.wasm'), extra: WARNINGS }),
    ...OWN.map((name) => buildProgram({ sources: [join(programs, `${name}.c`)], output: at(`${name}.wasm`), extra: WARNINGS })),
    emcc([...FIBERS, join(programs, 'fibers.c'), '-o', at('fibers.js')]),
    emcc([...CXX20, join(programs, 'cxx20.cpp'), '-o', at('cxx20.wasm')]),
    emcc([...JSPI, join(programs, 'jspi.c'), '-o', at('jspi.wasm')]),
  ]);
  renameSync(at('fibers.js'), at('fibers.cjs')); // package.json makes .js files ES modules, and this is none
  return { ...Object.fromEntries(['wasyncio', ...OWN, 'cxx20', 'jspi'].map((name) => [name, at(`${name}.wasm`)])), fibers: at('fibers.cjs') };
}
