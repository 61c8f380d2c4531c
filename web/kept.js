/**
 * Large files that a worker fetches when they are first needed, with their progress in bytes, and keeps in the Cache API, so
 * that they are there without a network from then on.
 * @typedef {{ url: string, bytes: number }} Part
 */

export class Kept {
  #version;
  #count;
  /** @type {Cache | undefined} none where storage is not allowed */
  cache;
  /** Nothing had to be fetched. */
  complete = true;

  /** @param {string} version of the files @param {(bytes: number) => void} count told of what arrives */
  constructor(version, count) {
    this.#version = version;
    this.#count = count;
  }

  /** Throws files of other versions away. @param {string} name of the cache */
  async open(name) {
    this.cache = await (globalThis.caches?.open(name).catch(() => undefined) ?? undefined);
    for (const request of (await this.cache?.keys()) ?? []) if (!request.url.endsWith(this.#version)) await this.cache?.delete(request);
  }

  /** @param {string} url of the page's */
  address(url) {
    return new URL(`${url}?${this.#version}`, location.href).href;
  }

  /** @param {Part} part @param {boolean} [keep] @returns {Promise<Uint8Array<ArrayBuffer>>} */
  async load(part, keep = true) {
    const url = this.address(part.url);
    const kept = keep ? await this.cache?.match(url) : undefined;
    if (kept) {
      const bytes = new Uint8Array(await kept.arrayBuffer());
      this.#count(bytes.length);
      return bytes;
    }
    this.complete = false;
    const response = await fetch(url);
    if (!response.ok || !response.body) throw new Error(`${part.url}: the server answered ${response.status}`);
    const bytes = new Uint8Array(part.bytes);
    let at = 0;
    for await (const chunk of chunks(response.body)) {
      if (at + chunk.length > bytes.length) throw new Error(`${part.url} is not the file that this page was built with`);
      bytes.set(chunk, at);
      at += chunk.length;
      this.#count(chunk.length);
    }
    if (at !== part.bytes) throw new Error(`${part.url} has ended too early`);
    if (keep) await this.cache?.put(url, new Response(bytes, { headers: { 'Content-Type': response.headers.get('Content-Type') ?? 'application/octet-stream' } })).catch(() => {}); // no room: again the next time
    return bytes;
  }
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
export const unpacked = (bytes) => new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')));

/** @param {Uint8Array<ArrayBuffer>} bytes gzip of a module */
export const compiled = (bytes) => WebAssembly.compileStreaming(new Response(unpacked(bytes).body, { headers: { 'Content-Type': 'application/wasm' } }));
