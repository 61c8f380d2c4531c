import * as flags from '../flags.js';

/** As emcc links for us (LLD's newer defaults undone: the stack comes behind the data). */
const LAYOUT = ['--import-undefined', '--no-stack-first', '-z', 'stack-size=262144', '--initial-memory=16777216', '--max-memory=4294967296', '--entry=_initialize'];

/** Of what is written for the compiler driver, the linker's part. @param {string[]} given */
const forLinker = (given) => given.flatMap((flag) => (flag.startsWith('-Wl,') ? flag.slice(4).split(',') : []));

/** @param {flags.Optimize} optimize */
function libraries(optimize) {
  const small = optimize === '-Os' || optimize === '-Oz';
  return [`/lib/libwasyncio-${small ? 'size' : 'speed'}.a`, '-L/lib', '/lib/crt1_reactor.o', '-lstandalonewasm-memgrow', '-lstubs', '-lnoexit', '-lc', ...(small ? [] : ['-ldlmalloc']), '-lcompiler_rt', '-lsockets'];
}

/**
 * @param {import('./llvm.js').Llvm} llvm
 * @param {Record<string, Uint8Array>} objects and archives, by absolute path, in the linker's order
 * @param {{ version: string, optimize: flags.Optimize, more?: string[], extra?: string[], files?: Record<string, Uint8Array>, blockingSleep?: boolean, libs?: string[], libraryDirectories?: string[] }} how
 * `more`: the parts of our library that this program needs; `files`: libraries, by path
 * @returns {Promise<{ module?: Uint8Array, output: string }>}
 */
export async function link(llvm, objects, { version, optimize, more = [], extra = [], files = {}, blockingSleep = false, libs = [], libraryDirectories = [] }) {
  const own = forLinker([...flags.link(version, optimize, () => false), ...flags.development(optimize), ...flags.sleeps(blockingSleep), ...extra, ...more]);
  const inputs = [...Object.keys(objects), ...libraryDirectories.map((path) => `-L${path}`), ...libs.map((name) => `-l${name}`)];
  const { status, output, written } = await llvm.run(['wasm-ld', '-o', '/tmp/linked.wasm', ...LAYOUT, ...own, ...inputs, ...libraries(optimize)], { ...files, ...objects });
  return { module: status === 0 ? written('/tmp/linked.wasm') : undefined, output };
}
