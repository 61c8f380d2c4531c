import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { BuildError } from './errors.js';
import { functionImports } from './wasm.js';

/** What the loader provides besides the functions of WIO_IMPORT. */
const PROVIDED = ['wasi_snapshot_preview1', 'wasyncio', 'wasyncio_import', 'asyncify'];
const PROVIDED_ENV = ['emscripten_notify_memory_growth'];

/**
 * Undefined symbols end up as imports of "env". The linker would not say who refers to them, so the objects are asked.
 * @param {Uint8Array<ArrayBuffer>} bytes a linked module
 * @param {{ source: string, object: string }[]} objects
 */
export function checkImports(bytes, objects) {
  const foreign = functionImports(bytes).filter(({ module, name }) => !PROVIDED.includes(module) && !(module === 'env' && PROVIDED_ENV.includes(name)));
  if (!foreign.length) return;
  const contents = objects.map(({ source, object }) => ({ source, bytes: readFileSync(object) }));
  const lines = foreign.map(({ module, name }) => {
    const from = contents.filter(({ bytes }) => bytes.includes(name)).map(({ source }) => basename(source));
    const who = from.length ? ` (in ${from.join(', ')})` : '';
    return module === 'env' ? `undefined symbol: ${name}${who}` : `import of another module: ${module}.${name}${who}`;
  });
  throw new BuildError(
    `${lines.join('\n')}\n` +
      'Define it in one of the sources, name its library with -l, or let JavaScript provide it: WIO_IMPORT(type, name, (parameters)).\n' +
      "Functions that Emscripten's own JavaScript provides (emscripten_*, EM_JS) do not exist here.",
  );
}
