/** Reads and writes the module's memory. Never keeps a view: any call into the module may grow the memory. */
export class Memory {
  #memory;
  #decoder = new TextDecoder();
  #encoder = new TextEncoder();

  /** @param {WebAssembly.Memory} memory */
  constructor(memory) {
    this.#memory = memory;
  }

  /** @param {number} at @param {number} size a view: use it before the next call into the module */
  view(at, size) {
    return new Uint8Array(this.#memory.buffer, at, size);
  }

  /** @param {number} at @param {number} size */
  copy(at, size) {
    return this.view(at, size).slice();
  }

  /** @param {number} at @param {Uint8Array} bytes */
  write(at, bytes) {
    this.view(at, bytes.length).set(bytes);
  }

  /** @param {number} at */
  u32(at) {
    return new DataView(this.#memory.buffer).getUint32(at, true);
  }

  /** @param {number} at @param {number} value */
  setU32(at, value) {
    new DataView(this.#memory.buffer).setUint32(at, value, true);
  }

  /** @param {number} at @param {number} size */
  textOf(at, size) {
    return this.#decoder.decode(this.copy(at, size));
  }

  /** A NUL-terminated string; null for NULL. @param {number} at @returns {string | null} */
  text(at) {
    if (!at) return null;
    const all = new Uint8Array(this.#memory.buffer);
    const end = all.indexOf(0, at);
    return this.#decoder.decode(all.slice(at, end));
  }

  /** @param {string} text with a NUL behind it */
  encode(text) {
    return this.#encoder.encode(text + '\0');
  }

  /** @param {string} text */
  encodeBare(text) {
    return this.#encoder.encode(text);
  }
}
