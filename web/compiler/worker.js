/**
 * Compiles C in the page. The toolchain is fetched once, with its progress in bytes, kept in the Cache API, and works offline
 * from then on.
 * @typedef {{ kind: 'progress', loaded: number, total: number } | { kind: 'ready', cached: boolean } | { kind: 'failed', message: string }
 *   | { kind: 'built', number: number, built: import('./client.js').Built }} Said
 */
import { createToolchain } from 'wasyncio/toolchain';

/** Put in by build.js. @type {import('./parts.js').Parts} */
const parts = /** @type {any} */ (TOOLCHAIN);

/** @typedef {import('./parts.js').Part} Part */

const CACHE = 'wasyncio-toolchain';

/** @param {Said} said @param {Transferable[]} [transfer] */
const say = (said, transfer = []) => postMessage(said, { transfer });

const total = parts?.bytes ?? 0;
let loaded = 0;
let reported = 0;
let cached = true;

/** @param {number} bytes */
function count(bytes) {
  loaded += bytes;
  if (performance.now() - reported < 50 && loaded < total) return;
  reported = performance.now();
  say({ kind: 'progress', loaded, total });
}

/** @returns {Promise<Cache | undefined>} */
const openCache = () => globalThis.caches?.open(CACHE).catch(() => undefined) ?? Promise.resolve(undefined);

/** @param {Part} part @param {Cache | undefined} cache @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function load(part, cache) {
  const url = new URL(`${part.url}?${parts.version}`, location.href).href;
  const kept = await cache?.match(url);
  if (kept) {
    const bytes = new Uint8Array(await kept.arrayBuffer());
    count(bytes.length);
    return bytes;
  }
  cached = false;
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`${part.url}: the server answered ${response.status}`);
  const bytes = new Uint8Array(part.bytes);
  let at = 0;
  for await (const chunk of chunks(response.body)) {
    if (at + chunk.length > bytes.length) throw new Error(`${part.url} is not the file that this page was built with`);
    bytes.set(chunk, at);
    at += chunk.length;
    count(chunk.length);
  }
  if (at !== part.bytes) throw new Error(`${part.url} has ended too early`);
  await cache?.put(url, new Response(bytes, { headers: { 'Content-Type': response.headers.get('Content-Type') ?? 'application/octet-stream' } })).catch(() => {}); // no room: again the next time
  return bytes;
}

/** @param {ReadableStream<Uint8Array>} body */
async function* chunks(body) {
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** @param {Uint8Array<ArrayBuffer>} bytes gzip */
const unpacked = (bytes) => new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')));

/**
 * A script cannot be made of bytes under the page's policy, but the service worker serves it from the cache.
 * @param {Cache | undefined} cache @param {boolean} controlled is there a service worker?
 */
async function loadBinaryen(cache, controlled) {
  const url = new URL(`${parts.plainBinaryen}?${parts.version}`, location.href).href;
  if (cache && controlled) {
    if (await cache.match(url)) count(parts.binaryen.bytes);
    else {
      const script = await unpacked(await load(parts.binaryen, undefined)).arrayBuffer();
      await cache.put(url, new Response(script, { headers: { 'Content-Type': 'text/javascript' } })).catch(() => {});
    }
  }
  const { default: binaryen } = await import(url);
  return binaryen;
}

/** @param {boolean} controlled */
async function start(controlled) {
  const cache = await openCache();
  for (const request of (await cache?.keys()) ?? []) if (!request.url.endsWith(parts.version)) await cache?.delete(request);
  const [llvm, sysroot, binaryen] = await Promise.all([
    load(parts.llvm, cache).then((bytes) => WebAssembly.compileStreaming(new Response(unpacked(bytes).body, { headers: { 'Content-Type': 'application/wasm' } }))),
    load(parts.sysroot, cache),
    loadBinaryen(cache, controlled),
  ]);
  const toolchain = await createToolchain({ llvm, sysroot, binaryen });
  say({ kind: 'ready', cached });
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
