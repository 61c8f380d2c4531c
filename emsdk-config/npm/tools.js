import { failed } from '../assemble.js';
import { BuildError } from '../errors.js';
import { makeSuspendable } from '../passes.js';
import { isCxx, isForLinker } from '../sources.js';
import { compileUnit } from './compile.js';
import { link } from './link.js';
import { optimize as optimized } from './optimize.js';

/**
 * The toolchain from npm, as assemble() wants it. Works wherever WebAssembly does: it is given files, not paths.
 * @typedef {object} Kit what it consists of, loaded
 * @property {import('./llvm.js').Llvm} llvm with the sysroot's files
 * @property {import('./optimize.js').Binaryen} binaryen
 * @property {string} version of the Emscripten that the sysroot is from
 *
 * @typedef {object} Given
 * @property {{ name: string, text: Uint8Array }[]} sources
 * @property {Record<string, Uint8Array>} [files] that sources may include
 * @property {import('../flags.js').Optimize} [optimize]
 * @property {boolean} [quick] without Binaryen's optimizations, which take more than half of the time; LLVM's stay
 * @property {string[]} [includes]
 * @property {string[]} [defines]
 * @property {string[]} [extra]
 * @property {boolean} [blockingSleep]
 * @property {Record<string, Uint8Array>} [libraries] by path, for libs and libraryDirectories
 * @property {string[]} [libs]
 * @property {string[]} [libraryDirectories]
 */

/**
 * @param {Kit} kit @param {Given} given
 * @param {(output: string, what: 'compile' | 'link') => void} say what a tool has printed
 * @returns {import('../assemble.js').Tools}
 */
export function npmTools({ llvm, binaryen, version }, given, say) {
  const { sources, optimize = '-O2', quick = false, includes = [], extra = [], libraries = {}, ...rest } = given;
  const cxx = sources.find(({ name }) => isCxx(name));
  if (cxx) throw new BuildError(`${cxx.name}: the npm toolchain has no C++ library; build with Emscripten (without --toolchain npm)`);
  return {
    async compile() {
      const units = [];
      for (const unit of sources) {
        const { object, output } = await compileUnit(llvm, unit, { ...rest, optimize, includes: [...includes, '/wasyncio'], extra: extra.filter((flag) => !isForLinker(flag)) });
        if (output) say(output, 'compile');
        units.push({ source: unit.name, object });
      }
      return units.map(({ source, object }) => {
        if (!object) throw failed('compile');
        return { source, bytes: /** @type {Uint8Array<ArrayBuffer>} */ (object) };
      });
    },

    async link(parts, more) {
      const inputs = Object.fromEntries(parts.map(({ source, bytes }, i) => [`/tmp/${i}${/\.a$/.exec(source)?.[0] ?? '.o'}`, bytes]));
      const { libs, libraryDirectories, blockingSleep } = rest;
      const { module, output } = await link(llvm, inputs, { version, optimize, more, extra: extra.filter(isForLinker), files: libraries, blockingSleep, libs, libraryDirectories });
      if (output) say(output, 'link');
      if (!module) throw failed('link');
      return /** @type {Uint8Array<ArrayBuffer>} */ (module);
    },

    asyncify: (module) => makeSuspendable(module, optimize, version, async (bytes, options) => optimized(binaryen, bytes, options, quick), (why) => say(`switches will be slower: ${why}\n`, 'link')),
  };
}
