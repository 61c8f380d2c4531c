import { isUtf8 } from 'node:buffer';
import WebSocket from 'ws';
import { explain, named } from '../host/errnos.js';
import { FULL, socketOperations } from '../host/messages.js';

/** WebSockets of Node, by the package ws: it can pause a sender, send pings, and say what has failed; Node's own cannot. */

/** What ws says about frames that are against the rules. @param {any} error */
function cause(error) {
  const code = String(error?.code ?? '');
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' || code === 'WS_ERR_TOO_MANY_BUFFERED_PARTS') return named('EMSGSIZE', `a message is longer than max_message (${error.message})`);
  if (code.startsWith('WS_ERR_')) return named('EPROTO', error.message);
  return error;
}

/** A handshake that was answered with something else has no code of its own. @param {any} error */
function refusal(error) {
  const code = String(error?.code ?? error?.errors?.[0]?.code ?? '');
  if (!code || code.startsWith('HPE_')) return named('EPROTO', `the server speaks no WebSocket here: ${error?.message}`);
  return cause(error);
}

/** @param {import('../host/messages.js').Request} request @param {import('../host/messages.js').Events} events @returns {import('../host/messages.js').Socket} */
function connect({ url, subprotocols, headers, maxMessage }, events) {
  /** @type {Record<string, string | string[]>} */
  const fields = {};
  for (const [name, value] of headers) fields[name] = name in fields ? [fields[name], value].flat() : value;
  /** @type {WebSocket} */
  let socket;
  try {
    socket = new WebSocket(url, subprotocols, { headers: fields, maxPayload: maxMessage });
  } catch (error) {
    throw named('EINVAL', explain(error).message);
  }
  let opened = false;
  /** @type {unknown} */
  let broken;
  socket.on('upgrade', ({ socket }) => void socket.unref());
  socket.on('open', () => {
    opened = true;
    events.opened(socket.protocol);
  });
  socket.on('error', (error) => {
    if (opened) broken ??= cause(error);
    else events.failed(refusal(error));
  });
  socket.on('message', (data, binary) => events.message(/** @type {Buffer} */ (data), !binary));
  socket.on('pong', (data) => events.pong(data.toString()));
  socket.on('close', (code, reason) => events.closed(code, reason.toString(), broken));
  const sent = () => {
    if (socket.bufferedAmount <= FULL / 4) events.drained();
  };
  return {
    send(bytes, text) {
      if (socket.readyState !== WebSocket.OPEN) throw broken ?? named('EPIPE', 'the WebSocket is closed');
      if (text && !isUtf8(bytes)) throw named('EINVAL', 'the text is no UTF-8');
      socket.send(bytes, { binary: !text }, sent);
    },
    isFull: () => socket.bufferedAmount > FULL && socket.readyState === WebSocket.OPEN,
    close: (code, reason) => socket.close(code, reason),
    destroy: () => socket.terminate(),
    ping: (payload) => socket.ping(payload),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  };
}

/** @type {import('../host/ops.js').KindModule['operations']} */
export const operations = (host, complete) => socketOperations(host, complete, connect);
