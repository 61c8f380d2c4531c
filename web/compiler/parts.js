/**
 * The toolchain's files as the page fetches them: compressed, since a plain static host may not do that.
 * @typedef {import('../kept.js').Part} Part
 * @typedef {{ version: string, wasm: Part, style: string }} FormatterParts
 * @typedef {{ version: string, bytes: number, llvm: Part, sysroot: Part, binaryen: Part, plainBinaryen: string }} Parts
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { buildLibrary } from '../../emsdk-config/build.js';
import { root } from '../../examples/needs.js';

const modules = join(root, 'node_modules');
const SOURCES = { llvm: join(modules, '@yowasp/clang/gen/llvm.core.wasm'), binaryen: join(modules, 'binaryen/index.js') };
const FORMATTER = join(modules, '@wasm-fmt/clang-format/clang-format.wasm');

/**
 * Besides the project's style: which macros begin a block. Not in .clang-format, as version 14, which checks the project's
 * sources, would set them otherwise.
 */
const BLOCKS = `IfMacros: [WIO_SHIELD]
ForEachMacros: [WIO_TASK_GROUP, WIO_TIMEOUT, WIO_TIMEOUT_AT, WIO_WITH_SEMAPHORE, WIO_ASYNC_FOR]
SpaceBeforeParens: ControlStatementsExceptControlMacros
`;

/** Compressed once for each version of the package. @param {string} source @param {string} name */
function compressed(source, name) {
  const { size, mtimeMs } = statSync(source);
  const kept = join(root, 'build/toolchain', `${name}-${createHash('sha256').update(`${size} ${mtimeMs}`).digest('hex').slice(0, 8)}.gz`);
  if (!existsSync(kept)) {
    mkdirSync(join(root, 'build/toolchain'), { recursive: true });
    writeFileSync(kept, gzipSync(readFileSync(source), { level: 9 }));
  }
  return kept;
}

const run = promisify(execFile);

/** Made again when the library is another. @param {(text: string) => void} [progress] */
export async function sysroot(progress = () => {}) {
  const [file, keyFile, maker] = ['dist/sysroot.pack.gz', 'build/toolchain/sysroot.key', 'emsdk-config/sysroot.js'].map((name) => join(root, name));
  const { id } = await buildLibrary();
  const key = createHash('sha256').update(id).update(readFileSync(maker)).digest('hex');
  if (existsSync(file) && existsSync(keyFile) && readFileSync(keyFile, 'utf8') === key) return file;
  progress('packing the sysroot');
  for (const made of [file, keyFile]) mkdirSync(dirname(made), { recursive: true });
  await run(process.execPath, [maker], { cwd: root });
  writeFileSync(keyFile, key);
  return file;
}

/** @param {string} output the page's folder @param {(text: string) => void} progress @returns {Promise<Parts | null>} null: the packages are not installed */
export async function copyToolchain(output, progress) {
  if (Object.values(SOURCES).some((file) => !existsSync(file))) return null;
  mkdirSync(join(output, 'toolchain'), { recursive: true });
  const pack = await sysroot(progress);
  progress('compressing the toolchain');
  const hash = createHash('sha256');
  const part = (/** @type {string} */ source, /** @type {string} */ name) => {
    copyFileSync(source, join(output, 'toolchain', name));
    hash.update(readFileSync(source));
    return { url: `toolchain/${name}`, bytes: statSync(source).size };
  };
  const parts = { llvm: part(compressed(SOURCES.llvm, 'llvm'), 'llvm.wasm.gz'), sysroot: part(pack, 'sysroot.pack.gz'), binaryen: part(compressed(SOURCES.binaryen, 'binaryen'), 'binaryen.js.gz') };
  copyFileSync(SOURCES.binaryen, join(output, 'toolchain/binaryen.js'));
  const bytes = Object.values(parts).reduce((sum, each) => sum + each.bytes, 0);
  return { ...parts, plainBinaryen: 'toolchain/binaryen.js', bytes, version: hash.digest('hex').slice(0, 12) };
}

/** @param {string} output the page's folder @returns {FormatterParts | null} null: the package is not installed */
export function copyFormatter(output) {
  if (!existsSync(FORMATTER)) return null;
  mkdirSync(join(output, 'toolchain'), { recursive: true });
  const name = 'clang-format.wasm.gz';
  const packed = compressed(FORMATTER, 'clang-format');
  copyFileSync(packed, join(output, 'toolchain', name));
  return {
    wasm: { url: `toolchain/${name}`, bytes: statSync(packed).size },
    version: createHash('sha256').update(readFileSync(packed)).digest('hex').slice(0, 12),
    style: readFileSync(join(root, '.clang-format'), 'utf8') + BLOCKS,
  };
}
