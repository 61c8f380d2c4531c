/** As much of the WebAssembly binary format as is needed to read the imports and take exports out. */
import { concat } from './bytes.js';

const CUSTOM = 0;
const IMPORTS = 2;
const GLOBALS = 6;
const EXPORTS = 7;
const CODE = 10;

/** @typedef {{ start: number, end: number }} Range bytes of the module */

export class Reader {
  /** @param {Uint8Array} bytes @param {number} [at] behind magic number and version */
  constructor(bytes, at = 8) {
    this.bytes = bytes;
    this.at = at;
  }
  byte() {
    return this.bytes[this.at++];
  }
  number() {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      result += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return result;
    }
  }
  text() {
    const size = this.number();
    this.at += size;
    return new TextDecoder().decode(this.bytes.subarray(this.at - size, this.at));
  }
}

/** @param {number} value @returns {number[]} */
export function leb(value) {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80);
  return [...bytes, value];
}

/** @param {number} value not negative @returns {number[]} */
export function signedLeb(value) {
  const bytes = leb(value);
  if (bytes[bytes.length - 1] < 0x40) return bytes;
  bytes[bytes.length - 1] |= 0x80;
  return [...bytes, 0];
}

/** @param {Uint8Array} bytes */
export function* sections(bytes) {
  const reader = new Reader(bytes);
  while (reader.at < bytes.length) {
    const start = reader.at;
    const id = reader.byte();
    const size = reader.number();
    const end = reader.at + size;
    yield { id, start, end, reader };
    reader.at = end;
  }
}

/** @param {Uint8Array} bytes @returns {boolean} */
export const isWasm = (bytes) => bytes.length >= 8 && bytes[0] === 0 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;

/**
 * What a module imports: functions, and with threads the memory. Others have types to skip.
 * @param {Uint8Array} bytes
 */
function imports(bytes) {
  /** @type {{ functions: { module: string, name: string, kind: 'function', type: number }[], memory?: { initial: number, maximum: number } }} */
  const found = { functions: [] };
  for (const { id, reader } of sections(bytes)) {
    if (id !== IMPORTS) continue;
    for (let n = reader.number(); n > 0; n--) {
      const [module, name, kind] = [reader.text(), reader.text(), reader.byte()];
      if (kind === 0) found.functions.push({ module, name, kind: 'function', type: reader.number() });
      else if (kind === 2) {
        const flags = reader.byte();
        found.memory = { initial: reader.number(), maximum: flags & 1 ? reader.number() : 65536 };
      } else throw new Error(`import ${module}.${name} is no function`);
    }
  }
  return found;
}

/** @param {Uint8Array} bytes each with the number of its type */
export const functionImports = (bytes) => imports(bytes).functions;

/** In pages. @param {Uint8Array<ArrayBuffer>} bytes @returns {{ initial: number, maximum: number }} */
export function memoryImport(bytes) {
  const { memory } = imports(bytes);
  if (!memory) throw new Error('the module imports no memory');
  return memory;
}

/** @param {Uint8Array} bytes @returns {string[]} names of the module's WIO_EXPORTs: "export\tint\tname\t(parameters)" */
export function exportsDeclared(bytes) {
  const found = [];
  for (const { id, end, reader } of sections(bytes)) {
    if (id !== CUSTOM || reader.text() !== 'wasyncio') continue;
    for (const line of new TextDecoder().decode(bytes.subarray(reader.at, end)).split('\n')) if (line.startsWith('export\t')) found.push(line.split('\t')[2]);
  }
  return found;
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {string[]} */
export function exportNames(bytes) {
  /** @type {string[]} */
  const names = [];
  filterExports(bytes, (name) => names.push(name) > 0);
  return names;
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {(name: string) => boolean} keep @returns {Uint8Array<ArrayBuffer>} */
export function filterExports(bytes, keep) {
  for (const { id, start, end, reader } of sections(bytes)) {
    if (id !== EXPORTS) continue;
    /** @type {Uint8Array[]} */
    const kept = [];
    for (let n = reader.number(); n > 0; n--) {
      const entry = reader.at;
      const name = reader.text();
      reader.byte();
      reader.number();
      if (keep(name)) kept.push(bytes.subarray(entry, reader.at));
    }
    const content = concat([Uint8Array.from(leb(kept.length)), ...kept]);
    return concat([bytes.subarray(0, start), Uint8Array.from([EXPORTS, ...leb(content.length)]), content, bytes.subarray(end)]);
  }
  return bytes;
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Map<string, number>} function index by export name */
export function exportedFunctions(bytes) {
  const found = new Map();
  for (const { id, reader } of sections(bytes)) {
    if (id !== EXPORTS) continue;
    for (let n = reader.number(); n > 0; n--) {
      const name = reader.text();
      const kind = reader.byte();
      const index = reader.number();
      if (kind === 0) found.set(name, index);
    }
  }
  return found;
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Range[]} each global: its type, and the constant that it begins with */
export function globals(bytes) {
  const found = [];
  for (const { id, reader } of sections(bytes)) {
    if (id !== GLOBALS) continue;
    for (let n = reader.number(); n > 0; n--) {
      const start = reader.at;
      reader.at += 2; // type, mutability
      const opcode = reader.byte();
      if (opcode === 0x43 || opcode === 0x44) reader.at += opcode === 0x43 ? 4 : 8; // f32.const, f64.const
      else reader.number();
      if (reader.byte() !== 0x0b) throw new Error('a global begins with more than a constant');
      found.push({ start, end: reader.at });
    }
  }
  return found;
}

/** @param {Uint8Array} bytes @param {number} id @param {(content: Uint8Array) => Uint8Array} change */
function mapSection(bytes, id, change) {
  for (const section of sections(bytes)) {
    if (section.id !== id) continue;
    const content = change(bytes.subarray(section.reader.at, section.end));
    return concat([bytes.subarray(0, section.start), Uint8Array.from([id, ...leb(content.length)]), content, bytes.subarray(section.end)]);
  }
  return bytes.slice();
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {(index: number, body: Uint8Array) => Uint8Array} change body: locals and code @returns {Uint8Array<ArrayBuffer>} */
export function mapBodies(bytes, change) {
  const first = functionImports(bytes).length;
  return mapSection(bytes, CODE, (content) => {
    const reader = new Reader(content, 0);
    const count = reader.number();
    /** @type {Uint8Array[]} */
    const parts = [Uint8Array.from(leb(count))];
    for (let i = 0; i < count; i++) {
      const size = reader.number();
      const body = change(first + i, content.subarray(reader.at, reader.at + size));
      parts.push(Uint8Array.from(leb(body.length)), body);
      reader.at += size;
    }
    return concat(parts);
  });
}

/** More of them, each a mutable i32 that begins as 0. @param {Uint8Array} bytes @param {number} more */
export function appendGlobals(bytes, more) {
  return mapSection(bytes, GLOBALS, (content) => {
    const reader = new Reader(content, 0);
    const count = reader.number();
    return concat([leb(count + more), content.subarray(reader.at), ...Array.from({ length: more }, () => [0x7f, 1, 0x41, 0, 0x0b])]);
  });
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {number} index @returns {Uint8Array | undefined} locals and code */
export function functionBody(bytes, index) {
  /** @type {Uint8Array | undefined} */
  let found;
  mapBodies(bytes, (each, body) => {
    if (each === index) found = body;
    return body;
  });
  return found;
}
