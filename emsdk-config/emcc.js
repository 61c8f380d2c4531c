import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble, failed } from './assemble.js';
import { asyncify } from './asyncify.js';
import { compileAll, readDepfile, withoutDriver } from './compile.js';
import { sourceRoot } from './directories.js';
import { BuildError } from './errors.js';
import { findToolchain } from './find.js';
import * as flags from './flags.js';
import { buildLibrary } from './library.js';
import { run } from './process.js';
import { isCxx, isForLinker } from './sources.js';

/**
 * Builds with Emscripten and Binaryen's wasm-opt, which want files.
 * @param {import('./program.js').Program} program
 * @returns {Promise<{ module: Uint8Array<ArrayBuffer>, dependencies: string[] }>}
 */
export async function build(program) {
  const { sources, optimize = '-O2', includes = [], defines = [], objects = [], libs = [], libraryDirectories = [], blockingSleep, suspendable = true, extra = [], libraryFlags = [] } = program;
  const threads = program.threads ? await import('./threads.js') : undefined;
  const [found, library] = await Promise.all([findToolchain(), buildLibrary(optimize, [...(threads?.compile ?? []), ...libraryFlags])]);
  const missing = threads?.missing(found.has) ?? [];
  if (missing.length) throw new BuildError(`this Emscripten has no ${missing.join(', ')}, which --threads needs: embuilder build ${missing.map((name) => `lib${name}`).join(' ')}`);
  const scratch = mkdtempSync(join(tmpdir(), 'wasyncio-build-'));
  const inScratch = (/** @type {string} */ name) => join(scratch, name);
  /** @type {string[]} */
  let dependencies = objects;

  /** @type {import('./assemble.js').Tools} */
  const tools = {
    async compile() {
      // names stay as they were given, since the compiler's messages and __FILE__ show them
      const searched = [...includes, sourceRoot].map((path) => `-I${path}`);
      const common = [...flags.compile(optimize), ...(threads?.compile ?? []), ...searched, ...defines.map((name) => `-D${name}`), ...extra.filter((flag) => !isForLinker(flag))];
      const units = sources.map((source, i) => ({ source, object: inScratch(`${i}.o`), depfile: inScratch(`${i}.d`) }));
      const args = units.map(({ source, object, depfile }) => [...(isCxx(source) ? flags.cxx : []), ...common, '-MMD', '-MF', depfile, '-o', object, source]);
      await compileAll(found, args.map((args) => ({ args })));
      dependencies = [...units.flatMap(({ depfile }) => readDepfile(depfile)), ...objects];
      return units.map(({ source, object }) => ({ source, bytes: readFileSync(object) }));
    },

    async link(parts, more) {
      const driver = sources.some(isCxx) ? found.emxx : found.emcc;
      const own = [...flags.link(found.version, optimize, threads ? () => false : found.has), ...flags.development(optimize), ...flags.sleeps(!!blockingSleep), ...(threads?.link ?? []), ...extra.filter(isForLinker)];
      const compiled = sources.map((_, i) => inScratch(`${i}.o`));
      const inputs = [...compiled, ...objects, ...libraryDirectories.map((path) => `-L${path}`), ...libs.map((name) => `-l${name}`), library.path, ...(threads?.libraries(sources.some(isCxx)) ?? [])];
      const output = inScratch('linked.wasm');
      const { status, stdout, stderr } = await run(driver, [...own, ...more, '-o', output, ...inputs], { env: found.env });
      process.stderr.write(stdout + withoutDriver(stderr));
      if (status !== 0) throw failed('link');
      return readFileSync(output);
    },

    asyncify: (module) => asyncify(found, threads ? threads.guard(module) : module, optimize, scratch, suspendable, !!threads),
  };

  try {
    const module = await assemble(tools, objects.map((source) => ({ source, bytes: readFileSync(source) })));
    return { module, dependencies };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @returns {Promise<string>} */
export async function identity() {
  const [{ id }, { version }] = await Promise.all([buildLibrary(), findToolchain()]);
  return `emscripten ${version} ${id}`;
}
