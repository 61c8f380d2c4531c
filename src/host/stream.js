import { explain, named } from './errnos.js';

/**
 * Streams: what comes in and goes out piece by piece, taken on demand. Each is named by the operation that opened it. What
 * a piece is made of is the matter of its ends: bytes of a socket, a pipe or standard input, or messages of a WebSocket.
 *
 * The end that this host brings. `take` gives what is there: a piece, null at the end, undefined if nothing has come yet; it
 * throws what has broken it. `isFull`: it holds more than it should, and `drained()` will be called. `close` sends what it
 * holds first; `destroy` does not.
 * @typedef {{ take?: () => Uint8Array | null | undefined, write?: (bytes: Uint8Array) => void, isFull?: () => boolean, end?: () => void,
 *   close: () => void, destroy: () => void }} End
 *
 * @typedef {{ id: number, size: number }} Reader
 */

/** One stream. Its end calls readable(), drained(), broke() and closed(). */
export class Stream {
  #answers;
  /** @type {Reader | undefined} */
  #reader;
  /** @type {Uint8Array | undefined} what did not fit into the last read */
  #rest;
  /** @type {Set<number>} */
  #drains = new Set();
  /** @type {Set<number>} */
  #closers = new Set();
  #closed = false;
  /** What has broken it. @type {unknown} */
  error;
  /** @type {End} */
  end = { close() {}, destroy() {} };
  /** What is to be done when it has closed. @type {(() => void) | undefined} */
  gone;

  /** @param {Answers} answers */
  constructor(answers) {
    this.#answers = answers;
  }

  get isOpen() {
    return !this.#closed;
  }

  /** Something may have come. */
  readable() {
    const reader = this.#reader;
    if (!reader) return;
    /** @type {Uint8Array | null | undefined} */
    let bytes;
    try {
      bytes = this.#rest ?? this.end.take?.();
    } catch (error) {
      this.#reader = undefined;
      return this.#answers.fail(reader.id, error);
    }
    if (bytes === undefined) return;
    if (bytes === null) return this.#answer(reader, 0);
    this.#rest = bytes.length > reader.size ? bytes.subarray(reader.size) : undefined;
    const part = bytes.subarray(0, reader.size);
    this.#answer(reader, part.length, part);
  }

