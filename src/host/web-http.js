/**
 * Requests by the host's `fetch`: in browsers and workers, and wherever a fetch was given to load().
 * @typedef {import('./fetch.js').Request} Request
 * @typedef {import('./fetch.js').Events} Events
 */
import { named, offline, rootCause } from './errnos.js';

/** @param {unknown} error @param {string} url */
const why = (error, url) => (error instanceof TypeError ? (offline(url) ?? error) : error);

/** What some host can fetch; others say of the rest no more than that they failed. */
const SCHEMES = ['http:', 'https:', 'data:', 'blob:'];

/** The host refuses bad URLs, methods and headers before it sends: those are the caller's mistake. @param {string} url @param {RequestInit} init */
function mistake(url, init) {
  try {
    const { username, password, origin } = URL.canParse(url) ? new URL(url) : { username: '', password: '', origin: '' };
    if (username || password) return named('EINVAL', `cannot request "${origin}": a URL must not have a user name or password; send an Authorization header`); // and words none
    const { protocol } = new URL(new Request(url, init).url);
    if (!SCHEMES.includes(protocol)) return named('EINVAL', `cannot request "${url}": no host fetches '${protocol}' URLs`);
  } catch (error) {
    return named('EINVAL', `cannot request "${url}": ${rootCause(error).message}`);
  }
}

/** Browsers send requests for the same URL one after another, to share the cached answer, unless they are told not to; where there is no cache, being told so costs two headers. */
const CACHED = 'location' in globalThis;

/**
 * What a stream has next: asked for before C does, and there when it does, as the end mostly is.
 * @typedef {{ came: boolean, value: Uint8Array | undefined, promise: Promise<Uint8Array | undefined> }} Ahead
 * @param {ReadableStreamDefaultReader<Uint8Array>} reader @returns {Ahead}
 */
function askAhead(reader) {
  const promise = reader.read().then(({ value }) => {
    ahead.came = true;
    return (ahead.value = value);
  });
  promise.catch(() => {}); // told to whoever asks
  /** @type {Ahead} */
  const ahead = { came: false, value: undefined, promise };
  return ahead;
}

/** @param {Request} request */
const address = ({ url, base }) => (base ? new URL(url, base).href : url);

/**
 * One request on the host's fetch. One AbortController, alive until the body has been read or given up.
 * @param {(url: string, init: RequestInit) => Promise<Response>} fetch @returns {import('./fetch.js').Transport}
 */
export const webTransport = (fetch) => (request, events) => {
  const controller = new AbortController();
  /** @type {ReadableStream<Uint8Array> | null | undefined} */
  let body;
  /** @type {ReadableStreamDefaultReader<Uint8Array> | undefined} */
  let reader;
  /** @type {Ahead | undefined} */
  let ahead;
  /** Bodies that are produced are collected: browsers stream none over HTTP/1.1. @type {Uint8Array[]} */
  const parts = [];
  let over = false;

  function giveUp() {
    over = true;
    controller.abort();
    (reader ?? body)?.cancel().catch(() => {}); // also where an injected fetch does not look at the signal
  }

  async function send() {
    const { method, headers, redirect, credentials } = request;
    /** @type {RequestInit} */
    const init = {
      method,
      body: request.streamed ? new Blob(/** @type {BlobPart[]} */ (parts)) : request.body,
      signal: controller.signal,
      ...(headers.length && { headers }),
      ...(CACHED && { cache: 'no-store' }),
      ...(redirect !== 'follow' && { redirect }),
      ...(credentials && { credentials }),
    };
    let url = request.url;
    try {
      url = address(request);
      events.connected();
      const response = await fetch(url, init);
      body = response.body;
      if (over) return giveUp();
      if (response.type === 'opaqueredirect') {
        giveUp();
        return events.failed(named('ENOTSUP', `${url} redirects, and browsers do not show where to: let them follow, or fail with WIO_REDIRECTS_FAIL`));
      }
      events.head(response.status, response.url, response.headers);
    } catch (error) {
      if (!over) events.failed(mistake(url, init) ?? why(error, url));
    }
  }

  if (!request.streamed) void send();
  return {
    read() {
      if (!body) return undefined;
      const stream = (reader ??= body.getReader());
      const { came, value, promise } = ahead ?? askAhead(stream);
      /** @param {Uint8Array | undefined} chunk */
      const handed = (chunk) => {
        ahead = chunk && askAhead(stream);
        return chunk;
      };
      const broke = (/** @type {unknown} */ error) => Promise.reject(why(error, address(request)));
      return came ? handed(value) : promise.then(handed, broke);
    },
    write(bytes, accepted) {
      if (bytes.length) parts.push(bytes);
      else void send();
      accepted(true);
    },
    abort: giveUp,
  };
};
