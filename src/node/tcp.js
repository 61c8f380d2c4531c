import net from 'node:net';
import tls from 'node:tls';
import { Answers, Stream, streamsOf } from '../host/stream.js';
import { nodeEnd } from './end.js';

/**
 * TCP by node:net, TLS by node:tls: the operations of src/io/tcp.h.
 * @typedef {{ host: string | null, port: number, tls: boolean, ca?: string, serverName?: string, certificate?: string, key?: string, backlog: number, handshake: number }} Request
 * @typedef {{ server: net.Server, waiting: net.Socket[], accepts: number[], shaking: Map<string, net.Socket> }} Listener `shaking`: TLS does not stand yet
 *
 * A client's TLS: who waits for it, and what has become of it.
 * @typedef {{ socket: net.Socket, waiter?: number, done?: boolean, error?: unknown }} Handshake
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
  /** @type {Map<number, Handshake>} by the operation that has connected */
  const handshakes = new Map();
  /** @type {Map<number, Listener>} */
  const listeners = new Map();
  /** @type {Map<number, Listener>} by operation that waits for a connection */
  const accepting = new Map();

  /** @param {number} at @returns {Request} */
  function request(at) {
    const { memory } = host;
    const [name, port, secure, ca, serverName, certificate, key, backlog, handshake] = [0, 4, 8, 12, 16, 20, 24, 28, 32].map((offset) => memory.u32(at + offset));
    const text = (/** @type {number} */ where) => memory.text(where) ?? undefined;
    return { host: memory.text(name), port, tls: secure !== 0, ca: text(ca), serverName: text(serverName), certificate: text(certificate), key: text(key), backlog, handshake };
  }

  /** @param {net.Socket} socket */
  const addresses = (socket) => [address(socket.localAddress, socket.localPort), address(socket.remoteAddress, socket.remotePort)];

  /** @param {number} id @param {net.Socket} socket */
  function begin(id, socket) {
    const stream = new Stream(answers);
    socket.setNoDelay(true);
    socket.unref();
    stream.end = nodeEnd(stream, { input: socket, output: socket, polite: socket instanceof tls.TLSSocket });
    streams.add(id, stream);
  }

  /** @param {number} id @param {net.Socket} socket */
  function opened(id, socket) {
    begin(id, socket);
    answers.opened(id, 0, addresses(socket));
  }

  /** @param {number} id @param {tls.TLSSocket} socket connected */
  function shake(id, socket) {
    /** @type {Handshake} */
    const handshake = { socket };
    handshakes.set(id, handshake);
    const failed = (/** @type {unknown} */ error) => {
      handshake.error ??= error;
      shaken(id, handshake);
    };
    socket.on('error', failed);
    socket.once('secureConnect', () => {
      if (!handshakes.has(id)) return;
      socket.off('error', failed);
      begin(id, socket);
      handshake.done = true;
      shaken(id, handshake);
    });
  }

  /** Whoever waits for it hears of it; before that it is kept. @param {number} id @param {Handshake} handshake */
  function shaken(id, { waiter, done, error }) {
    if (!waiter || !(done || error)) return;
    handshakes.delete(id);
    if (done) answers.complete(waiter, 0);
    else answers.fail(waiter, error);
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
    socket.once('connect', () => {
      if (!connecting.delete(id)) return;
      socket.off('error', failed);
      if (!(socket instanceof tls.TLSSocket)) return opened(id, socket);
      shake(id, socket);
      answers.opened(id, 0, addresses(socket));
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
    const server = on.tls ? tls.createServer({ ...options, cert: on.certificate, key: on.key, ca: on.ca, handshakeTimeout: on.handshake }) : net.createServer(options);
    /** @type {Listener} */
    const listener = { server, waiting: [], accepts: [], shaking: new Map() };
    listeners.set(id, listener);
    if (on.tls) watchHandshakes(listener);
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

  /** Clients that say nothing, or not TLS: they keep no process, and do not outlive the listener. @param {Listener} listener */
  function watchHandshakes({ server, shaking }) {
    const nameOf = (/** @type {net.Socket} */ { remoteAddress, remotePort }) => address(remoteAddress, remotePort);
    server.on('connection', (/** @type {net.Socket} */ socket) => {
      const name = nameOf(socket);
      socket.unref();
      shaking.set(name, socket);
      socket.once('close', () => void (shaking.get(name) === socket && shaking.delete(name)));
    });
    server.on('secureConnection', (/** @type {net.Socket} */ socket) => void shaking.delete(nameOf(socket)));
    server.on('tlsClientError', (/** @type {Error} */ _, /** @type {net.Socket} */ socket) => void socket.destroy());
  }

  /** @param {Listener} listener */
  function close({ server, waiting, shaking }) {
    server.close();
    for (const socket of [...waiting, ...shaking.values()]) socket.destroy();
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
      43(id, at) {
        const of = host.memory.u32(at);
        const handshake = handshakes.get(of);
        if (!handshake) return answers.fail(id, Object.assign(new Error('the connection is gone'), { code: 'ECONNRESET' }));
        handshake.waiter = id;
        shaken(of, handshake);
      },
    },

    cancel(id) {
      (connecting.get(id) ?? handshakes.get(id)?.socket)?.destroy();
      connecting.delete(id);
      handshakes.delete(id);
      const listener = accepting.get(id);
      accepting.delete(id);
      if (listener) listener.accepts = listener.accepts.filter((each) => each !== id);
      const closed = listeners.get(id);
      listeners.delete(id);
      if (closed) close(closed);
    },

    stop() {
      for (const socket of connecting.values()) socket.destroy();
      for (const { socket } of handshakes.values()) socket.destroy();
      for (const listener of listeners.values()) close(listener);
      listeners.clear();
    },
  };
}

/** An error of a connection that nobody has yet. */
function nothing() {}
