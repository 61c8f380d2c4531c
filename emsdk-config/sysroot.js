/**
 * Makes dist/sysroot.pack: the headers and libraries of an Emscripten, and ours, for building without one (emsdk-config/npm).
 * Run by `make package`.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { packageRoot, sourceRoot } from './directories.js';
import { BuildError } from './errors.js';
import { findToolchain } from './find.js';
import { buildLibrary } from './library.js';
import { pack } from './npm/pack.js';

/** C headers only, and none of what a module without Emscripten's JavaScript cannot have. */
const UNWANTED = /^(c\+\+|compat|SDL|GL|GLES\d?|GLFW|X11|AL|EGL|KHR|webgpu|fakesdl)\b/;

/** Libraries that a program may link, but for our own. */
const LIBRARIES = ['libc.a', 'libdlmalloc.a', 'libcompiler_rt.a', 'libstandalonewasm-memgrow.a', 'libstubs.a', 'libnoexit.a', 'libsockets.a'];

/** @param {string} directory @returns {string[]} */
const filesBelow = (directory) => readdirSync(directory, { recursive: true }).map(String).filter((name) => statSync(join(directory, name)).isFile());

/** The compiler's own headers (stddef.h, stdarg.h), out of the tar that @yowasp/clang brings. @param {Buffer} tar @returns {Record<string, Uint8Array>} */
function builtinHeaders(tar) {
  /** @type {Record<string, Uint8Array>} */
  const found = {};
  for (let at = 0; at + 512 <= tar.length && tar[at]; ) {
    const field = (/** @type {number} */ from, /** @type {number} */ size) => tar.toString('latin1', at + from, at + from + size).replace(/\0[^]*$/, '');
    const [name, size] = [`${field(345, 155)}/${field(0, 100)}`, parseInt(field(124, 12), 8) || 0];
    const header = /\/include\/((?:__)?(?:std\w+|float|limits|iso646|inttypes|tgmath|wasm_simd128)\.h)$/.exec(`/${name}`);
    if (header) found[`/clang/include/${header[1]}`] = tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  if (!found['/clang/include/stddef.h']) throw new BuildError("@yowasp/clang's llvm-resources.tar has no include/stddef.h");
  return found;
}

/** @returns {Promise<Record<string, Uint8Array>>} */
async function sysroot() {
  const tools = await findToolchain();
  const headers = filesBelow(tools.headers).filter((name) => !UNWANTED.test(name)).map((name) => [`/include/${name}`, readFileSync(join(tools.headers, name))]);
  const missing = LIBRARIES.filter((name) => !existsSync(join(tools.libraries, name)));
  if (missing.length) throw new BuildError(`${tools.emcc} has not built ${missing.join(', ')} yet: embuilder build ${missing.map((name) => name.replace(/\.a$/, '')).join(' ')}`);
  const libraries = [...LIBRARIES, 'crt1_reactor.o'].map((name) => [`/lib/${name}`, readFileSync(join(tools.libraries, name))]);
  const ours = ['wasyncio.h', ...readdirSync(join(sourceRoot, 'wasyncio')).map((name) => `wasyncio/${name}`)].map((name) => [`/wasyncio/${name}`, readFileSync(join(sourceRoot, name))]);
  const [fast, small] = await Promise.all([buildLibrary('-O2'), buildLibrary('-Os')]);
  const clang = fileURLToPath(import.meta.resolve('@yowasp/clang')).replace(/\/gen\/[^/]*$|\/lib\/[^/]*$/, '');
  return {
    ...builtinHeaders(readFileSync(join(clang, 'gen/llvm-resources.tar'))),
    ...Object.fromEntries([...headers, ...libraries, ...ours]),
    '/lib/libwasyncio-speed.a': readFileSync(fast.path),
    '/lib/libwasyncio-size.a': readFileSync(small.path),
    '/version': Buffer.from(tools.version),
  };
}

const output = join(packageRoot, 'dist/sysroot.pack.gz');
const packed = pack(await sysroot());
const compressed = gzipSync(packed, { level: 9 });
mkdirSync(dirname(output), { recursive: true });
writeFileSync(`${output}.${process.pid}`, compressed);
renameSync(`${output}.${process.pid}`, output); // others may be reading it
console.error(`${relative(process.cwd(), output)}: ${compressed.length} bytes, ${packed.length} unpacked`);
