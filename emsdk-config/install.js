import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { BuildError } from './errors.js';
import { OLDEST, isOlder } from './version.js';

/** The ways to get one, or to do without, as one types them. */
export const howToInstall = `Install it, either as a package (Debian 12, Ubuntu 24.04 or newer):
    sudo apt-get install emscripten binaryen
or from its makers (Linux, macOS, Windows):
    git clone https://github.com/emscripten-core/emsdk && cd emsdk
    ./emsdk install latest && ./emsdk activate latest && . ./emsdk_env.sh
C alone (no C++, no libraries) builds without it, with two npm packages:
    npm install --save-dev @yowasp/clang binaryen && npx wasyncio build --toolchain npm app.c`;

/** What to put before apt-get to be root, or undefined where that would need a password. @returns {string[] | undefined} */
function asRoot() {
  if (process.getuid?.() === 0) return [];
  const sudo = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' });
  return sudo.status === 0 ? ['sudo', '-n'] : undefined;
}

/** @returns {string | undefined} why nothing is installed without asking */
function obstacle() {
  if (process.env.WASYNCIO_NO_INSTALL) return 'WASYNCIO_NO_INSTALL is set';
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return 'there is no apt-get here';
  if (!asRoot()) return 'that needs root';
  return undefined;
}

/** apt-get's own progress goes to stderr: stdout belongs to the program that is run. @param {string[]} args */
function apt(...args) {
  const [command, ...rest] = [.../** @type {string[]} */ (asRoot()), 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
  process.stderr.write(`wasyncio: ${[command, ...rest].join(' ')}\n`);
  const { status } = spawnSync(command, rest, { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new BuildError(`apt-get ${args[0]} failed (its words are above).\n${howToInstall}`);
}

/** @returns {string | undefined} the version that apt-get would install */
function candidate() {
  const { stdout } = spawnSync('apt-cache', ['policy', 'emscripten'], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  return /Candidate:\s*(?:\d+:)?(\d+\.\d+\.\d+)/.exec(stdout ?? '')?.[1];
}

/** Installs Debian's Emscripten if that takes no question; throws what to type otherwise. */
export async function install() {
  const reason = obstacle();
  if (reason) throw new BuildError(`Emscripten was not found, and wasyncio does not install it itself: ${reason}.\n${howToInstall}`);
  process.stderr.write('wasyncio: Emscripten was not found; installing the package (WASYNCIO_NO_INSTALL=1 prevents this)\n');
  apt('update');
  const version = candidate();
  if (!version || isOlder(version, OLDEST)) {
    throw new BuildError(`Emscripten was not found, and the package here is ${version ?? 'not there either'}; wasyncio needs ${OLDEST} or newer.\n${howToInstall}`);
  }
  apt('install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', 'emscripten', 'binaryen');
}
