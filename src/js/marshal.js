import { misuse } from './errors.js';

/**
 * Values across the border, by the C types that the declarations name.
 * @typedef {import('./declarations.js').CType} CType
 * @typedef {import('../host/memory.js').Memory} Memory
 * @typedef {Record<string, Function>} Exports
 */

/** @param {CType} type @param {unknown} value @param {string} what for the message */
function checked(type, value, what) {
  const wrong = () => misuse(`${what} is ${typeof value === 'object' ? Object.prototype.toString.call(value) : typeof value}, but C wants '${type.c}'`);
  switch (type.type) {
    case 'bool':
      return value ? 1 : 0;
    case 'int':
    case 'unsigned': {
      const number = typeof value === 'boolean' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isInteger(number)) throw wrong();
      if (number < -(2 ** 31) || number >= 2 ** 32) throw misuse(`${what} is ${number}, which does not fit into '${type.c}'`);
      return number | 0;
    }
    case 'i64':
    case 'u64':
      if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) throw wrong();
      return BigInt(/** @type {bigint} */ (value));
    case 'float':
      if (typeof value !== 'number') throw wrong();
      return value;
    case 'text':
    case 'owned text':
      if (value !== null && value !== undefined && typeof value !== 'string') throw wrong();
      return value ?? null;
    default:
      if (value instanceof ArrayBuffer) return new Uint8Array(value);
      if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      throw wrong();
  }
}

/** Arguments as wasm takes them, and the blocks to free when the call is over. */
export class Arguments {
  /** @type {(number | bigint)[]} */
  raw = [];
  /** @type {number[]} */
  blocks = [];
  #exports;
  #memory;

  /** @param {Exports} exports @param {Memory} memory */
  constructor(exports, memory) {
    this.#exports = exports;
    this.#memory = memory;
  }

  /** @param {Uint8Array} bytes */
  #block(bytes) {
    const at = this.#exports.wio__malloc(Math.max(bytes.length, 1));
    if (!at) throw misuse('no memory for the arguments');
    this.blocks.push(at);
    this.#memory.write(at, bytes);
    return at;
  }

  /** @param {CType} type @param {unknown} value from checkArguments */
  add(type, value) {
    if (type.type === 'text' || type.type === 'owned text') {
      this.raw.push(value === null ? 0 : this.#block(this.#memory.encode(/** @type {string} */ (value))));
    } else if (value instanceof Uint8Array) {
      const at = this.#block(value);
      if (type.type === 'pointer and size') this.raw.push(at, value.length);
      else this.raw.push(this.#block(new Uint8Array(new Uint32Array([at, value.length]).buffer)));
    } else this.raw.push(/** @type {number | bigint} */ (value));
  }

  /** Room for a struct result, which C wants as first argument. @param {number} size */
  addResult(size) {
    const at = this.#block(new Uint8Array(size));
    this.raw.unshift(at);
    return at;
  }

  free() {
    for (const at of this.blocks.splice(0)) this.#exports.wio__free(at);
  }
}

/**
 * Refuses what C would misread, before anything has started.
 * @param {import('./declarations.js').Signature} signature @param {unknown[]} values
 */
export function checkArguments({ name, parameters, text }, values) {
  if (values.length !== parameters.length)
    throw misuse(`${name}() takes ${parameters.length} argument${parameters.length === 1 ? '' : 's'}, not ${values.length}: ${text}`);
  return values.map((value, i) => checked(parameters[i], value, `argument ${i + 1} of ${name}()`));
}

/**
 * A value that C has returned, or passes to an import. Copies at once: the next task may reuse the buffer.
 * @param {CType} type @param {any} raw @param {Exports} exports @param {Memory} memory
 */
export function fromC(type, raw, exports, memory) {
  switch (type.type) {
    case 'void':
      return undefined;
    case 'bool':
      return raw !== 0;
    case 'unsigned':
      return raw >>> 0;
    case 'u64':
      return BigInt.asUintN(64, raw);
    case 'text':
      return memory.text(raw);
    case 'owned text': {
      const text = memory.text(raw);
      exports.wio__free(raw);
      return text;
    }
    case 'bytes': {
      const at = memory.u32(raw);
      return at ? memory.copy(at, memory.u32(raw + 4)) : new Uint8Array(0);
    }
    default:
      return raw;
  }
}

/** The arguments of an import. @param {CType[]} parameters @param {any[]} raw @param {Exports} exports @param {Memory} memory */
export function argumentsFromC(parameters, raw, exports, memory) {
  let next = 0;
  return parameters.map((type) => {
    if (type.type !== 'pointer and size') return fromC({ ...type, type: type.type === 'owned text' ? 'text' : type.type }, raw[next++], exports, memory);
    const at = raw[next++];
    return memory.copy(at, raw[next++]);
  });
}

/** What an import returns to C when it failed. @param {CType} type @param {number} code */
export function failureOf(type, code) {
  if (type.type === 'float') return NaN;
  if (type.type === 'i64') return BigInt(code);
  if (type.type === 'u64') return 0n;
  return type.type === 'int' ? code : 0;
}

/** What a JavaScript function has returned, for C. @param {CType} type @param {unknown} value @param {string} name @param {Exports} exports @param {Memory} memory */
export function toC(type, value, name, exports, memory) {
  if (type.type === 'void') return undefined;
  if (type.type === 'bytes' || type.type === 'pointer') throw misuse(`the import ${name}() cannot return '${type.c}'`);
  if (value === undefined && type.type === 'int') return 0;
  const plain = checked(type, value, `the result of the import ${name}()`);
  if (type.type !== 'text' && type.type !== 'owned text') return plain;
  if (plain === null) return 0;
  const bytes = memory.encode(/** @type {string} */ (plain));
  const at = (type.type === 'text' ? exports.wio__import_text : exports.wio__malloc)(bytes.length);
  if (at) memory.write(at, bytes);
  return at;
}
