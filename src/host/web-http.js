/**
 * Requests by the host's `fetch`: in browsers and workers, and wherever a fetch was given to load().
 * @typedef {import('./fetch.js').Request} Request
 * @typedef {import('./fetch.js').Events} Events
 */
import { named, rootCause } from './errnos.js';

/** The host refuses bad URLs, methods and headers before it sends: those are the caller's mistake. @param {string} url @param {RequestInit} init */
function mistake(url, init) {
  try {
    new Request(url, init);
  } catch (error) {
    return named('EINVAL', `wio_fetch("${url}"): ${rootCause(error).message}`);
  }
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
      headers,
      body: request.streamed ? new Blob(/** @type {BlobPart[]} */ (parts)) : request.body,
      cache: 'no-store', // else browsers send requests for the same URL one after another, to share the cached answer
      ...(redirect !== 'follow' && { redirect }),
      ...(credentials && { credentials }),
    };
    let url = request.url;
    try {
      url = address(request);
      events.connected();
      const response = await fetch(url, { ...init, signal: controller.signal });
      body = response.body;
      if (over) return giveUp();
      if (response.type === 'opaqueredirect') {
        giveUp();
        return events.failed(named('ENOTSUP', `${url} redirects, and browsers do not show where to: let them follow, or fail with WIO_REDIRECTS_FAIL`));
      }
      events.head(response.status, response.url, response.headers);
    } catch (error) {
      if (!over) events.failed(mistake(url, init) ?? error);
    }
  }

  if (!request.streamed) void send();
  return {
    async read() {
      reader ??= body?.getReader();
      return (await reader?.read())?.value;
    },
    write(bytes, accepted) {
      if (bytes.length) parts.push(bytes);
      else void send();
      accepted(true);
    },
    abort: giveUp,
  };
};
