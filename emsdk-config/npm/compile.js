import * as flags from '../flags.js';

/** Where the pack's files are, for clang. */
const [INCLUDE, BUILTIN] = ['/include', '/clang'];

/**
 * emcc's way of calling clang, for C. `-cc1`, since the driver would start other processes; what a driver would work out
 * is written out here: C17 as of Emscripten's clang, a plain wasm32 as of LLVM 14, static code.
 */
const TARGET = [
  ...['-triple', 'wasm32-unknown-emscripten', '-emit-obj', '-mrelocation-model', 'static', '-mframe-pointer=none', '-mconstructor-aliases'],
  ...['-target-cpu', 'mvp', '-fvisibility=default', '-fgnuc-version=4.2.1', '-fignore-exceptions', '-fno-threadsafe-statics', '-ferror-limit', '19'],
  ...['-D', '__EMSCRIPTEN__', '-D', 'EMSCRIPTEN', '-D', 'unix', '-D', '__unix', '-D', '__unix__'],
  ...['-mllvm', '-combiner-global-alias-analysis=false', '-mllvm', '-disable-lsr'],
  ...['-Werror=implicit-function-declaration', '-resource-dir', BUILTIN, '-isysroot', '/', '-internal-isystem', `${BUILTIN}/include`, '-internal-isystem', INCLUDE],
];
const STANDARD = '-std=gnu17';

/** Of WebAssembly; the driver's -mNAME and -mno-NAME are no flags of clang itself. */
const FEATURE = /^-m(no-)?(atomics|bulk-memory|extended-const|multivalue|mutable-globals|nontrapping-fptoint|reference-types|relaxed-simd|sign-ext|simd128|tail-call)$/;

/** The driver's flags, as clang itself has them. @param {string} flag */
function writtenOut(flag) {
  if (flag === '-g') return ['-debug-info-kind=constructor', '-dwarf-version=4'];
  const [, no, name] = FEATURE.exec(flag) ?? [];
  if (!name) return [flag];
  const names = name === 'bulk-memory' ? [name, 'bulk-memory-opt'] : [name]; // LLVM 22 has memory.copy in the second
  return names.flatMap((each) => ['-target-feature', `${no ? '-' : '+'}${each}`]);
}

const isVectorized = (/** @type {flags.Optimize} */ optimize) => ['-O2', '-O3', '-Os'].includes(optimize);

/**
 * @typedef {object} Unit
 * @property {string} name as messages and __FILE__ show it
 * @property {Uint8Array} text
 */

/**
 * Compiles one C file. Headers beside it are found under their names.
 * @param {import('./llvm.js').Llvm} llvm
 * @param {Unit} unit
 * @param {{ files?: Record<string, Uint8Array>, optimize?: flags.Optimize, includes?: string[], defines?: string[], extra?: string[] }} how
 * `files`: every other file that it may include, by absolute path or as it is named beside the source; `includes`: directories among them
 * @returns {Promise<{ object?: Uint8Array, output: string }>}
 */
export async function compileUnit(llvm, { name, text }, { files = {}, optimize = '-O2', includes = [], defines = [], extra = [] }) {
  const path = name.startsWith('/') ? name : `/${name}`;
  const here = Object.fromEntries(Object.entries(files).map(([file, bytes]) => [file.startsWith('/') ? file : `/${file}`, bytes]));
  const standard = extra.some((flag) => flag.startsWith('-std=')) ? [] : [STANDARD];
  const { status, output, written } = await llvm.run(
    [
      ...['clang', '-cc1', ...TARGET, ...standard, ...flags.compile(optimize).flatMap(writtenOut), ...(isVectorized(optimize) ? ['-vectorize-loops', '-vectorize-slp'] : [])],
      ...includes.flatMap((directory) => ['-I', directory]),
      ...defines.flatMap((define) => ['-D', define]),
      ...extra.flatMap(writtenOut),
      ...['-main-file-name', name.slice(name.lastIndexOf('/') + 1), '-o', '/tmp/unit.o', '-x', 'c', name],
    ],
    { ...here, [path]: text },
  );
  return { object: status === 0 ? written('/tmp/unit.o') : undefined, output };
}
