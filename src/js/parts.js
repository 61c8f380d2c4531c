import { refusal } from './errors.js';

/** What the imports and exports between the two halves look like; src/core/entry.c says the same number. */
const ABI = '3';

/**
 * What a module needs of this package beyond the core, loaded: what a program does not use, its page does not load.
 * @typedef {object} Parts
 * @property {string[][]} declarations the section's lines, by their tabs: those of WIO_EXPORT and WIO_IMPORT among them
 * @property {import('../host/ops.js').KindModule[]} kinds of operations
 * @property {typeof import('../host/ops.js') | false} ops
 * @property {typeof import('./interop.js') | false} interop
 * @property {typeof import('./wasi.js') | false} wasi
 * @property {typeof import('./args.js') | false} args
 * @property {typeof import('./watch.js') | false} watch
 * @property {typeof import('./shared.js') | false} sharing
 */

/** @param {WebAssembly.Module} module @param {import('./platform.js').Platform['kinds']} own kinds of operations that this platform does better @returns {Promise<Parts>} */
export async function loadParts(module, own) {
  const sections = WebAssembly.Module.customSections(module, 'wasyncio');
  if (!sections.length) throw await refusal('notOurs');
  const declarations = sections.flatMap((section) => new TextDecoder().decode(section).split('\n').map((line) => line.split('\t')));
  const declared = (/** @type {string} */ what) => declarations.filter(([kind]) => kind === what).map(([, name]) => name);
  const [abi] = declared('abi');
  if (abi !== ABI) throw await refusal('otherAbi', abi, ABI);
  const kinds = declared('op');
  const known = kinds.length ? { ...(await import('./kinds.js')).KINDS, ...own } : {};
  for (const kind of kinds) if (!known[kind]) throw await refusal('noSuchKind', kind);
  const linked = new Set([...WebAssembly.Module.imports(module), ...WebAssembly.Module.exports(module)].flatMap((entry) => Object.values(entry)));
  const imports = linked.has('wasyncio_import');
  const [ops, interop, wasi, args, watch, sharing, ...loaded] = await Promise.all([
    (imports || kinds.length > 0) && import('../host/ops.js'),
    (imports || linked.has('wio__listen')) && import('./interop.js'),
    linked.has('wasi_snapshot_preview1') && import('./wasi.js'),
    linked.has('args') && import('./args.js'),
    linked.has('wio__trace_start') && import('./watch.js'),
    declared('memory').length > 0 && import('./shared.js'),
    ...kinds.map((kind) => known[kind]()),
  ]);
  return { declarations, kinds: loaded, ops, interop, wasi, args, watch, sharing };
}
