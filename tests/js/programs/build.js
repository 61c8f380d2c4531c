/** The C programs of the JavaScript tests, each built once for all hosts that run them. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildLibrary, buildProgram } from '../../../emsdk-config/build.js';

const here = dirname(fileURLToPath(import.meta.url));
export const root = resolve(here, '../../..');
const OUTPUT = join(root, 'build/tests/js');
const STALE = 120_000; // ms; a build takes two seconds

/** @param {string} path whether somebody else builds it right now */
const isLocked = (path) => {
  try {
    return Date.now() - statSync(path).mtimeMs < STALE;
  } catch {
    return false;
  }
};

/**
 * The module of programs/<name>.c (or of a path from the root, without .c), named after all that goes into it. Test files of both Nodes ask at the same time, so
 * one of them builds and the others wait for it.
 * @param {string} name @param {import('../../../emsdk-config/flags.js').Optimize} [optimize] @param {boolean} [threads] @returns {Promise<string>} its path
 */
export async function program(name, optimize = '-O2', threads = false) {
  const source = name.includes('/') ? join(root, `${name}.c`) : join(here, `${name}.c`);
  const { id } = await buildLibrary(optimize);
  const key = createHash('sha256').update(id).update(`${optimize} ${threads}`).update(readFileSync(source));
  for (const part of ['flags.js', 'asyncify.js', 'passes.js', 'stack-check.js', 'segments.js', 'switch.js', 'suspends.js', 'functions.js', 'instructions.js', 'wasm.js', 'assemble.js', 'emcc.js', 'threads.js']) key.update(readFileSync(join(root, 'emsdk-config', part)));
  key.update(readFileSync(join(root, 'src/wasyncio.h')));
  const output = join(OUTPUT, `${name.replaceAll('/', '-')}-${key.digest('hex').slice(0, 16)}.wasm`);
  mkdirSync(OUTPUT, { recursive: true });
  const lock = `${output}.lock`;
  while (!existsSync(output)) {
    if (isLocked(lock)) {
      await wait(50);
      continue;
    }
    try {
      mkdirSync(lock);
    } catch {
      // stale, or somebody was faster
      if (!isLocked(lock)) rmdirSync(lock);
      continue;
    }
    try {
      if (!existsSync(output)) await buildProgram({ sources: [source], output, optimize, threads, extra: ['-Wall', '-Wextra', '-Werror'] });
    } finally {
      rmdirSync(lock);
    }
  }
  return output;
}
