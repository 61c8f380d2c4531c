import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { BuildError } from './errors.js';

/**
 * @typedef {object} Program
 * @property {string[]} sources C (.c) and C++ (.cc, .cpp, .cxx)
 * @property {string} output
 * @property {import('./flags.js').Optimize} [optimize] -O2
 * @property {string[]} [includes] directories
 * @property {string[]} [defines] NAME or NAME=value
 * @property {string[]} [objects] .o and .a files, in the linker's order
 * @property {string[]} [libs] names for -l
 * @property {string[]} [libraryDirectories] for -L
 * @property {boolean} [blockingSleep] libc's sleeps stop all tasks
 * @property {boolean} [suspendable] false: all passes but Asyncify, to see what that costs; such a module does not start
 * @property {string[]} [extra] further compiler flags, such as -Wall
 * @property {string[]} [libraryFlags] compiler flags for our library, to see what they do
 * @property {boolean} [threads] on a memory that workers share, for wio_to_thread()
 * @property {Toolchain} [toolchain] emscripten
 *
 * Emscripten and Binaryen as they are installed, or the npm packages @yowasp/clang and binaryen, which need nothing but Node.
 * @typedef {'emscripten' | 'npm'} Toolchain
 */

/**
 * `identity` changes whenever the same sources may become another module.
 * @typedef {{ build: (program: Program) => Promise<{ module: Uint8Array, dependencies: string[] }>, identity: () => Promise<string> }} Builder
 * @type {Record<Toolchain, () => Promise<Builder>>}
 */
const TOOLCHAINS = {
  emscripten: () => import('./emcc.js'),
  npm: () => import('./npm-node.js'),
};

/** @param {string} name @returns {name is Toolchain} */
export const isToolchain = (name) => Object.hasOwn(TOOLCHAINS, name);

/** Tools and library, by a name for caches. @param {Toolchain} toolchain @returns {Promise<string>} */
export const identity = async (toolchain) => (await TOOLCHAINS[toolchain]()).identity();

/**
 * Compiles, links and asyncifies a program; the output appears at once and complete, or not at all.
 * @param {Program} program
 * @returns {Promise<{ dependencies: string[] }>} every file that went into it, absolute
 */
export async function buildProgram(program) {
  const { output, toolchain = 'emscripten' } = program;
  const directory = dirname(resolve(output));
  if (!existsSync(directory)) throw new BuildError(`cannot write ${output}: there is no directory ${directory}`);
  if (program.threads && toolchain === 'npm') throw new BuildError('--threads needs the libraries with threads that Emscripten has: build without --toolchain npm');
  const { build } = await TOOLCHAINS[toolchain]();
  const { module, dependencies } = await build(program);
  publish(module, resolve(output));
  return { dependencies: [...new Set(dependencies.map((file) => resolve(file)))] };
}

/** @param {Uint8Array} module @param {string} to */
function publish(module, to) {
  const beside = `${to}.${process.pid}.tmp`; // a rename is atomic only within one file system
  try {
    writeFileSync(beside, module);
    renameSync(beside, to);
  } catch (error) {
    throw new BuildError(`cannot write ${to}: ${/** @type {Error} */ (error).message}`);
  } finally {
    rmSync(beside, { force: true });
  }
}
