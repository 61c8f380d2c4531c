import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { WasyncioError } from '../node.js';

/**
 * node:http in front of a function of Request and Response, as `wasyncio serve` needs it.
 * @typedef {(request: Request) => Promise<Response>} Handler
 */

/** @param {import('node:http').IncomingMessage} message @param {AbortSignal} signal @returns {Request} */
function requestOf(message, signal) {
  const { method = 'GET', rawHeaders } = message;
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i], rawHeaders[i + 1]);
  const url = new URL(message.url?.startsWith('/') ? `http://${message.headers.host ?? 'localhost'}${message.url}` : (message.url ?? '/'), 'http://localhost');
  const body = method === 'GET' || method === 'HEAD' ? undefined : Readable.toWeb(message);
  return new Request(url, /** @type {any} */ ({ method, headers, body, duplex: 'half', signal }));
}

/** @param {import('node:http').ServerResponse} to */
const drained = (to) =>
  new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
    const end = () => {
      to.off('drain', end).off('close', end);
      resolve();
    };
    to.on('drain', end).on('close', end);
  });

/** @param {Response} response @param {import('node:http').ServerResponse} to */
async function send(response, to) {
  /** @type {Record<string, string | string[]>} */
  const headers = Object.fromEntries(response.headers);
  const cookies = response.headers.getSetCookie();
  if (cookies.length) headers['set-cookie'] = cookies;
  to.writeHead(response.status, headers);
  const reader = response.body?.getReader();
  if (reader) {
    const leave = () => void reader.cancel().catch(() => {});
    to.once('close', leave);
    for (let piece; !(piece = await reader.read()).done; ) if (!to.write(piece.value) && !to.destroyed) await drained(to);
    to.off('close', leave);
  }
  to.end();
}

/** @param {Handler} handler @returns {import('node:http').RequestListener} */
const listener = (handler) => async (message, to) => {
  const gone = new AbortController();
  const leave = () => gone.abort(new Error('the client has gone away'));
  to.once('close', leave);
  to.on('error', () => {});
  /** @type {Request} */
  let request;
  try {
    request = requestOf(message, gone.signal);
  } catch {
    // a method or a Host header that no Request can have
    return void to.writeHead(400, { connection: 'close', 'content-type': 'text/plain' }).end('Bad Request\n');
  }
  try {
    const response = await handler(request);
    to.off('close', leave);
    if (to.destroyed) await response.body?.cancel();
    else await send(response, to);
  } catch (error) {
    if (error instanceof WasyncioError && !to.headersSent) to.writeHead(500, { connection: 'close' }).end('Internal Server Error\n');
    else to.destroy(); // gone, or the handler has failed in the middle of its answer
  }
};

/**
 * Listens until it is told to stop.
 * @param {Handler} handler @param {{ port: number, host: string }} where
 */
export function listen(handler, { port, host }) {
  const server = createServer(listener(handler));
  return new Promise((/** @type {(listening: { url: string, close: () => Promise<unknown> }) => void} */ resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const { address, port: bound, family } = /** @type {import('node:net').AddressInfo} */ (server.address());
      const close = () =>
        new Promise((closed) => {
          server.close(closed);
          server.closeIdleConnections();
          setImmediate(() => server.closeAllConnections()); // last words are written by then
        });
      resolve({ url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`, close });
    });
  });
}
