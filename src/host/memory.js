/**
 * Reads and writes the module's memory. Never keeps a view: any call into the module may grow the memory. Addresses
 * beyond 2 GB arrive from WebAssembly as negative numbers.
 */
export class Memory {
  #memory;
  #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #encoder = new TextEncoder();

  /** @param {WebAssembly.Memory} memory */
  constructor(memory) {
    this.#memory = memory;
  }

  /** @param {number} at @param {number} [size] a view: use it before the next call into the module */
  #view(at, size) {
    return new Uint8Array(this.#memory.buffer, at >>> 0, size);
  }

  /** @param {number} at @param {number} size */
  copy(at, size) {
    return this.#view(at, size >>> 0).slice();
  }

  /** @param {number} at @param {Uint8Array} bytes */
  write(at, bytes) {
    this.#view(at).set(bytes);
  }

  /** @param {number} at */
  u32(at) {
    return new DataView(this.#memory.buffer).getUint32(at >>> 0, true);
  }

  /** @param {number} at @param {number} value */
  setU32(at, value) {
    new DataView(this.#memory.buffer).setUint32(at >>> 0, value, true);
  }

  /** @param {number} at @param {number} size */
  textOf(at, size) {
    return this.#decoder.decode(this.copy(at, size));
  }

  /** A NUL-terminated string; null for NULL. @param {number} at @returns {string | null} */
  text(at) {
    return at ? this.textOf(at, this.#view(at).indexOf(0)) : null;
  }

  /** @param {string} text */
  encode(text) {
    return this.#encoder.encode(text);
  }
}
