/**
 * HTTP operations. What carries them out is a transport: the host's fetch (web-http.js), or what the platform has that is
 * faster. Here are ids, the module's memory, and the rest of a chunk that did not fit.
 *
 * @typedef {object} Request
 * @property {string} url
 * @property {string} base what url is relative to, or ''
 * @property {string} method
 * @property {[name: string, value: string][]} headers
 * @property {Uint8Array<ArrayBuffer> | undefined} body
 * @property {boolean} streamed the body comes by write(), of `size` bytes if that is known
 * @property {number} size
 * @property {'follow' | 'error' | 'manual'} redirect
 * @property {number} redirects at most so many
 * @property {RequestCredentials | undefined} credentials
 * @property {number} jar where cookies are kept, 0: nowhere
 *
 * What a transport says, each at most once: the connection stands; the answer has begun; there is none.
 * @typedef {object} Events
 * @property {() => void} connected
 * @property {(status: number, url: string, headers: Iterable<[string, string]>) => void} head
 * @property {(error: unknown) => void} failed
 *
 * @typedef {object} Exchange
 * @property {() => Promise<Uint8Array | undefined> | Uint8Array | undefined} read the next bytes of the answer; undefined at its end
 * @property {(bytes: Uint8Array, accepted: (more: boolean) => void) => void} write the next bytes of the request, none at its end
 * @property {() => void} abort
 *
 * @typedef {(request: Request, events: Events) => Exchange} Transport
 * @typedef {{ start: Transport, forget: (jar: number) => void, stop: () => void }} FastTransport
 *
 * A request whose answer has not been read to its end. `writing` and `connecting` are operations that wait for it.
 * @typedef {{ exchange?: Exchange, rest?: Uint8Array, writing?: number, connecting?: number, connected?: boolean, answered?: boolean }} Open
 */
import { explain } from './errnos.js';
import { loopClock } from './loop-clock.js';
import { webTransport } from './web-http.js';

/** wio__op_kind of src/io/op.h. */
const [FETCH, READ, WRITE, DECODE, CONNECTED, FORGET] = [1, 2, 10, 11, 12, 13];
/** Bits of fetch_request.flags in src/io/fetch.h. */
const STREAMED = 1;
const REDIRECT = /** @type {const} */ (['follow', 'error', 'manual']);
const CREDENTIALS = /** @type {const} */ ([undefined, 'omit', 'same-origin', 'include']);

/** @param {any} value @returns {value is PromiseLike<any>} */
const isPromise = (value) => typeof value?.then === 'function';

/**
 * @param {import('./ops.js').OpsHost} host
 * @param {import('./ops.js').Complete} complete
 * @param {() => Promise<FastTransport>} [loadFast] what is faster than fetch; loaded at the first request
 * @param {(label: string) => { decode: (bytes: Uint8Array<ArrayBuffer>) => string }} [decoder] of a charset; throws a RangeError if there is none of that name
 * @returns {import('./ops.js').Kind}
 */
