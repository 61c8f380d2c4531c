import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { asyncify } from './asyncify.js';
import { compileAll, readDepfile, withoutDriver } from './compile.js';
import { sourceRoot } from './directories.js';
import { BuildError, CompileError } from './errors.js';
import { findToolchain } from './find.js';
import * as flags from './flags.js';
import { checkImports } from './imports.js';
import { buildLibrary } from './library.js';
import { run } from './process.js';
import { exportNames, exportsDeclared, filterExports, functionImports } from './wasm.js';

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
 * @property {string[]} [extra] further compiler flags, such as -Wall
 */

const CXX = ['.cc', '.cpp', '.cxx', '.C'];

/** @param {string} file */
export const isCxx = (file) => CXX.includes(extname(file));

/** Emscripten's settings, and what is for wasm-ld. @param {string} flag */
const isForLinker = (flag) => /^-(s[A-Z]|Wl,)/.test(flag);

/**
 * Compiles, links and asyncifies a program; the output appears at once and complete, or not at all.
 * @param {Program} program
 * @returns {Promise<{ dependencies: string[] }>} every file that went into it, absolute
 */
export async function buildProgram(program) {
  const { output, optimize = '-O2', objects = [] } = program;
  const directory = dirname(resolve(output));
  if (!existsSync(directory)) throw new BuildError(`cannot write ${output}: there is no directory ${directory}`);
  const scratch = mkdtempSync(join(tmpdir(), 'wasyncio-build-'));
  try {
    const units = await compileSources(program, scratch);
    const [linked, finished] = [join(scratch, 'linked.wasm'), join(scratch, 'finished.wasm')];
    const parts = [...units, ...objects.map((file) => ({ source: file, object: file }))];
    await link(program, parts.map(({ object }) => object), linked);
    checkImports(readFileSync(linked), parts);
    dropExports(linked);
    await asyncify(await findToolchain(), linked, finished, optimize);
    dropExports(finished);
    publish(finished, resolve(output));
    const files = [...units.flatMap(({ depfile }) => readDepfile(depfile)), ...objects];
    return { dependencies: [...new Set(files.map((file) => resolve(file)))] };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @param {Program} program @param {string} scratch */
async function compileSources({ sources, optimize = '-O2', includes = [], defines = [], extra = [] }, scratch) {
  // names stay as they were given, since the compiler's messages and __FILE__ show them
  const searched = [...includes, sourceRoot].map((path) => `-I${path}`);
  const common = [...flags.compile(optimize), ...searched, ...defines.map((name) => `-D${name}`), ...extra.filter((flag) => !isForLinker(flag))];
  const units = sources.map((source, i) => ({ source, object: join(scratch, `${i}.o`), depfile: join(scratch, `${i}.d`) }));
  const args = units.map(({ source, object, depfile }) => [...(isCxx(source) ? flags.cxx : []), ...common, '-MMD', '-MF', depfile, '-o', object, source]);
  await compileAll(await findToolchain(), args.map((args) => ({ args })));
  return units;
}

/** @param {Program} program @param {string[]} objects @param {string} output */
async function link({ sources, optimize = '-O2', libs = [], libraryDirectories = [], blockingSleep, extra = [] }, objects, output) {
  const [tools, library] = await Promise.all([findToolchain(), buildLibrary(optimize)]);
  const driver = sources.some(isCxx) ? tools.emxx : tools.emcc;
  const own = [...flags.link(tools.version, optimize, tools.has), ...flags.development(optimize), ...flags.sleeps(!!blockingSleep), ...extra.filter(isForLinker)];
  const inputs = [...objects, ...libraryDirectories.map((path) => `-L${path}`), ...libs.map((name) => `-l${name}`), library.path];
  const once = async (/** @type {string[]} */ more) => {
    const { status, stdout, stderr } = await run(driver, [...own, ...more, '-o', output, ...inputs], { env: tools.env });
    process.stderr.write(stdout + withoutDriver(stderr));
    if (status !== 0) throw new CompileError('the program does not link');
  };
  const guess = partsOf(objects.map((file) => readFileSync(file)));
  await once(guess);
  const missing = partsNeeded(readFileSync(output)).filter((flag) => !guess.includes(flag));
  if (missing.length) await once([...guess, ...missing]);
}

/** What the objects seem to need. @param {Buffer[]} objects @returns {string[]} */
function partsOf(objects) {
  const mention = (/** @type {string} */ text) => objects.some((object) => object.includes(text));
  return [...(mention('export\t') ? flags.parts.exports : []), ...(mention('wasyncio_import') ? flags.parts.imports : [])];
}

/** What is known only after linking: libraries have exports and imports too, and there are exports without WIO_EXPORT. @param {Buffer<ArrayBuffer>} module */
function partsNeeded(module) {
  const declared = exportsDeclared(module);
  const isPlain = (/** @type {string} */ name) => !declared.includes(name) && !flags.ownExports.test(name) && !flags.unwantedExports.test(name);
  return [
    ...(declared.length ? flags.parts.exports : []),
    ...(functionImports(module).some((each) => each.module === 'wasyncio_import') ? flags.parts.imports : []),
    ...(exportNames(module).some(isPlain) ? flags.parts.plain : []),
  ];
}

/** @param {string} file */
function dropExports(file) {
  writeFileSync(file, filterExports(readFileSync(file), (name) => !flags.unwantedExports.test(name)));
}

/** @param {string} from @param {string} to */
function publish(from, to) {
  const beside = `${to}.${process.pid}.tmp`; // a rename is atomic only within one file system
  try {
    copyFileSync(from, beside);
    renameSync(beside, to);
  } catch (error) {
    throw new BuildError(`cannot write ${to}: ${/** @type {Error} */ (error).message}`);
  } finally {
    rmSync(beside, { force: true });
  }
}
