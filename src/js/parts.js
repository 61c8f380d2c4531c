import { refusal } from './errors.js';

/** What the imports and exports between the two halves look like; src/core/entry.c says the same number. */
const ABI = '1';

/** What carries out each kind of operations, by the name that WIO__OP_NEEDS (src/io/op.h) leaves in the module. @type {Record<string, () => Promise<import('../host/ops.js').KindModule>>} */
const KINDS = {
  fetch: () => import('../host/fetch.js'),
};

/**
 * What a module needs of this package beyond the core, loaded: what a program does not use, its page does not load.
 * @typedef {object} Parts
 * @property {string[]} declarations of WIO_EXPORT and WIO_IMPORT
 * @property {import('../host/ops.js').KindModule[]} kinds of operations
 * @property {typeof import('../host/ops.js') | false} ops
 * @property {typeof import('./interop.js') | false} interop
 * @property {typeof import('./wasi.js') | false} wasi
 */

/** @param {WebAssembly.Module} module @returns {Promise<Parts>} */
export async function loadParts(module) {
  const sections = WebAssembly.Module.customSections(module, 'wasyncio');
  if (!sections.length) throw await refusal('notOurs');
  const lines = sections.flatMap((section) => new TextDecoder().decode(section).split('\n'));
  const named = (/** @type {string} */ what) => lines.filter((line) => line.startsWith(`${what}\t`)).map((line) => line.slice(what.length + 1));
  const [abi] = named('abi');
  if (abi !== ABI) throw await refusal('otherAbi', abi, ABI);
  const kinds = named('op');
  for (const kind of kinds) if (!KINDS[kind]) throw await refusal('noSuchKind', kind);
  const uses = (/** @type {string} */ from) => WebAssembly.Module.imports(module).some((entry) => entry.module === from);
  const has = (/** @type {string} */ entry) => WebAssembly.Module.exports(module).some(({ name }) => name === entry);
  const imports = uses('wasyncio_import');
  const [ops, interop, wasi, ...loaded] = await Promise.all([
    (imports || kinds.length > 0) && import('../host/ops.js'),
    (imports || has('wio__listen')) && import('./interop.js'),
    uses('wasi_snapshot_preview1') && import('./wasi.js'),
    ...kinds.map((kind) => KINDS[kind]()),
  ]);
  return { declarations: lines, kinds: loaded, ops, interop, wasi };
}
