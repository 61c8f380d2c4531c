/**
 * HTTP on the host's `fetch`. One AbortController a request, alive until its body has been read or closed.
 * @typedef {{ controller: AbortController, body: ReadableStream<Uint8Array> | null,
 *   reader?: ReadableStreamDefaultReader<Uint8Array>, rest?: Uint8Array }} Exchange
 */

/** Names of network errors by what Node says (undici, libuv); browsers do not tell them apart. */
const NETWORK = {
  ECONNREFUSED: 'ECONNREFUSED',
  ECONNRESET: 'ECONNRESET',
  EPIPE: 'ECONNRESET',
  UND_ERR_SOCKET: 'ECONNRESET',
  ENOTFOUND: 'EHOSTUNREACH',
  EAI_AGAIN: 'EHOSTUNREACH',
  EHOSTUNREACH: 'EHOSTUNREACH',
  ENETUNREACH: 'EHOSTUNREACH',
  ETIMEDOUT: 'ETIMEDOUT',
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_HEADERS_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_BODY_TIMEOUT: 'ETIMEDOUT',
  ERR_INVALID_URL: 'EINVAL',
  UND_ERR_INVALID_ARG: 'EINVAL',
};

/** The innermost cause, which has the code and the better words. @param {any} error */
function rootCause(error) {
  while (error?.cause instanceof Error) error = error.cause;
  return error?.errors?.[0] ?? error; // an AggregateError: one for each address tried
}

/** What errors say that are the host's own, or made by AbortSignal. */
const NAMES = { AbortError: 'ECANCELED', TimeoutError: 'ETIMEDOUT' };

/** @param {any} error @returns {{ name: string, message: string }} */
function explain(error) {
  const cause = rootCause(error);
  const name = NETWORK[/** @type {keyof typeof NETWORK} */ (cause?.code)] ?? NAMES[/** @type {keyof typeof NAMES} */ (error?.name)] ?? 'EIO';
  const own = String(error?.message ?? error);
  const message = cause && cause !== error && cause.message ? `${own}: ${cause.message}` : own;
  return { name, message };
}

/** The host refuses bad URLs, methods and headers before it sends: those are the caller's mistake. @param {string} url @param {RequestInit} init @returns {string | undefined} */
function mistake(url, init) {
  try {
    new Request(url, init);
  } catch (error) {
    return `wio_fetch("${url}"): ${rootCause(error).message}`;
  }
}

/** What a function given as `fetch` finds time by. @param {import('./ops.js').OpsHost} host @returns {import('../js/options.js').LoopClock} */
function loopClock({ clock }) {
  const now = () => clock?.now() ?? 0;
  const after = (/** @type {number} */ seconds, /** @type {AbortSignal | null | undefined} */ signal) =>
    new Promise((/** @type {(value?: undefined) => void} */ resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer = seconds < 2 ** 31 / 1000 ? setTimeout(resolve, seconds * 1000) : undefined;
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    });
  return { now, after: clock?.after ?? after };
}

/** Aborts a request and gives its body up, also where an injected fetch does not look at the signal. @param {Exchange} exchange */
function giveUp({ controller, reader, body }) {
  controller.abort();
  (reader ?? body)?.cancel().catch(() => {});
}

/**
 * @param {import('./ops.js').OpsHost} host
 * @param {import('./ops.js').Complete} complete
 * @returns {import('./ops.js').Kind}
 */
export function operations(host, complete) {
  /** @type {Map<number, Exchange>} */
  const exchanges = new Map();
  /** @type {Map<number, number>} the exchange that a read belongs to */
  const reads = new Map();

  /** @param {number} id @param {string} name @param {string} message */
  const fail = (id, name, message) => complete(id, host.code(name), host.memory.encode(message));

  /** @param {number} at the fetch_request of src/io/fetch.h @returns {{ url: string, init: RequestInit }} */
  function request(at) {
    const { memory } = host;
    const [url, method, headers, headerCount, body, bodySize] = [0, 4, 8, 12, 16, 20].map((offset) => memory.u32(at + offset));
    const pairs = Array.from({ length: headerCount }, (_, i) => /** @type {[string, string]} */ ([
      memory.text(memory.u32(headers + 8 * i)) ?? '',
      memory.text(memory.u32(headers + 8 * i + 4)) ?? '',
    ]));
    return {
      url: memory.text(url) ?? '',
      init: {
        method: memory.text(method) ?? 'GET',
        headers: pairs,
        body: body ? memory.copy(body, bodySize) : undefined,
        cache: 'no-store', // else browsers send requests for the same URL one after another, to share the cached answer
      },
    };
  }

  /** URL and headers, each ended by NUL, and an empty one. @param {Response} response */
  function describe(response) {
    const strings = [response.url];
    response.headers.forEach((value, name) => name && strings.push(name, value));
    return host.memory.encode(strings.join('\0') + '\0\0');
  }

  /** @param {number} id @param {string} url @param {RequestInit} init */
  async function send(id, url, init) {
    const controller = new AbortController();
    /** @type {Exchange} */
    const exchange = { controller, body: null };
    exchanges.set(id, exchange);
    try {
      const response = await host.fetch(url, { ...init, signal: controller.signal }, loopClock(host));
      exchange.body = response.body;
      if (exchanges.get(id) !== exchange) giveUp(exchange);
      else complete(id, response.status, describe(response));
    } catch (error) {
      if (exchanges.get(id) !== exchange) return; // cancelled
      exchanges.delete(id);
      const refused = mistake(url, init);
      const { name, message } = refused ? { name: 'EINVAL', message: refused } : explain(error);
      fail(id, name, message);
    }
  }

  /** @param {number} id @param {number} of @param {Exchange} exchange @param {number} size of the caller's buffer; the rest of a chunk waits for the next read */
  async function read(id, of, exchange, size) {
    reads.set(id, of);
    try {
      while (!exchange.rest?.length) {
        exchange.reader ??= exchange.body?.getReader();
        const { done, value } = (await exchange.reader?.read()) ?? { done: true, value: undefined };
        if (done) {
          if (exchanges.get(of) === exchange) exchanges.delete(of);
          complete(id, 0);
          return;
        }
        exchange.rest = value;
      }
      const part = exchange.rest.subarray(0, size);
      exchange.rest = exchange.rest.subarray(size);
      complete(id, part.length, part);
    } catch (error) {
      if (exchanges.get(of) === exchange) exchanges.delete(of);
      const { name, message } = explain(error);
      fail(id, name, message);
    } finally {
      if (reads.get(id) === of) reads.delete(id);
    }
  }

  return {
    starts: {
      1: (id, at) => {
        const { url, init } = request(at);
        void send(id, url, init);
      },
      2: (id, at) => {
        const of = host.memory.u32(at);
        const exchange = exchanges.get(of);
        if (exchange) void read(id, of, exchange, host.memory.u32(at + 4));
        else fail(id, 'ECANCELED', 'the response was closed or its request aborted');
      },
    },

    /** A request, its body or a read of it is of no interest any more. */
    cancel(id) {
      const of = reads.get(id) ?? id;
      const exchange = exchanges.get(of);
      exchanges.delete(of);
      if (exchange) giveUp(exchange);
    },

    stop() {
      for (const exchange of exchanges.values()) giveUp(exchange);
      exchanges.clear();
    },
  };
}
