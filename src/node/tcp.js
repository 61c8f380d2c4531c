import net from 'node:net';
import tls from 'node:tls';
import { Answers, Stream, streamsOf } from '../host/stream.js';
import { nodeEnd } from './end.js';

/**
 * TCP by node:net, TLS by node:tls: the operations of src/io/tcp.h.
 * @typedef {{ host: string | null, port: number, tls: boolean, ca?: string, serverName?: string, certificate?: string, key?: string, backlog: number }} Request
 * @typedef {{ server: net.Server, waiting: net.Socket[], accepts: number[] }} Listener
 */

const FULL = 65536; // bytes that a socket holds before writers should wait

/** @param {string | undefined} host @param {number | undefined} port */
const address = (host, port) => (host === undefined ? '' : `${host.includes(':') ? `[${host}]` : host}:${port}`);

/** @type {import('../host/ops.js').KindModule['operations']} */
export function operations(host, complete) {
  const answers = new Answers(host, complete);
  const streams = streamsOf(host);
  /** @type {Map<number, net.Socket>} not yet connected */
  const connecting = new Map();
  /** @type {Map<number, Listener>} */
  const listeners = new Map();
  /** @type {Map<number, Listener>} by operation that waits for a connection */
  const accepting = new Map();

  /** @param {number} at @returns {Request} */
  function request(at) {
    const { memory } = host;
    const [name, port, secure, ca, serverName, certificate, key, backlog] = [0, 4, 8, 12, 16, 20, 24, 28].map((offset) => memory.u32(at + offset));
    const text = (/** @type {number} */ where) => memory.text(where) ?? undefined;
    return { host: memory.text(name), port, tls: secure !== 0, ca: text(ca), serverName: text(serverName), certificate: text(certificate), key: text(key), backlog };
  }

  /** @param {number} id @param {net.Socket} socket */
  function opened(id, socket) {
    const stream = new Stream(answers);
    socket.setNoDelay(true);
    socket.unref();
    stream.end = nodeEnd(stream, { input: socket, output: socket, polite: socket instanceof tls.TLSSocket });
    streams.add(id, stream);
    answers.opened(id, 0, [address(socket.localAddress, socket.localPort), address(socket.remoteAddress, socket.remotePort)]);
  }

  /** @param {number} id @param {Request} to */
  function connect(id, to) {
    const options = { host: to.host ?? '', port: to.port, allowHalfOpen: true, highWaterMark: FULL };
    const servername = to.serverName ?? (net.isIP(options.host) ? undefined : options.host);
    const socket = to.tls ? tls.connect({ ...options, ca: to.ca, ...(servername && { servername }) }) : net.connect(options);
    connecting.set(id, socket);
    const failed = (/** @type {unknown} */ error) => {
      if (connecting.delete(id)) answers.fail(id, error);
    };
    socket.on('error', failed);
    socket.once(to.tls ? 'secureConnect' : 'connect', () => {
      if (!connecting.delete(id)) return;
      socket.off('error', failed);
      opened(id, socket);
    });
  }

  /** @param {Listener} listener */
  function match({ waiting, accepts }) {
    while (waiting.length && accepts.length) {
      const socket = /** @type {net.Socket} */ (waiting.shift());
      if (socket.destroyed) continue;
      socket.off('error', nothing);
      const id = /** @type {number} */ (accepts.shift());
      accepting.delete(id);
      opened(id, socket);
    }
  }

  /** @param {number} id @param {Request} on */
  function listen(id, on) {
    const options = { allowHalfOpen: true, highWaterMark: FULL };
    const server = on.tls ? tls.createServer({ ...options, cert: on.certificate, key: on.key, ca: on.ca }) : net.createServer(options);
    /** @type {Listener} */
    const listener = { server, waiting: [], accepts: [] };
    listeners.set(id, listener);
    server.on(on.tls ? 'secureConnection' : 'connection', (/** @type {net.Socket} */ socket) => {
      socket.on('error', nothing);
      listener.waiting.push(socket);
      match(listener);
    });
    server.once('error', (error) => {
      listeners.delete(id);
      answers.fail(id, error);
    });
    server.listen({ host: on.host ?? undefined, port: on.port, backlog: on.backlog || undefined }, () => {
      const bound = /** @type {net.AddressInfo} */ (server.address());
      server.unref();
      server.removeAllListeners('error').on('error', nothing);
      answers.opened(id, bound.port, [`server ${address(bound.address, bound.port)}`]);
    });
  }

  /** @param {Listener} listener */
  function close({ server, waiting }) {
    server.close();
    for (const socket of waiting) socket.destroy();
  }

  /** @param {number} id @param {() => void} run what Node refuses at once */
  const attempt = (id, run) => {
    try {
      run();
    } catch (error) {
      listeners.delete(id);
      connecting.delete(id);
      answers.fail(id, error);
    }
  };

  return {
    starts: {
      40: (id, at) => attempt(id, () => connect(id, request(at))),
      41: (id, at) => attempt(id, () => listen(id, request(at))),
      42(id, at) {
        const listener = listeners.get(host.memory.u32(at));
        if (!listener) return answers.fail(id, Object.assign(new Error('the server is closed'), { code: 'ECONNABORTED' }));
        accepting.set(id, listener);
        listener.accepts.push(id);
        match(listener);
      },
    },

    cancel(id) {
      connecting.get(id)?.destroy();
      connecting.delete(id);
      const listener = accepting.get(id);
      accepting.delete(id);
      if (listener) listener.accepts = listener.accepts.filter((each) => each !== id);
      const closed = listeners.get(id);
      listeners.delete(id);
      if (closed) close(closed);
    },

    stop() {
      for (const socket of connecting.values()) socket.destroy();
      for (const listener of listeners.values()) close(listener);
      listeners.clear();
    },
  };
}

/** An error of a connection that nobody has yet. */
function nothing() {}
