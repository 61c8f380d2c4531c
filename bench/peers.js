/** Who is measured beside wasyncio, what each needs, and the command that runs one on one workload. */
import { join } from 'node:path';
import { root } from './build.js';
import { go, installed, python } from './hosts.js';

/** @typedef {import('./hosts.js').Host} Host */
/** @typedef {import('./workloads.js').Runner} Runner */
/** @typedef {{ version: string, path?: string, loader?: string }} Found */

const scripts = join(root, 'bench/peers');

/** What some peers need that a machine may not have, and how it is had. */
const OPTIONAL = {
  python: { find: python, how: 'Python 3.11 or newer' },
  go: { find: go, how: 'Go (apt-get install golang-go)' },
  pyodide: { find: () => installed('pyodide', 'pyodide.mjs'), how: 'npm ci' },
  'p-limit': { find: () => installed('p-limit', 'index.js'), how: 'npm ci' },
};

/** Those of the optional peers that are there, and a line for each that is not. @param {Set<string>} wanted programs */
export function findPeers(wanted) {
  /** @type {Record<string, Found>} */
  const found = {};
  const missing = [];
  for (const [name, { find, how }] of Object.entries(OPTIONAL)) {
    if (!wanted.has(name)) continue;
    const peer = find();
    if (peer) found[name] = peer;
    else missing.push(`${name} is left out: it needs ${how}`);
  }
  return { found, missing };
}

/** @param {Runner} runner @param {Host[]} hosts @param {Record<string, Found>} found @returns {(Host | undefined)[]} undefined: on none of them, but on the machine itself */
export function hostsOf({ program, script }, hosts, found) {
  if (program in OPTIONAL && !found[program]) return [];
  if (program === 'python') return [undefined];
  const inPages = ['wasyncio', 'js'].includes(program) && !script;
  return hosts.filter(({ browser, jspi }) => (browser ? inPages : program !== 'jspi' || jspi));
}

/** @param {Runner} runner @param {Host | undefined} host @param {string[]} args @param {Record<string, string>} built @param {Record<string, Found>} found */
export function command({ program, script }, host, args, built, found) {
  if (!host) return [found.python.path ?? '', join(scripts, 'asyncio_peer.py'), ...args];
  const start = [host.path ?? '', '--expose-gc', join(scripts, `${script ?? program}.js`)];
  if (program === 'js' && !script) return [...start, ...args];
  return [...start, found[program]?.path ?? built[program] ?? '-', ...args];
}
