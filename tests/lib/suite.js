/**
 * What a suite gives the runner.
 *
 * @typedef {import('./hosts.js').Host | 'native'} Place
 * @typedef {{name: string, ok: boolean, detail?: string}} Result
 *
 * @typedef {object} Unit  one test file
 * @property {string} id e.g. "c/sleep"
 * @property {Place[]} places where it runs
 * @property {(() => Promise<unknown>)[]} [needs] what other units need, too (steps.js): made once, in this order, before `prepare`
 * @property {() => Promise<void>} [prepare] once, before all runs; throws if it cannot
 * @property {ReturnType<typeof import('./pool.js').pool>} [line] in which it waits to be prepared, before it takes a place
 * @property {boolean} [inTurn] in one place after the other: the first builds what the others find
 * @property {(place: Place, context: Context) => Promise<Result[]>} run
 *
 * @typedef {object} Context
 * @property {import('../server/server.js').TestServer} server
 * @property {() => Promise<import('./browsers.js').Browsers>} browsers
 * @property {string} filter only tests whose name contains it; "" for all
 */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { HOSTS, ROOT } from './hosts.js';

/**
 * Names of files in a folder of the repository that end in one of the endings, sorted; none if there is no such folder.
 * @param {string} folder @param {string[]} endings
 */
export async function filesIn(folder, endings) {
  const names = await readdir(path.join(ROOT, folder)).catch(() => []);
  return names.filter((name) => endings.some((ending) => name.endsWith(ending))).sort();
}

/**
 * Directives are comments "// key: value" before the first line of code.
 * @param {string} file
 * @returns {Promise<Record<string, string[]>>} every value of each key
 */
export async function directives(file) {
  /** @type {Record<string, string[]>} */
  const found = {};
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    if (line.trim() && !line.startsWith('//')) break;
    const match = /^\/\/ ([a-z]+): (.*)$/.exec(line);
    if (match) (found[match[1]] ??= []).push(match[2].trim());
  }
  return found;
}

/**
 * The hosts of a "hosts" directive that a suite can use.
 * @param {Record<string, string[]>} found @param {import('./hosts.js').Host[]} possible
 */
export function hostsOf(found, possible) {
  if (!found.hosts) return possible;
  const wanted = found.hosts.join(' ').split(/[\s,]+/);
  const unknown = wanted.find((host) => !HOSTS.includes(/** @type {any} */ (host)));
  if (unknown) throw new Error(`unknown host in a "// hosts:" line: ${unknown} (there are ${HOSTS.join(', ')})`);
  return possible.filter((host) => wanted.includes(host));
}

/**
 * What every test program finds in its environment.
 * @param {import('../server/server.js').TestServer} server @param {string} id @param {string} place
 */
export function testEnvironment(server, id, place) {
  return {
    WIO_TEST_URL: server.url,
    WIO_TEST_URL2: server.url2,
    WIO_TEST_REFUSED_URL: server.refusedUrl,
    WIO_TEST_HOST: place,
    WIO_TEST_PLACE: /^node/.test(place) ? 'node' : 'browser',
    WIO_TEST_SCOPE: `${id}-${place}`.replace(/[^\w-]/g, '-'),
  };
}

/**
 * An error's message with the places in the repository, without those of the runner and of packages.
 * @param {unknown} error
 */
export function explain(error) {
  const text = error instanceof Error ? String(error.stack) : String(error);
  return text
    .split('\n')
    .filter((line) => !/^\s+at /.test(line) || (line.includes(ROOT) && !/node_modules|tests\/(lib|run\.js)/.test(line)))
    .join('\n');
}

/** The end of a long text. @param {string} text @param {number} lines */
export const tail = (text, lines = 25) => text.trimEnd().split('\n').slice(-lines).join('\n');
