/**
 * src/js/words/words.js: the words of reports and errors, from the headers of C that have them. `node scripts/words.js` after a
 * change there; tests/js/words.test.js fails without it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findToolchain } from '../emsdk-config/find.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (/** @type {string} */ path) => readFileSync(join(root, path), 'utf8');

/** X(NAME, "text") of a header. @param {string} path @returns {[name: string, text: string][]} */
const entries = (path) => [...read(path).matchAll(/^ +X\((\w+), +"((?:[^"\\]|\\.)*)"\)/gm)].map(([, name, text]) => [name, text.replace(/\\(.)/g, '$1')]);

/** Emscripten's libc has the numbers. @returns {Promise<Map<string, number>>} */
async function numbers() {
  const { headers } = await findToolchain();
  const text = ['bits/errno.h', 'wasi/api.h'].map((name) => readFileSync(join(headers, name), 'utf8')).join('');
  const defined = new Map([...text.matchAll(/#define\s+(\w+)\s+(?:\(UINT16_C\((\d+)\)\)|(\w+))/g)].map(([, name, number, other]) => [name, number ?? other]));
  const value = (/** @type {string} */ name) => (defined.has(name) ? value(/** @type {string} */ (defined.get(name))) : name);
  return new Map([...defined.keys()].map((name) => [name, Number(value(name))]));
}

/** The kinds of wio__host_report(), in order. */
const reports = () => [...(/enum \{([^}]*)\}/.exec(read('src/host/host.h')) ?? [''])[1].matchAll(/WIO__REPORT_(\w+)/g)].map(([, name]) => name);

const quoted = (/** @type {string} */ text) => `'${text.replace(/[\\']/g, '\\$&')}'`;

export async function words() {
  const codes = await numbers();
  const errors = entries('src/report/errors.h').map(([name, text]) => `  ${name}: [${codes.get(name)}, ${quoted(text)}],`);
  const misuse = entries('src/report/words.h').map(([, text]) => `  ${quoted(text)},`);
  const kinds = reports().map((name, number) => `  ${name}: ${number},`);
  return `/** Made by scripts/words.js of src/report/errors.h, src/report/words.h, src/host/host.h, and the numbers of Emscripten's libc. */

/** Errors of C: number and text by name. @type {Record<string, [code: number, text: string]>} */
export const CODES = {
${errors.join('\n')}
};

/** WIO__WORD_…, by number. */
export const WORDS = [
  '',
${misuse.join('\n')}
];

/** WIO__REPORT_… */
export const REPORTS = {
${kinds.join('\n')}
};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(root, 'src/js/words/words.js'), await words());
