/**
 * Compiles C in the page. The toolchain is fetched once, with its progress in bytes, kept in the Cache API, and works offline
 * from then on.
 * @typedef {{ kind: 'progress', loaded: number, total: number } | { kind: 'ready', cached: boolean } | { kind: 'failed', message: string }
 *   | { kind: 'built', number: number, built: import('./client.js').Built }} Said
 */
import { createToolchain } from 'wasyncio/toolchain';
import { Kept, compiled, unpacked } from '../kept.js';

/** Put in by build.js. @type {import('./parts.js').Parts} */
const parts = /** @type {any} */ (TOOLCHAIN);

/** @param {Said} said @param {Transferable[]} [transfer] */
const say = (said, transfer = []) => postMessage(said, { transfer });

const total = parts?.bytes ?? 0;
let loaded = 0;
let reported = 0;

/** @param {number} bytes */
function count(bytes) {
  loaded += bytes;
  if (performance.now() - reported < 50 && loaded < total) return;
  reported = performance.now();
  say({ kind: 'progress', loaded, total });
}

/**
 * A script cannot be made of bytes under the page's policy, but the service worker serves it from the cache.
 * @param {Kept} kept @param {boolean} controlled is there a service worker?
 */
async function loadBinaryen(kept, controlled) {
  const url = kept.address(parts.plainBinaryen);
  if (kept.cache && controlled) {
    if (await kept.cache.match(url)) count(parts.binaryen.bytes);
    else {
      const script = await unpacked(await kept.load(parts.binaryen, false)).arrayBuffer();
      await kept.cache.put(url, new Response(script, { headers: { 'Content-Type': 'text/javascript' } })).catch(() => {});
    }
  }
  const { default: binaryen } = await import(url);
  return binaryen;
}

/** @param {boolean} controlled */
async function start(controlled) {
  const kept = new Kept(parts.version, count);
  await kept.open('wasyncio-toolchain');
  const [llvm, sysroot, binaryen] = await Promise.all([kept.load(parts.llvm).then(compiled), kept.load(parts.sysroot), loadBinaryen(kept, controlled)]);
  const toolchain = await createToolchain({ llvm, sysroot, binaryen });
  say({ kind: 'ready', cached: kept.complete });
  return toolchain;
}

/** @type {ReturnType<typeof start> | undefined} */
let toolchain;

onmessage = async ({ data: { kind, number, files, controlled } }) => {
  try {
    const made = await (toolchain ??= start(controlled));
    if (kind === 'prepare') return;
    const began = performance.now();
    const { module, output, diagnostics } = await made.build({ files });
    const bytes = module?.buffer.byteLength === module?.byteLength ? module?.buffer : module?.slice().buffer;
    say({ kind: 'built', number, built: { module: bytes, output, diagnostics, took: performance.now() - began } }, bytes ? [bytes] : []);
  } catch (error) {
    say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
};
