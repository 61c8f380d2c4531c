import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { assemble } from './assemble.js';
import { packageRoot } from './directories.js';
import { BuildError } from './errors.js';
import { hash } from './library.js';
import { Llvm } from './npm/llvm.js';
import { unpack } from './npm/pack.js';
import { npmTools } from './npm/tools.js';

/** The npm toolchain for files on disk. */

const PACKAGES = ['@yowasp/clang', 'binaryen'];

/** Where a package is, for a project that has installed it beside this one, or for us. @param {string} name */
function find(name) {
  for (const from of [join(process.cwd(), 'package.json'), join(packageRoot, 'package.json')]) {
    const file = createRequire(from).resolve.paths(name)?.map((directory) => join(directory, name, 'package.json')).find(existsSync);
    if (file) return dirname(file);
  }
  throw new BuildError(`the npm toolchain needs the packages ${PACKAGES.join(' and ')}: npm install --save-dev ${PACKAGES.join(' ')}`);
}

/** What has to be there. */
function findAll() {
  const pack = join(packageRoot, 'dist/sysroot.pack.gz');
  const [clang, binaryen] = PACKAGES.map(find);
  if (!existsSync(pack)) throw new BuildError(`${pack} is missing: \`make package\` makes it, once, with an installed Emscripten`);
  return { pack, clang, binaryen };
}

/** @returns {Promise<string>} */
export async function identity() {
  const { pack, clang, binaryen } = findAll();
  return `npm ${hash(readFileSync(pack), ...[clang, binaryen].map((directory) => readFileSync(join(directory, 'package.json'))))}`;
}

/** @returns {Promise<import('./npm/tools.js').Kit>} */
async function loadKit() {
  const { pack, clang, binaryen } = findAll();
  const module = await WebAssembly.compile(readFileSync(join(clang, 'gen/llvm.core.wasm')));
  const files = unpack(gunzipSync(readFileSync(pack)));
  const { default: library } = await import(pathToFileURL(join(binaryen, 'index.js')).href);
  return { llvm: new Llvm(module, files), binaryen: library, version: new TextDecoder().decode(files['/version']) };
}

/** @type {Promise<import('./npm/tools.js').Kit> | undefined} */
let loaded;

const INCLUDED = /^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)/gm;

/** The tools see a file system of their own, whose root is the working directory. @param {string} path */
function seen(path) {
  const inside = relative(process.cwd(), resolve(path));
  return inside.startsWith('..') || isAbsolute(inside) ? resolve(path) : inside || '.';
}

/** What sources include, and what that includes, as far as it is beside them or in `includes`. @param {string[]} sources @param {string[]} includes */
function included(sources, includes) {
  /** @type {Record<string, Uint8Array>} */
  const files = {};
  const open = [...sources];
  for (let source; (source = open.pop()); ) {
    for (const [, quoted, angled] of readFileSync(source, 'utf8').matchAll(INCLUDED)) {
      const places = quoted ? [dirname(source), ...includes] : includes;
      const file = places.map((directory) => join(directory, quoted ?? angled)).find(existsSync);
      if (!file || files[seen(file)]) continue;
      files[seen(file)] = readFileSync(file);
      open.push(file);
    }
  }
  return files;
}

/**
 * @param {import('./program.js').Program} program
 * @returns {Promise<{ module: Uint8Array, dependencies: string[] }>}
 */
export async function build(program) {
  const { sources, includes = [], objects = [], libs = [], libraryDirectories = [], optimize, defines, blockingSleep, extra } = program;
  const kit = await (loaded ??= loadKit());
  const files = included(sources, includes);
  const libraries = Object.fromEntries(libraryDirectories.flatMap((directory) => libs.map((name) => join(resolve(directory), `lib${name}.a`))).filter(existsSync).map((file) => [file, readFileSync(file)]));
  const units = sources.map((name) => ({ name: seen(name), text: readFileSync(name) }));
  const tools = npmTools(
    kit,
    { sources: units, files, libraries, optimize, defines, blockingSleep, extra, libs, includes: includes.map(seen), libraryDirectories: libraryDirectories.map((path) => resolve(path)) },
    (output) => void process.stderr.write(output),
  );
  const module = await assemble(tools, objects.map((source) => ({ source, bytes: readFileSync(source) })));
  return { module, dependencies: [...sources, ...Object.keys(files), ...objects] };
}