  /** @param {Reader} reader @param {number} status @param {Uint8Array} [bytes] */
  #answer(reader, status, bytes) {
    this.#reader = undefined;
    this.#answers.complete(reader.id, status, bytes);
  }

  drained() {
    this.#settle(this.#drains);
  }

  /** @param {unknown} error */
  broke(error) {
    this.error ??= error;
    this.readable();
    this.#settle(this.#drains);
  }

  closed() {
    this.#closed = true;
    this.readable();
    this.#settle(this.#drains);
    this.#settle(this.#closers);
    this.gone?.();
  }

  /** @param {Set<number>} waiting */
  #settle(waiting) {
    const ids = [...waiting];
    waiting.clear();
    for (const id of ids) this.#answers.settle(id, this.error);
  }

  /** @param {Reader} reader */
  read(reader) {
    this.#reader = reader;
    this.readable();
  }

  /** @param {number} id */
  drain(id) {
    if (!this.error && !this.#closed && this.end.isFull?.()) this.#drains.add(id);
    else this.#answers.settle(id, this.error ?? (this.#closed ? named('ECONNRESET', 'the connection was closed') : undefined));
  }

  /** @param {number} id */
  waitClosed(id) {
    if (this.#closed) this.#answers.settle(id, this.error);
    else this.#closers.add(id);
  }

  /** The operation is of no interest any more; what it would have got stays here. @param {number} id */
  forget(id) {
    if (this.#reader?.id === id) this.#reader = undefined;
    this.#drains.delete(id);
    this.#closers.delete(id);
  }
}

/** How operations are answered. */
export class Answers {
  #host;
  /** @param {import('./ops.js').OpsHost} host @param {import('./ops.js').Complete} complete */
  constructor(host, complete) {
    const { about } = streamsOf(host);
    this.#host = host;
    /** @type {import('./ops.js').Complete} */
    this.complete = (id, status, bytes) => {
      about.delete(id);
      complete(id, status, bytes);
    };
  }

  /** @param {unknown} error */
  code(error) {
    return this.#host.code(explain(error).name);
  }

  /** @param {number} id @param {unknown} error */
  fail(id, error) {
    const { name, message } = explain(error);
    this.complete(id, this.#host.code(name), this.#host.memory.encode(message));
  }

  /** @param {number} id @param {unknown} error undefined: all is well */
  settle(id, error) {
    if (error === undefined) this.complete(id, 0);
    else this.fail(id, error);
  }

  /** What a stream's operation is answered with: its own address and the other's. @param {number} id @param {number} status @param {string[]} names */
  opened(id, status, names) {
    this.complete(id, status, this.#host.memory.encode(names.map((name) => `${name}\0`).join('')));
  }
}

/** The streams of a module, which several kinds of operations share. */
class Streams {
  /** @type {Map<number, Stream>} by the operation that opened it */
  all = new Map();
  /** @type {Set<Stream>} given back, and maybe still sending */
  closing = new Set();
  /** @type {Map<number, { forget: (id: number) => void }>} what each operation under way is about: a stream, or who has one */
  about = new Map();

  /** @param {number} id @param {Stream} stream */
  add(id, stream) {
    this.all.set(id, stream);
    stream.gone = () => void (this.closing.delete(stream) && this.all.delete(id));
  }

  /** @param {number} id */
  giveBack(id) {
    const stream = this.all.get(id);
    if (!stream) return;
    this.closing.add(stream);
    if (stream.isOpen) stream.end.close();
    else stream.gone?.();
  }
}

/** @type {WeakMap<object, Streams>} */
const tables = new WeakMap();

/** @param {object} host */
export function streamsOf(host) {
  const streams = tables.get(host) ?? new Streams();
  tables.set(host, streams);
  return streams;
}

/** The kinds of operations that all streams have: src/io/stream.h. @type {import('./ops.js').KindModule['operations']} */
export function operations(host, complete) {
  const answers = new Answers(host, complete);
  const streams = streamsOf(host);
  const { all, about, closing } = streams;
  const gone = () => named('ECONNRESET', 'the connection is gone');

  /** @param {(stream: Stream, id: number, at: number) => void} run @returns {(id: number, at: number) => void} */
  const on = (run) => (id, at) => {
    const stream = all.get(host.memory.u32(at));
    if (!stream) return id ? answers.fail(id, gone()) : undefined;
    if (id) about.set(id, stream);
    run(stream, id, at);
  };

  return {
    starts: {
      32: on((stream, id, at) => stream.read({ id, size: host.memory.u32(at + 4) })),
      33: on((stream, _, at) => {
        const { memory } = host;
        const { error, isOpen, end } = stream;
        if (error !== undefined || !isOpen) memory.setU32(at + 12, answers.code(error ?? gone()));
        else end.write?.(memory.copy(memory.u32(at + 4), memory.u32(at + 8)));
      }),
      34: on((stream, id) => stream.drain(id)),
      35: on((stream) => stream.end.end?.()),
      36: (_, at) => streams.giveBack(host.memory.u32(at)),
      37(id, at) {
        const stream = all.get(host.memory.u32(at));
        if (!stream) return complete(id, 0); // closed at once
        about.set(id, stream);
        stream.waitClosed(id);
      },
    },
    cancel(id) {
      about.get(id)?.forget(id);
      about.delete(id);
      const opened = all.get(id);
      all.delete(id);
      opened?.end.destroy();
    },
    stop() {
      for (const { end } of [...all.values(), ...closing]) end.destroy();
      all.clear();
    },
  };
}
