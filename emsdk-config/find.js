import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { isWritable, userCache } from './directories.js';
import { BuildError } from './errors.js';
import { howToInstall, install } from './install.js';
import { run } from './process.js';
import { OLDEST, isOlder } from './version.js';

/**
 * @typedef {object} Toolchain
 * @property {string} emcc
 * @property {string} emxx
 * @property {string} emar
 * @property {string} wasmOpt
 * @property {string} version Emscripten's
 * @property {string} headers its directory of C headers
 * @property {string} libraries and that of its libraries
 * @property {(library: string) => boolean} has whether one of Emscripten's own libraries is there, built
 * @property {NodeJS.ProcessEnv} env what the tools are run with
 */

const DEBIAN = '/usr/share/emscripten';

/** @param {string} name @param {(string | undefined)[]} elsewhere directories in their order; PATH stands for those of $PATH */
function lookUp(name, elsewhere) {
  const path = (process.env.PATH ?? '').split(delimiter);
  const names = process.platform === 'win32' ? [`${name}.bat`, `${name}.exe`] : [name];
  for (const directory of elsewhere.flatMap((each) => (each === PATH ? path : [each]))) {
    for (const file of directory ? names.map((each) => join(directory, each)) : []) {
      if (existsSync(file) && statSync(file).isFile()) return file;
    }
  }
  return undefined;
}

const PATH = '$PATH';
const emsdk = () => (process.env.EMSDK ? join(process.env.EMSDK, 'upstream') : undefined);
const emsdkTools = () => (emsdk() ? join(/** @type {string} */ (emsdk()), 'emscripten') : undefined);
const emsdkBin = () => (emsdk() ? join(/** @type {string} */ (emsdk()), 'bin') : undefined);

const findEmcc = () => lookUp('emcc', [PATH, emsdkTools(), DEBIAN]);

/** Debian's /usr/bin/emcc is a link into the directory that has everything else. @param {string} emcc */
function home(emcc) {
  const directory = dirname(realpathSync(emcc));
  return existsSync(join(directory, 'emscripten-version.txt')) || !existsSync(DEBIAN) ? directory : DEBIAN;
}

/** The version file spares 0.3 s of Python for `emcc --version`. @param {string} emcc */
async function versionOf(emcc) {
  const file = join(home(emcc), 'emscripten-version.txt');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : (await run(emcc, ['--version'])).stdout;
  const version = /\d+\.\d+\.\d+/.exec(text)?.[0];
  if (!version) throw new BuildError(`cannot tell the version of ${emcc}: '${emcc} --version' says no number`);
  return version;
}

/**
 * The environment of the tools. Debian's emcc finds the acorn it needs only through NODE_PATH. A system-wide emsdk may
 * have a cache that this user cannot write; Debian's has one that is complete and frozen, and needs no other.
 * @param {string} emcc
 */
function environment(emcc) {
  const env = { ...process.env };
  const debianModules = '/usr/share/nodejs';
  if (existsSync(join(debianModules, 'acorn'))) env.NODE_PATH = [env.NODE_PATH, debianModules].filter(Boolean).join(delimiter);
  const cache = join(home(emcc), 'cache');
  const config = [env.EM_CONFIG, join(home(emcc), '.emscripten'), emsdk() && join(/** @type {string} */ (process.env.EMSDK), '.emscripten')];
  const configured = config.find((file) => file && existsSync(file));
  const frozen = !!configured && /^\s*FROZEN_CACHE\s*=\s*True/m.test(readFileSync(configured, 'utf8'));
  if (!env.EM_CACHE && !frozen && existsSync(cache) && !isWritable(cache)) env.EM_CACHE = join(userCache(), 'emscripten');
  return env;
}

/** @type {Promise<Toolchain> | undefined} */
let found;

/** The Emscripten to use: installed if there is none and that is possible. @returns {Promise<Toolchain>} */
export const findToolchain = () => (found ??= find());

async function find() {
  if (!findEmcc() || !findWasmOpt()) await install();
  const emcc = findEmcc();
  if (!emcc) throw new BuildError(`Emscripten (emcc) was not found on PATH, in $EMSDK, or in ${DEBIAN}.\n${howToInstall}`);
  const version = await versionOf(emcc);
  if (isOlder(version, OLDEST)) {
    throw new BuildError(`${emcc} is Emscripten ${version}; wasyncio needs ${OLDEST} or newer.\n${howToInstall}`);
  }
  const wasmOpt = findWasmOpt(emcc);
  if (!wasmOpt) throw new BuildError(`Binaryen (wasm-opt) was not found in $EMSDK, beside ${emcc}, or on PATH.\n${howToInstall}`);
  const beside = (/** @type {string} */ name) => lookUp(name, [dirname(emcc), home(emcc), PATH]) ?? join(dirname(emcc), name);
  const env = environment(emcc);
  const sysroot = join(env.EM_CACHE ?? join(home(emcc), 'cache'), 'sysroot');
  const [headers, libraries] = [join(sysroot, 'include'), join(sysroot, 'lib', 'wasm32-emscripten')];
  const has = (/** @type {string} */ library) => existsSync(join(libraries, `${library}.a`));
  return { emcc, emxx: beside('em++'), emar: beside('emar'), wasmOpt, version, headers, libraries, has, env };
}

/** An emsdk brings the Binaryen that belongs to its LLVM, so that one comes first. @param {string} [emcc] */
function findWasmOpt(emcc = findEmcc()) {
  const beside = emcc ? join(dirname(home(emcc)), 'bin') : undefined;
  return lookUp('wasm-opt', [beside, emsdkBin(), PATH, '/usr/bin']);
}
