/**
 * Values across the border, by the C types that the declarations name.
 * @typedef {import('./signatures.js').CType} CType
 * @typedef {import('../app.js').Inside} Inside
 */

/** A number by its value, since 1.5 and NaN are none that C's int can be. @param {unknown} value */
const kindOf = (value) => (typeof value === 'number' ? `the number ${value}` : value === null ? 'null' : typeof value === 'object' ? Object.prototype.toString.call(value).slice(8, -1) : typeof value);

/** @param {CType} type @param {unknown} value @param {string} what for the message @param {Inside} inside */
function checked(type, value, what, inside) {
  const wrong = () => inside.error('EINVAL', `${what} is ${kindOf(value)}, but C wants '${type.c}'`);
  const unfit = () => inside.error('EINVAL', `${what} is ${value}, which does not fit into '${type.c}'`);
  switch (type.type) {
    case 'bool':
      return value ? 1 : 0;
    case 'int':
      if (typeof value === 'number' && (type.signed ? value << (32 - type.bits) >> (32 - type.bits) : value << (32 - type.bits) >>> (32 - type.bits)) === value) return value;
    // falls through: what else can be meant, and what is wrong
    case 'i64': {
      const integer = typeof value === 'boolean' ? Number(value) : value;
      if (!(typeof integer === 'bigint' && type.type === 'i64') && !Number.isInteger(integer)) throw wrong();
      if (typeof integer === 'number' && !Number.isSafeInteger(integer)) throw unfit();
      const exact = BigInt(/** @type {number | bigint} */ (integer));
      if (exact !== (type.signed ? BigInt.asIntN : BigInt.asUintN)(type.bits, exact)) throw unfit();
      return type.type === 'i64' ? exact : Number(exact);
    }
    case 'float':
      if (typeof value !== 'number') throw wrong();
      return value;
    case 'text':
    case 'owned text':
      if (value === null || value === undefined) return null;
      if (typeof value !== 'string') throw wrong();
      if (value.includes('\0')) throw inside.error('EINVAL', `${what} has a NUL character in it, which would end it in C: use wio_bytes`);
      return value;
    default:
      if (value instanceof ArrayBuffer) return new Uint8Array(value);
      if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      throw wrong();
  }
}

/** Arguments as wasm takes them, copied into the module, and the blocks to free when the call is over. */
export class Arguments {
  /** @type {(number | bigint)[]} */
  #raw = [];
  /** What wasm takes each for. @type {('Int32' | 'BigInt64' | 'Float32' | 'Float64')[]} */
  #as = [];
  /** Where a struct result goes. */
  resultAt = 0;
  /** @type {number[]} */
  #blocks = [];
  #inside;

  /**
   * Refuses what C would misread, before anything has started.
   * @param {import('./signatures.js').Signature} signature @param {unknown[]} values @param {Inside} inside
   */
  constructor({ name, parameters, result, text }, values, inside) {
    this.#inside = inside;
    if (values.length !== parameters.length)
      throw inside.error('EINVAL', `${name}() takes ${parameters.length} argument${parameters.length === 1 ? '' : 's'}, not ${values.length}: ${text}`);
    const all = values.map((value, i) => checked(parameters[i], value, `argument ${i + 1} of ${name}()`, inside));
    try {
      if (result.type === 'bytes') this.#push((this.resultAt = this.#block(new Uint8Array(8)))); // C wants it as first argument
      all.forEach((value, i) => this.#add(parameters[i], value));
    } catch (error) {
      this.free();
      throw error;
    }
  }

  /** @param {Uint8Array} bytes */
  #block(bytes) {
    const at = copyIn(bytes, this.#inside);
    this.#blocks.push(at);
    return at;
  }

  get count() {
    return this.#raw.length;
  }

  /** @param {number | bigint} value @param {'Int32' | 'BigInt64' | 'Float32' | 'Float64'} as */
  #push(value, as = 'Int32') {
    this.#raw.push(value);
    this.#as.push(as);
  }

  /** @param {CType} type @param {number | bigint | string | Uint8Array | null} value */
  #add({ type, c }, value) {
    if (typeof value === 'string') this.#push(this.#block(this.#inside.memory.encode(`${value}\0`)));
    else if (value instanceof Uint8Array) {
      const at = this.#block(value);
      if (type === 'pointer and size') {
        this.#push(at);
        this.#push(value.length);
      } else this.#push(this.#block(new Uint8Array(new Uint32Array([at, value.length]).buffer))); // a struct goes by address
    } else if (type === 'float') this.#push(value ?? 0, c === 'float' ? 'Float32' : 'Float64');
    else this.#push(value ?? 0, typeof value === 'bigint' ? 'BigInt64' : 'Int32');
  }

  /** Room for them behind so many bytes, until the call is over. @param {number} before */
  record(before) {
    return this.#block(new Uint8Array(before + 8 * this.#raw.length)) >>> 0;
  }

  /** Each in 8 bytes. @param {ArrayBufferLike} buffer @param {number} at */
  write(buffer, at) {
    const view = new DataView(buffer, at, 8 * this.#raw.length);
    this.#raw.forEach((value, i) => view[`set${this.#as[i]}`](8 * i, /** @type {never} */ (value), true));
  }

  free() {
    for (const at of this.#blocks.splice(0)) this.#inside.enter(() => this.#inside.exports.wio__free(at));
  }
}

/** @param {Uint8Array} bytes @param {Inside} inside @param {(size: number) => number} [allocate] @returns {number} */
export function copyIn(bytes, { exports, memory, enter, error }, allocate = (size) => exports.wio__malloc(size)) {
  const at = enter(() => allocate(Math.max(bytes.length, 1)));
  if (!at) throw error('ENOMEM', `no memory for ${bytes.length} bytes`);
  memory.write(at, bytes);
  return at;
}

/**
 * A value that C has returned, or passes to an import. Copies at once: the next task may reuse the buffer.
 * @param {CType} type @param {any} raw @param {Inside} inside
 */
export function fromC(type, raw, { exports, memory }) {
  switch (type.type) {
    case 'void':
      return undefined;
    case 'bool':
      return raw !== 0;
    case 'int':
      return type.signed ? raw : raw >>> 0;
    case 'i64':
      return type.signed ? raw : BigInt.asUintN(64, raw);
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

/** The arguments of an import; its strings stay the caller's. @param {CType[]} parameters @param {any[]} raw @param {Inside} inside */
export function argumentsFromC(parameters, raw, inside) {
  let next = 0;
  return parameters.map((type) => {
    const first = raw[next++];
    if (type.type === 'pointer and size') return inside.memory.copy(first, raw[next++]);
    return fromC(type.type === 'owned text' ? { ...type, type: 'text' } : type, first, inside);
  });
}

/** What an import returns to C when it failed. @param {CType} type @param {number} code */
export function failureOf({ type, signed }, code) {
  if (type === 'float') return NaN;
  if (type === 'i64') return BigInt(signed ? code : 0);
  return type === 'int' && signed ? code : 0;
}

/** What a JavaScript function has returned, for C. @param {CType} type @param {unknown} value @param {string} name @param {Inside} inside */
export function toC(type, value, name, inside) {
  if (type.type === 'void') return undefined;
  if (value === undefined && type.status) return 0;
  const plain = checked(type, value, `the result of the import ${name}()`, inside);
  if (typeof plain !== 'string') return plain ?? 0;
  const bytes = inside.memory.encode(`${plain}\0`);
  return copyIn(bytes, inside, type.type === 'text' ? (size) => inside.exports.wio__import_text(size) : undefined);
}
