import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildProgram, identity } from '../../../emsdk-config/build.js';
import { userCache } from '../../../emsdk-config/directories.js';
import { hash } from '../../../emsdk-config/library.js';
import { Progress } from './progress.js';

/** @param {string} file */
const contents = (file) => (existsSync(file) ? hash(readFileSync(file)) : 'gone');

/** @param {string} list @returns {boolean} whether every file that went into a build is as it was */
function isFresh(list) {
  if (!existsSync(list)) return false;
  return Object.entries(JSON.parse(readFileSync(list, 'utf8'))).every(([file, before]) => contents(file) === before);
}

/**
 * The module built from these options: an earlier one, unless a source, an included header, an option, the library or
 * the compiler has changed.
 * @param {import('./options.js').Options} options
 * @returns {Promise<string>} its path
 */
export async function cachedProgram({ sources, objects, optimize, includes, defines, libs, libraryDirectories, extra, blockingSleep, threads, toolchain }) {
  const what = { sources, objects, optimize, includes, defines, libs, libraryDirectories, extra, blockingSleep, threads, toolchain };
  const progress = new Progress(`building ${[...sources, ...objects].join(' ')} …`);
  try {
    const directory = join(userCache(), 'run', hash(JSON.stringify(what), process.cwd(), await identity(toolchain)));
    const [output, list] = [join(directory, 'app.wasm'), join(directory, 'files.json')];
    if (existsSync(output) && isFresh(list)) return output;
    mkdirSync(directory, { recursive: true });
    const { dependencies } = await buildProgram({ ...what, output });
    const files = [...dependencies, ...libraryFiles(libs, libraryDirectories)].filter((file) => existsSync(file));
    writeFileSync(list, JSON.stringify(Object.fromEntries(files.map((file) => [file, contents(file)])), null, 1));
    return output;
  } finally {
    progress.end();
  }
}

/** @param {string[]} libs @param {string[]} directories */
const libraryFiles = (libs, directories) => directories.flatMap((directory) => libs.map((name) => resolve(directory, `lib${name}.a`)));
