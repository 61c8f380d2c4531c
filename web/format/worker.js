/**
 * clang-format, with the project's style. Fetched at the first use and kept, as the compiler is.
 * @typedef {{ kind: 'progress', loaded: number, total: number } | { kind: 'missing', message: string }
 *   | { kind: 'formatted' | 'refused', text: string }} Said
 */
import { format, initSync } from '@wasm-fmt/clang-format/web';
import { Kept, compiled } from '../kept.js';

/** Put in by build.js. @type {import('../compiler/parts.js').FormatterParts | null} */
const parts = /** @type {any} */ (FORMATTER);

/** @param {Said} said */
const say = (said) => postMessage(said);

let loaded = 0;

async function start() {
  if (!parts) throw new Error('this copy of the page was built without one');
  const { version, wasm } = parts;
  const kept = new Kept(version, (bytes) => say({ kind: 'progress', loaded: (loaded += bytes), total: wasm.bytes }));
  await kept.open('wasyncio-formatter');
  initSync(await kept.load(wasm).then(compiled));
}

/** @type {Promise<void> | undefined} */
let ready;

onmessage = async ({ data: { name, text } }) => {
  try {
    await (ready ??= start());
  } catch (error) {
    return say({ kind: 'missing', message: error instanceof Error ? error.message : String(error) });
  }
  try {
    say({ kind: 'formatted', text: format(text, name, parts?.style) });
  } catch (error) {
    say({ kind: 'refused', text: error instanceof Error ? error.message : String(error) });
  }
};
