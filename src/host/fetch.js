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

/** @param {any} error @returns {{ name: string, message: string }} */
function explain(error) {
  const cause = rootCause(error);
  const name = NETWORK[/** @type {keyof typeof NETWORK} */ (cause?.code)] ?? (error?.name === 'AbortError' ? 'ECANCELED' : 'EIO');
  const own = String(error?.message ?? error);
  const message = cause && cause !== error && cause.message ? `${own}: ${cause.message}` : own;
  return { name, message };
}

/**
 * @param {import('./ops.js').OpsHost} host
 * @param {(id: number, status: number, bytes?: Uint8Array) => void} complete
 */
export function fetchOps({ memory, fetch, code }, complete) {
  /** @type {Map<number, Exchange>} */
  const exchanges = new Map();
  /** @type {Map<number, number>} the exchange that a read belongs to */
  const reads = new Map();

  /** @param {number} id @param {string} name @param {string} message */
  const fail = (id, name, message) => complete(id, code(name), memory.encodeBare(message));

  /** @param {number} at the fetch_request of src/io/fetch.c */
  function request(at) {
    const [url, method, headers, headerCount, body, bodySize] = [0, 4, 8, 12, 16, 20].map((offset) => memory.u32(at + offset));
    const pairs = Array.from({ length: headerCount }, (_, i) => [
      memory.text(memory.u32(headers + 8 * i)) ?? '',
      memory.text(memory.u32(headers + 8 * i + 4)) ?? '',
    ]);
    return {
      url: memory.text(url) ?? '',
      init: { method: memory.text(method) ?? 'GET', headers: pairs, body: body ? memory.copy(body, bodySize) : undefined },
    };
  }

  /** URL and headers, each ended by NUL, and an empty one. @param {Response} response */
  function describe(response) {
    const strings = [response.url];
    response.headers.forEach((value, name) => name && strings.push(name, value));
    return memory.encode(strings.join('\0') + '\0');
  }

  /** The host refuses bad URLs, methods and headers before it sends: all of those are the caller's mistake. @param {string} url @param {RequestInit} init */
  function checked(url, init) {
    try {
      return new Request(url, init);
    } catch (error) {
      throw Object.assign(new Error(`wio_fetch("${url}"): ${/** @type {Error} */ (rootCause(error)).message}`), { code: 'ERR_INVALID_URL' });
    }
  }

  return {
    /** @param {number} id @param {number} at */
    async start(id, at) {
      const { url, init } = request(at);
      const controller = new AbortController();
      /** @type {Exchange} */
      const exchange = { controller, body: null };
      exchanges.set(id, exchange);
      try {
        checked(url, init);
        const response = await fetch(url, { ...init, signal: controller.signal });
        exchange.body = response.body;
        complete(id, response.status, describe(response));
      } catch (error) {
        exchanges.delete(id);
        const { name, message } = explain(error);
        fail(id, name, message);
      }
    },

    /** @param {number} id @param {number} at the read_request */
    async read(id, at) {
      const of = memory.u32(at);
      const size = memory.u32(at + 4);
      const exchange = exchanges.get(of);
      if (!exchange) return fail(id, 'ECANCELED', 'the response was closed or its request aborted');
      reads.set(id, of);
      try {
        while (!exchange.rest?.length) {
          exchange.reader ??= exchange.body?.getReader();
          const { done, value } = (await exchange.reader?.read()) ?? { done: true, value: undefined };
          if (done) {
            exchanges.delete(of);
            complete(id, 0);
            return;
          }
          exchange.rest = value;
        }
        // A chunk larger than the caller's buffer waits here for the next read.
        const part = exchange.rest.subarray(0, size);
        exchange.rest = exchange.rest.subarray(size);
        complete(id, part.length, part);
      } catch (error) {
        exchanges.delete(of);
        const { name, message } = explain(error);
        fail(id, name, message);
      } finally {
        reads.delete(id);
      }
    },

    /** A request, its body or a read of it is of no interest any more. @param {number} id */
    cancel(id) {
      const of = reads.get(id) ?? id;
      exchanges.get(of)?.controller.abort();
      exchanges.delete(of);
    },
  };
}