export function operations(host, complete, loadFast, decoder = (label) => new TextDecoder(label, { fatal: true })) {
  /** @type {Map<number, Open>} */
  const requests = new Map();
  /** Reads and writes under way, with the request they belong to. @type {Map<number, number>} */
  const parts = new Map();
  const web = webTransport((url, init) => host.fetch(url, init, loopClock(host)));
  /** @type {FastTransport | undefined} */
  let fast;
  /** @type {Promise<void> | undefined} */
  let loading;

  /** Calls it once it is known who carries out requests: at once, or after loading. @param {() => void} then */
  function ready(then) {
    if (fast || !loadFast) return then();
    const came = (/** @type {FastTransport | undefined} */ transport) => {
      if (stopped) transport?.stop();
      else fast = transport;
      loadFast = undefined;
    };
    loading ??= loadFast().then(came, () => came(undefined)); // bundled without it: fetch does as well
    void loading.then(then);
  }
  let stopped = false;

  /** @param {number} id @param {string} name @param {string} message */
  const fail = (id, name, message) => complete(id, host.code(name), host.memory.encode(message));

  /** @param {number} at @param {number} count */
  function words(at, count) {
    const found = [];
    for (let i = 0; i < count; i++) found.push(host.memory.u32(at + 4 * i));
    return found;
  }

  /** @param {number} at the fetch_request of src/io/fetch.h @returns {Request} */
  function requestAt(at) {
    const { memory } = host;
    const [url, method, headers, headerCount, body, bodySize, base, flags, redirects, jar] = words(at, 10);
    const texts = words(headers, 2 * headerCount);
    return {
      url: memory.text(url) ?? '',
      base: memory.text(base) ?? '',
      method: (memory.text(method) ?? 'GET').toUpperCase(), // servers tell "get" from "GET"
      headers: Array.from({ length: headerCount }, (_, i) => [memory.text(texts[2 * i]) ?? '', memory.text(texts[2 * i + 1]) ?? '']),
      body: body ? memory.copy(body, bodySize) : undefined,
      streamed: !!(flags & STREAMED),
      size: bodySize,
      redirect: REDIRECT[(flags >> 1) & 3],
      redirects,
      credentials: CREDENTIALS[(flags >> 3) & 3],
      jar,
    };
  }

  /** URL and headers, each ended by NUL, and an empty one. @param {string} url @param {Iterable<[string, string]>} headers */
  function describe(url, headers) {
    let strings = `${url}\0`;
    for (const [name, value] of headers) if (name) strings += `${name}\0${value}\0`;
    return host.memory.encode(`${strings}\0`);
  }

  /** @param {number} id @param {Request} request @param {Open} open */
  function send(id, request, open) {
    /** @type {Events} */
    const events = {
      connected: () => connected(open),
      head(status, url, headers) {
        open.answered = true;
        settle(open);
        complete(id, status, describe(url, headers));
      },
      failed(error) {
        requests.delete(id);
        settle(open);
        const { name, message } = explain(error, 'request');
        fail(id, name, message);
      },
    };
    const { url, base } = request;
    const absolute = /^[a-z][a-z\d+.-]*:/i.test(url) ? url : base; // data: and blob: are fetch's
    open.exchange = (fast && /^https?:/i.test(absolute) ? fast.start : web)(request, events);
  }

  /** @param {Open} open */
  function connected(open) {
    open.connected = true;
    if (open.connecting) complete(open.connecting, 0);
    open.connecting = undefined;
  }

  /** Whoever still waits to send need not any more. @param {Open} open */
  function settle(open) {
    connected(open);
    accepted(open, false);
  }

  /** The producer need not wait any more: the chunk is on its way, or nobody wants it. @param {Open} open @param {boolean} more */
  function accepted(open, more) {
    const id = open.writing;
    open.writing = undefined;
    if (!id) return;
    parts.delete(id);
    complete(id, more ? 0 : 1);
  }

  /** @param {number} id @param {Open} open @param {number} size of the caller's buffer; the rest of a chunk waits for the next read */
  function hand(id, open, size) {
    parts.delete(id);
    const rest = /** @type {Uint8Array} */ (open.rest);
    const part = rest.subarray(0, size);
    open.rest = rest.length > size ? rest.subarray(size) : undefined;
    complete(id, part.length, part);
  }

  /** @param {number} id @param {number} of @param {Open} open @param {number} size */
  function read(id, of, open, size) {
    parts.set(id, of);
    if (open.rest) return hand(id, open, size);
    /** @param {Uint8Array | undefined} chunk */
    const came = (chunk) => {
      if (chunk && !chunk.length) return ask();
      open.rest = chunk;
      if (chunk) return hand(id, open, size);
      over();
      complete(id, 0);
    };
    const over = () => {
      parts.delete(id);
      if (requests.get(of) === open) requests.delete(of);
    };
    /** @param {unknown} error */
    const failed = (error) => {
      over();
      const { name, message } = explain(error, 'body');
      fail(id, name, message);
    };
    const ask = () => {
      try {
        const chunk = open.exchange?.read();
        if (isPromise(chunk)) void chunk.then(came, failed);
        else came(chunk);
      } catch (error) {
        failed(error);
      }
    };
    ask();
  }

  /** @param {number} id */
  function abort(id) {
    const open = requests.get(id);
    requests.delete(id);
    open?.exchange?.abort();
  }

  return {
    starts: {
      [FETCH]: (id, at) => {
        const request = requestAt(at);
        /** @type {Open} */
        const open = {};
        requests.set(id, open);
        ready(() => requests.get(id) === open && send(id, request, open));
      },
      [READ]: (id, at) => {
        const [of, size] = words(at, 2);
        const open = requests.get(of);
        if (open) read(id, of, open, size);
        else fail(id, 'ECANCELED', 'the response was closed or its request aborted');
      },
      [WRITE]: (id, at) => {
        const [of, bytes, size] = words(at, 3);
        const chunk = host.memory.copy(bytes, size);
        const open = requests.get(of);
        const write = () => {
          if (!open || requests.get(of) !== open || open.answered) return complete(id, 1);
          open.writing = id;
          parts.set(id, of);
          open.exchange?.write(chunk, (more) => accepted(open, more));
        };
        ready(write);
      },
      [CONNECTED]: (id, at) => {
        const open = requests.get(words(at, 1)[0]);
        if (!open || open.connected) complete(id, 0);
        else open.connecting = id;
      },
      [FORGET]: (id, at) => {
        fast?.forget(words(at, 1)[0]);
        complete(id, 0);
      },
      [DECODE]: (id, at) => {
        const [label, bytes, size] = words(at, 3);
        try {
          const text = decoder(host.memory.text(label) ?? '').decode(host.memory.copy(bytes, size));
          complete(id, 0, host.memory.encode(`${text}\0`));
        } catch (error) {
          const unknown = error instanceof RangeError;
          fail(id, unknown ? 'ENOTSUP' : 'EILSEQ', unknown ? `this host does not know the charset '${host.memory.text(label)}'` : `the text is not ${host.memory.text(label)}, as its header says`);
        }
      },
    },

    /** A request, its body or a part of it is of no interest any more. */
    cancel(id) {
      const of = parts.get(id) ?? id;
      parts.delete(id);
      abort(of);
    },

    stop() {
      stopped = true;
      for (const id of [...requests.keys()]) abort(id);
      fast?.stop();
    },
  };
}
