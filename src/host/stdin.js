import { Answers, Stream, streamsOf } from './stream.js';

/**
 * Standard input that load() was given: a string, bytes, a ReadableStream or an async iterable. It is asked for more only
 * when the program reads.
 */

/** @param {any} given @returns {AsyncIterator<any>} */
function iterate(given) {
  if (typeof given?.getReader === 'function') {
    const reader = given.getReader();
    return { next: () => reader.read(), return: (value) => reader.cancel().then(() => ({ done: true, value })) };
  }
  if (typeof given?.[Symbol.asyncIterator] === 'function') return given[Symbol.asyncIterator]();
  return (async function* () {
    if (given?.length) yield given;
  })();
}

/** Pieces of a source, one at a time. A new stream goes on where the last one was given back. */
class Input {
  /** @type {AsyncIterator<any>} */
  #pieces;
  /** @type {Uint8Array | null | undefined} */
  #piece;
  /** @type {unknown} */
  #error;
  #asked = false;
  #encoder = new TextEncoder();
  /** @type {Stream | undefined} that reads it now */
  stream;

  /** @param {unknown} given */
  constructor(given) {
    this.#pieces = iterate(given);
  }

  take() {
    if (this.#error !== undefined) throw this.#error;
    const piece = this.#piece;
    if (piece) this.#piece = undefined;
    else if (piece === undefined && !this.#asked) void this.#ask();
    return piece;
  }

  async #ask() {
    this.#asked = true;
    try {
      do {
        const { done, value } = await this.#pieces.next();
        this.#piece = done ? null : this.#bytes(value);
      } while (this.#piece?.length === 0);
    } catch (error) {
      this.#error = error ?? new Error('reading standard input failed');
    }
    this.#asked = false;
    this.stream?.readable();
  }

  /** @param {unknown} value @returns {Uint8Array} */
  #bytes(value) {
    if (typeof value === 'string') return this.#encoder.encode(value);
    if (value instanceof Uint8Array) return value;
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    if (value instanceof ArrayBuffer) return new Uint8Array(value);
    throw new TypeError(`standard input, as given to load(), gave ${typeof value === 'object' ? 'an object' : String(value)}: neither text nor bytes`);
  }
}

/** @param {import('./ops.js').OpsHost} host @param {import('./ops.js').Complete} complete @param {() => Pick<Input, 'take' | 'stream'>} open the source, when it is first read @returns {import('./ops.js').Kind} */
export function inputOperations(host, complete, open) {
  const answers = new Answers(host, complete);
  /** @type {Pick<Input, 'take' | 'stream'> | undefined} */
  let input;
  return {
    starts: {
      44(id) {
        const source = (input ??= open());
        const stream = new Stream(answers);
        const close = () => {
          if (source.stream === stream) source.stream = undefined;
          stream.closed();
        };
        stream.end = { take: () => (stream.isOpen ? source.take() : null), close, destroy: close };
        source.stream = stream;
        streamsOf(host).add(id, stream);
        complete(id, 0);
      },
    },
    cancel() {},
    stop() {},
  };
}

/** @type {import('./ops.js').KindModule['operations']} */
export const operations = (host, complete) => inputOperations(host, complete, () => new Input(host.granted.stdin));
