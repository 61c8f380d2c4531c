import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the package (or the checkout) lives. */
export const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** The C sources, and the directory to include <wasyncio.h> from. */
export const sourceRoot = join(packageRoot, 'src');

/** In a checkout what is built stays in it, where `make clean` finds it. */
export const isCheckout = existsSync(join(packageRoot, 'Makefile'));

/** @param {string} path an existing one @returns {boolean} */
export function isWritable(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns {string} the user's cache directory; the temporary one where home cannot be written */
export function userCache() {
  const base = process.env.XDG_CACHE_HOME || (process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache'));
  try {
    const path = join(base, 'wasyncio');
    mkdirSync(path, { recursive: true });
    if (isWritable(path)) return path;
  } catch {
    // no home, or a read-only one
  }
  const path = join(tmpdir(), `wasyncio-${userInfo().username}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}

/** @param {string[]} names @returns {string} a directory of the build cache, created */
export function cacheDirectory(...names) {
  const path = join(isCheckout && isWritable(packageRoot) ? join(packageRoot, 'build') : userCache(), ...names);
  mkdirSync(path, { recursive: true });
  return path;
}
