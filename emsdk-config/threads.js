import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, concat } from './bytes.js';
import { sourceRoot } from './directories.js';
import { namesOfFunctions, parameterCount, types, typesOfFunctions } from './functions.js';
import { readNumber } from './instructions.js';
import { exportedFunctions, filterExports, leb, mapBodies, memoryImport, signedLeb } from './wasm.js';

/**
 * Builds with --threads: the same program on a memory that workers share. Emscripten's driver takes no -pthread for modules
 * without its JavaScript; its compiler and libraries do.
 */

/** Of the compiler, for the program and our library. */
export const compile = ['-pthread'];

/** Of the linker. Libraries that come first win; with shared memory the most must be said, and 4 GB is more than hosts give. */
export const link = [
  ...['-Wl,--shared-memory', '-Wl,--import-memory', '-sMAXIMUM_MEMORY=2GB'],
  '-Wl,--no-check-features', // what is written in assembly says nothing of atomics
];

/** What is missing of an Emscripten, if anything: newer ones build libraries when they are asked. @param {(library: string) => boolean} has */
export const missing = (has) => LIBRARIES.filter((name) => !has(`lib${name}`));

const LIBRARIES = ['standalonewasm-memgrow', 'c-mt', 'dlmalloc-mt', 'compiler_rt-mt'];

/** Behind the program and our library, before what the driver adds; the first is what of libc is another without JavaScript. @param {boolean} cxx */
export const libraries = (cxx) => {
  const [alone, ...threaded] = LIBRARIES.map((name) => `-l${name}`);
  return [alone, ...(cxx ? ['-lc++-mt-noexcept', '-lc++abi-mt-noexcept'] : []), ...threaded];
};

/** May be called in a thread as they are. */
const FREE = ['wio_thread_cancelled', 'wio_time', 'wio_error_name'];

/** And those that are another function there. @type {Record<string, string>} */
const INSTEAD = { wio_fail: 'wio__thread_fail', wio_context_set: 'wio__thread_context_set', wio_context_get: 'wio__thread_context_get' };

const EPERM = -63; // of musl for WebAssembly: WASI's number

/** What the headers declare: by name, what it returns in a thread. @returns {Map<string, number>} */
function publicFunctions() {
  const headers = ['wasyncio.h', ...readdirSync(join(sourceRoot, 'wasyncio')).map((name) => join('wasyncio', name))];
  const text = headers.map((name) => readFileSync(join(sourceRoot, name), 'utf8')).join('\n');
  const found = [...text.matchAll(/^(?!static|typedef|#|\s|return)((?:const )?(?:struct )?\w+ \**)(wio_\w+)\(/gm)];
  return new Map(found.map(([, type, name]) => [name, /^(int|long) $/.test(type) ? EPERM : 0]));
}

const [CALL, IF, NOTHING, END, RETURN, GET_LOCAL, I32, I64, F64] = [0x10, 0x04, 0x40, 0x0b, 0x0f, 0x20, 0x41, 0x42, 0x44];

/** @param {number} value from -64 to 63 */
const small = (value) => value & 0x7f;

/** @param {number} type of a result, 0: none @param {number} value @returns {number[]} */
function constant(type, value) {
  if (type === 0) return [];
  if (type === 0x7f || type === 0x7e) return [type === 0x7f ? I32 : I64, small(value)];
  return [F64, ...new Uint8Array(8)];
}

/** @param {Uint8Array} body @returns {number} where its code begins, behind the locals */
function codeOf(body) {
  let [groups, at] = readNumber(body, 0);
  for (; groups > 0; groups--) at = readNumber(body, at)[1] + 1; // how many, of which type
  return at;
}

/**
 * Puts the question "is this a thread?" in front of every public function: there it is refused, by number, whose names go
 * into the module. So not a line of the loop needs to know of threads. And it says how large the memory must be made.
 * @param {Uint8Array<ArrayBuffer>} linked with names
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function guard(linked) {
  const exported = exportedFunctions(linked);
  const [inThread, refused] = ['wio__in_thread', 'wio__thread_refused'].map((name) => exported.get(name));
  const { initial, maximum } = memoryImport(linked);
  const lines = [`memory\t${initial}\t${maximum}`];
  let module = linked;
  if (inThread !== undefined && refused !== undefined) {
    const [wanted, all, typeOf] = [publicFunctions(), types(linked) ?? [], typesOfFunctions(linked)];
    const byIndex = new Map([...namesOfFunctions(linked)].filter(([, name]) => wanted.has(name) && !FREE.includes(name)));
    const names = [...byIndex.values()];
    module = mapBodies(linked, (index, body) => {
      const name = byIndex.get(index);
      if (!name) return body;
      const type = all[typeOf[index]];
      const instead = INSTEAD[name] && exported.get(INSTEAD[name]);
      const answer = instead
        ? [...Array.from({ length: parameterCount(type) }, (_, i) => [GET_LOCAL, i]).flat(), CALL, ...leb(instead)]
        : [I32, ...signedLeb(names.indexOf(name)), CALL, ...leb(refused), ...constant(Number(type.split('>')[1]), wanted.get(name) ?? 0)];
      const at = codeOf(body);
      return concat([body.subarray(0, at), [CALL, ...leb(inThread), IF, NOTHING, ...answer, RETURN, END], body.subarray(at)]);
    });
    lines.push(`guarded\t${names.join('\t')}`);
  }
  const kept = filterExports(module, (name) => !['wio__in_thread', 'wio__thread_refused', ...Object.values(INSTEAD)].includes(name));
  const content = concat([[8], bytesOf('wasyncio'), bytesOf(`${lines.join('\n')}\n`)]);
  return concat([kept, [0, ...leb(content.length)], content]);
}
