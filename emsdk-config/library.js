import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { compileAll } from './compile.js';
import { cacheDirectory, isCheckout, sourceRoot } from './directories.js';
import { BuildError } from './errors.js';
import { findToolchain } from './find.js';
import * as flags from './flags.js';
import { run } from './process.js';

const FOLDERS = ['context', 'core', 'tasks', 'report', 'debug', 'sync', 'io', 'files', 'http', 'json'];

/** The backend for sanitizers: tests compile it, with the system's compiler. */
const NATIVE = 'native.c';

/** @param {(string | Buffer)[]} parts */
export const hash = (...parts) => parts.reduce((sum, part) => sum.update(part).update('\0'), createHash('sha256')).digest('hex').slice(0, 16);

/** @param {string} ending @param {string[]} folders @returns {string[]} */
const files = (ending, folders) =>
  folders.flatMap((folder) => readdirSync(join(sourceRoot, folder)).sort().filter((name) => name.endsWith(ending)).map((name) => join(sourceRoot, folder, name)));

/**
 * emcc takes 0.3 s to start, so it gets several sources at once; it names objects after sources, in its own directory.
 * @param {{ source: string, object: string }[]} units of one set of flags and different names
 * @param {string} scratch
 */
function share(units, scratch) {
  const count = Math.min(units.length, availableParallelism());
  return Array.from({ length: count }, (_, i) => {
    const cwd = join(scratch, `${i}`);
    mkdirSync(cwd);
    return { cwd, units: units.filter((_, n) => n % count === i) };
  });
}

/** @param {{ source: string, object: string }[]} units @param {string[]} own @param {string} scratch */
async function compile(units, own, scratch) {
  const [assembly, c] = [true, false].map((wanted) => units.filter(({ source }) => source.endsWith('.S') === wanted));
  const shares = share(c, scratch);
  await compileAll(await findToolchain(), [
    ...shares.map(({ cwd, units }) => ({ args: [...own, ...units.map(({ source }) => source)], cwd })),
    ...assembly.map(({ source, object }) => ({ args: [source, '-o', object] })), // clang takes no C standard for these
  ]);
  for (const { cwd, units } of shares) for (const { source, object } of units) renameSync(join(cwd, `${basename(source, '.c')}.o`), object);
}

/**
 * Builds libwasyncio.a, or finds it built: it is named after the contents of all that goes into it, and so is each
 * object, so that a change compiles what it touches.
 * @param {flags.Optimize} [optimize] the program's
 * @param {string[]} [more] flags of the compiler
 * @returns {Promise<{ path: string, id: string }>}
 */
export async function buildLibrary(optimize = /** @type {flags.Optimize} */ ('-O2'), more = []) {
  const tools = await findToolchain();
  const own = [...flags.library(optimize), ...(isCheckout ? flags.libraryWarnings : []), ...more];
  const sources = [...files('.c', FOLDERS), ...files('.S', FOLDERS)].filter((file) => !file.endsWith(NATIVE));
  const headers = hash(tools.version, own.join(' '), ...[...files('.h', ['.', 'wasyncio', ...FOLDERS, 'host', 'json/jansson']), ...files('.inc', FOLDERS), ...files('.c', ['json/jansson'])].map((file) => readFileSync(file)));
  const ids = sources.map((source) => hash(headers, source, readFileSync(source)));
  const id = hash(...ids);
  const directory = cacheDirectory('library');
  const path = join(directory, `libwasyncio-${id}.a`);
  if (existsSync(path)) return { path, id };
  const objects = sources.map((source, i) => join(directory, `${basename(source)}-${ids[i]}.o`));
  const scratch = mkdtempSync(join(directory, 'tmp-'));
  try {
    const missing = sources.map((source, i) => ({ source, object: objects[i] })).filter(({ object }) => !existsSync(object));
    await compile(missing, own, scratch);
    const archive = join(scratch, 'libwasyncio.a');
    const { status, stderr } = await run(tools.emar, ['rcs', archive, ...objects], { env: tools.env });
    if (status !== 0) throw new BuildError(`emar failed: ${stderr}`);
    renameSync(archive, path);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return { path, id };
}
