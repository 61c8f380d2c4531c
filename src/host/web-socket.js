import { named, offline } from './errnos.js';
import { FULL, socketOperations } from './messages.js';

/**
 * WebSockets of browsers. They cannot make a sender wait, send no pings of the page's, and say nothing about what has failed.
 */

const AGAIN = 20; // milliseconds: no event tells that what was to be sent is gone

/** @param {import('./messages.js').Request} request @param {import('./messages.js').Events} events @returns {import('./messages.js').Socket} */
function connect({ url, subprotocols, headers }, events) {
  if (headers.length) throw named('ENOTSUP', 'wio_websocket_connect(): a browser sends no headers of yours; put what the server must know into the URL or a subprotocol');
  /** @type {WebSocket} */
  let socket;
  try {
    socket = new WebSocket(url, subprotocols);
  } catch (error) {
    throw named('EINVAL', /** @type {Error} */ (error).message);
  }
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const encoder = new TextEncoder();
  let opened = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => {
    opened = true;
    if (!subprotocols.length || socket.protocol) return events.opened(socket.protocol);
    events.failed(named('EPROTO', `the server speaks none of ${subprotocols.join(', ')}`));
    socket.close();
  };
  socket.onmessage = ({ data }) => {
    const text = typeof data === 'string';
    events.message(text ? encoder.encode(data) : new Uint8Array(data), text);
  };
  socket.onclose = ({ code, reason }) =>
    opened ? events.closed(code, reason) : events.failed(offline(url) ?? named('EIO', `no WebSocket at ${url}: it is not there, refused, or speaks something else (a browser does not tell)`));
  const look = () => {
    timer = undefined;
    if (socket.bufferedAmount === 0 || socket.readyState > 1) events.drained();
    else timer = setTimeout(look, AGAIN);
  };
  return {
    send(bytes, text) {
      if (socket.readyState !== 1) throw named('EPIPE', 'the WebSocket is closed');
      if (!text) return socket.send(/** @type {Uint8Array<ArrayBuffer>} */ (bytes));
      let string;
      try {
        string = strict.decode(bytes);
      } catch {
        throw named('EINVAL', 'the text is no UTF-8');
      }
      socket.send(string);
    },
    isFull() {
      const full = socket.bufferedAmount > FULL && socket.readyState === 1;
      if (full) timer ??= setTimeout(look, AGAIN);
      return full;
    },
    close: (code, reason) => socket.close(code, reason),
    destroy() {
      clearTimeout(timer);
      socket.close();
    },
  };
}

/** @type {import('./ops.js').KindModule['operations']} */
export const operations = (host, complete) => socketOperations(host, complete, connect);
