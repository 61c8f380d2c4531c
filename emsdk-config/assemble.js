import { writeCalls } from './calls.js';
import { CompileError } from './errors.js';
import * as flags from './flags.js';
import { checkImports } from './imports.js';
import { exportNames, exportsDeclared, filterExports, functionImports } from './wasm.js';

/**
 * From sources to a finished module, whatever the tools: Emscripten's (emcc.js), or those from npm (npm/tools.js), which
 * work in a page too. Nothing here knows files or processes.
 * @typedef {{ source: string, bytes: Uint8Array<ArrayBuffer> }} Part an object or archive, and what to call it in messages
 *
 * @typedef {object} Tools
 * @property {() => Promise<Part[]>} compile
 * @property {(parts: Part[], more: string[]) => Promise<Uint8Array<ArrayBuffer>>} link `more`: linker flags
 * @property {(module: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>} asyncify
 */

const latin = new TextDecoder('latin1');

/** What the objects seem to need of our library. @param {Part[]} parts @returns {string[]} */
function guessed(parts) {
  const texts = parts.map(({ bytes }) => latin.decode(bytes));
  const mention = (/** @type {string} */ text) => texts.some((each) => each.includes(text));
  return [...(mention('export\t') ? flags.parts.exports : []), ...(mention('wasyncio_import') ? flags.parts.imports : [])];
}

/** What is known only after linking: libraries have exports and imports too, and there are exports without WIO_EXPORT. @param {Uint8Array<ArrayBuffer>} module */
function needed(module) {
  const declared = exportsDeclared(module);
  const isPlain = (/** @type {string} */ name) => !declared.includes(name) && !flags.ownExports.test(name) && !flags.unwantedExports.test(name);
  return [
    ...(declared.length ? flags.parts.exports : []),
    ...(functionImports(module).some((each) => each.module === 'wasyncio_import') ? flags.parts.imports : []),
    ...(exportNames(module).some(isPlain) ? flags.parts.plain : []),
  ];
}

/** @param {Uint8Array<ArrayBuffer>} module */
const withoutUnwanted = (module) => filterExports(module, (name) => !flags.unwantedExports.test(name));

/**
 * @param {Tools} tools
 * @param {Part[]} given objects and archives that come with the sources
 * @returns {Promise<Uint8Array<ArrayBuffer>>} the finished module
 */
export async function assemble(tools, given) {
  const parts = [...(await tools.compile()), ...given];
  const guess = guessed(parts);
  let linked = await tools.link(parts, guess);
  const missing = needed(linked).filter((flag) => !guess.includes(flag));
  if (missing.length) linked = await tools.link(parts, [...guess, ...missing]);
  checkImports(linked, parts);
  return withoutUnwanted(await tools.asyncify(withoutUnwanted(writeCalls(linked))));
}

/** The tool has said why. @param {'compile' | 'link'} what */
export const failed = (what) => new CompileError(what === 'link' ? 'the program does not link' : 'the sources do not compile');
