import { named } from './errnos.js';
import { Answers, Stream, streamsOf } from './stream.js';

/**
 * HTTP requests that C answers (WIO_SERVE): the operations of src/io/serve.h, on the Web's Request and Response.
 * @typedef {{ request: Request, resolve: (response: Response) => void, gone: AbortController, answered: boolean }} Exchange
 */

const FULL = 65536; // bytes that a slow client leaves here before the handler should wait

/** What the client is told if the handler has failed; the reason is on stderr. */
const failure = () => new Response('Internal Server Error\n', { status: 500, headers: { 'content-type': 'text/plain' } });

/** The end of a stream that reads a body. @param {Stream} stream @param {ReadableStream<Uint8Array> | null} body @returns {import('./stream.js').End} */
function readingEnd(stream, body) {
  const reader = body?.getReader();
  /** @type {Uint8Array | null | undefined} */
  let piece = reader ? undefined : null;
  /** @type {unknown} */
  let error;
  let asked = false;
  const close = () => {
    reader?.cancel().catch(() => {});
    stream.closed();
  };
  async function ask() {
    asked = true;
    try {
      do {
        const { done, value } = /** @type {ReadableStreamReadResult<Uint8Array>} */ (await reader?.read());
        piece = done ? null : value;
      } while (piece?.length === 0);
    } catch (cause) {
      error = named('ECONNRESET', `the request's body broke off: ${/** @type {any} */ (cause)?.message ?? cause}`);
    }
    asked = false;
    stream.readable();
  }
  return {
    take() {
      if (error !== undefined) throw error;
      const taken = piece;
      if (taken) piece = undefined;
      else if (taken === undefined && !asked) void ask();
      return taken;
    },
    close,
    destroy: close,
  };
}

/** A body that is written piece by piece. @param {Stream} stream @param {AbortController} gone aborted when the client does not want it any more */
function writing(stream, gone) {
  /** @type {ReadableStreamDefaultController<Uint8Array>} */
  let controller;
  let open = true;
  const body = new ReadableStream(
    {
      start: (given) => void (controller = given),
      pull: () => stream.drained(),
      cancel() {
        open = false;
        stream.broke(named('EPIPE', 'the client has gone away'));
        stream.closed();
        gone.abort();
      },
    },
    { highWaterMark: FULL, size: (piece) => piece.length },
  );
  const ended = () => {
    const was = open;
    open = false;
    return was;
  };
  const end = () => void (ended() && controller.close());
  stream.end = {
    write: (bytes) => void (open && controller.enqueue(bytes)),
    isFull: () => open && (controller.desiredSize ?? 1) <= 0,
    end,
    close() {
      end();
      stream.closed();
    },
    destroy() {
      if (ended()) controller.error(gone.signal.aborted ? gone.signal.reason : new Error('the handler has failed'));
      stream.closed();
    },
  };
  return body;
}

/** Firefox has no Request.body: there the body comes as a whole. @param {Request | undefined} request @returns {ReadableStream<Uint8Array> | null} */
function bodyOf(request) {
  if (request?.body !== undefined || !request) return request?.body ?? null;
  return new ReadableStream({
    async pull(controller) {
      const bytes = new Uint8Array(await request.arrayBuffer());
      if (bytes.length) controller.enqueue(bytes);
      controller.close();
    },
  });
}

/** @type {import('./ops.js').KindModule['operations']} */
export function operations(host, complete) {
  const answers = new Answers(host, complete);
  const streams = streamsOf(host);
  /** @type {Map<number, Exchange>} */
  const exchanges = new Map();
  let next = 1;
  let stopped = false;

  host.serve = (call) => (request) =>
    new Promise((resolve, reject) => {
      const id = next++ >>> 0;
      const gone = new AbortController();
      const leave = () => gone.abort(request.signal.reason);
      /** @type {Exchange} */
      const exchange = { request, resolve, gone, answered: false };
      exchanges.set(id, exchange);
      if (request.signal.aborted) leave();
      else request.signal.addEventListener('abort', leave, { once: true });
      const ended = (/** @type {unknown} */ error) => {
        exchanges.delete(id);
        request.signal.removeEventListener('abort', leave);
        if (exchange.answered) return;
        if (gone.signal.aborted) reject(gone.signal.reason);
        else if (stopped && /** @type {any} */ (error)?.name !== 'ECANCELED') reject(error); // the app has crashed, or is closed
        else resolve(failure());
      };
      call(id, { signal: gone.signal }).then(ended, ended);
    });

  /** @param {Request} request */
  function describe({ method, url, headers }) {
    const { pathname, searchParams } = new URL(url);
    const strings = [method, url, pathname];
    headers.forEach((value, name) => strings.push(name, value));
    strings.push('');
    searchParams.forEach((value, name) => name && strings.push(name.replaceAll('\0', ''), value.replaceAll('\0', '')));
    return host.memory.encode(`${strings.join('\0')}\0\0`);
  }

  /** @param {number} at of names and values @returns {Headers | number} or which of them cannot be */
  function headersAt(at) {
    const { memory } = host;
    const headers = new Headers();
    for (let i = 0; at && memory.u32(at + 8 * i); i++) {
      try {
        headers.append(memory.text(memory.u32(at + 8 * i)) ?? '', memory.text(memory.u32(at + 8 * i + 4)) ?? '');
      } catch {
        return i;
      }
    }
    return headers;
  }

  /** @param {number} id of the stream that the body will be; 0: it is here @param {number} at */
  function respond(id, at) {
    const { memory } = host;
    const [exchangeId, status, headersFrom, from, size] = [0, 4, 8, 12, 16].map((offset) => memory.u32(at + offset));
    const exchange = exchanges.get(exchangeId);
    if (!exchange) return memory.setU32(at + 20, host.code('ECONNRESET'));
    const headers = headersAt(headersFrom);
    if (typeof headers === 'number') {
      memory.setU32(at + 24, headers);
      return memory.setU32(at + 20, host.code('EINVAL'));
    }
    const body = from ? memory.copy(from, size) : null;
    if ((id || body) && !headers.has('content-type')) headers.set('content-type', 'text/plain; charset=utf-8');
    exchange.answered = true;
    if (!id) return exchange.resolve(new Response(body, { status, headers }));
    const stream = new Stream(answers);
    streams.add(id, stream);
    exchange.resolve(new Response(writing(stream, exchange.gone), { status, headers }));
    complete(id, 0);
  }

  return {
    starts: {
      52(id, at) {
        const exchange = exchanges.get(host.memory.u32(at));
        if (exchange) complete(id, 0, describe(exchange.request));
        else answers.fail(id, named('EINVAL', 'there is no such request'));
      },
      53(id, at) {
        const exchange = exchanges.get(host.memory.u32(at));
        const stream = new Stream(answers);
        stream.end = readingEnd(stream, bodyOf(exchange?.request));
        streams.add(id, stream);
        complete(id, 0);
      },
      54: respond,
    },
    cancel() {},
    stop() {
      stopped = true;
      exchanges.clear();
    },
  };
}
