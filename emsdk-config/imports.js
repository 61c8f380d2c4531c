import { BuildError } from './errors.js';
import { functionImports } from './wasm.js';

/** What the loader provides besides the functions of WIO_IMPORT. */
const PROVIDED = ['wasi_snapshot_preview1', 'wasyncio', 'wasyncio_import', 'asyncify'];
const PROVIDED_ENV = ['emscripten_notify_memory_growth'];

/**
 * Undefined symbols end up as imports of "env". The linker would not say who refers to them, so the objects are asked.
 * @param {Uint8Array<ArrayBuffer>} bytes a linked module
 * @param {import('./assemble.js').Part[]} parts
 */
export function checkImports(bytes, parts) {
  const foreign = functionImports(bytes).filter(({ module, name }) => !PROVIDED.includes(module) && !(module === 'env' && PROVIDED_ENV.includes(name)));
  if (!foreign.length) return;
  const contents = parts.map(({ source, bytes }) => ({ name: source.replace(/.*[\\/]/, ''), text: new TextDecoder('latin1').decode(bytes) }));
  const lines = foreign.map(({ module, name }) => {
    const from = contents.filter(({ text }) => text.includes(name)).map((each) => each.name);
    const who = from.length ? ` (in ${from.join(', ')})` : '';
    return module === 'env' ? `undefined symbol: ${name}${who}` : `import of another module: ${module}.${name}${who}`;
  });
  throw new BuildError(
    `${lines.join('\n')}\n` +
      'Define it in one of the sources, name its library with -l, or let JavaScript provide it: WIO_IMPORT(type, name, (parameters)).\n' +
      "Functions that Emscripten's own JavaScript provides (emscripten_*, EM_JS) do not exist here.",
  );
}
