import { copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
const FIBERS_PROGRAMS = ['fibers', 'start-fibers'];
const JSPI = ['-O3', '-sSTANDALONE_WASM', '--no-entry', '-sERROR_ON_UNDEFINED_SYMBOLS=0', '-sWARN_ON_UNDEFINED_SYMBOLS=0'];

const WARNINGS = ['-Wall', '-Wextra', '-Werror'];
/** Programs of one file on wasyncio. */
const OWN = ['depth', 'interop', 'start'];

/** @param {string[]} args */
async function emcc(args) {
  const tools = await findToolchain();
  const { status, stderr } = await run(tools.emcc, args, { env: tools.env });
  if (status !== 0) throw new BuildError(`emcc failed:\n${stderr}`);
}

/** Go's own loader lies beside the module. @param {string} at @param {string} loader */
export async function goBuild(at, loader) {
  const env = { ...process.env, GO111MODULE: 'off', GOOS: 'js', GOARCH: 'wasm', GOCACHE: process.env.GOCACHE ?? join(root, 'build/go-cache') };
  const { status, stderr } = await run('go', ['build', '-o', at, join(programs, 'peer.go')], { env });
  if (status !== 0) throw new BuildError(`go build failed:\n${stderr}`);
  copyFileSync(loader, join(dirname(at), 'wasm_exec.cjs'));
}

/** Builds all programs, always: the figures must be of today's code. @param {string} [goLoader] of Go, if that is there @returns {Promise<Record<string, string>>} by name */
export async function build(goLoader) {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const at = (/** @type {string} */ name) => join(output, name);
  await Promise.all([
    buildProgram({ sources: [join(programs, 'wasyncio.c'), join(programs, 'groups.c')], output: at('wasyncio.wasm'), extra: WARNINGS }),
    ...OWN.map((name) => buildProgram({ sources: [join(programs, `${name}.c`)], output: at(`${name}.wasm`), extra: WARNINGS })),
    emcc([...FIBERS, join(programs, 'fibers.c'), '-o', at('fibers.js')]),
    emcc([...FIBERS, join(programs, 'start-fibers.c'), '-o', at('start-fibers.js')]),
    emcc([...CXX20, join(programs, 'cxx20.cpp'), '-o', at('cxx20.wasm')]),
    emcc([...JSPI, join(programs, 'jspi.c'), '-o', at('jspi.wasm')]),
    ...(goLoader ? [goBuild(at('go.wasm'), goLoader)] : []),
  ]);
  for (const name of FIBERS_PROGRAMS) renameSync(at(`${name}.js`), at(`${name}.cjs`)); // package.json makes .js files ES modules, and these are none
  const modules = ['wasyncio', ...OWN, 'cxx20', 'jspi', 'go'].map((name) => [name, at(`${name}.wasm`)]);
  return Object.fromEntries([...modules, ...FIBERS_PROGRAMS.map((name) => [name, at(`${name}.cjs`)])]);
}
