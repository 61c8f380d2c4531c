import { explain, named } from './errnos.js';
import { Answers, Stream, streamsOf } from './stream.js';

/**
 * WebSocket connections: the operations of src/io/websocket.h, on whatever socket the host has.
 *
 * The host's socket. `send` throws what cannot be sent; `pause` and `resume` where the host can make the sender wait.
 * @typedef {{ send: (bytes: Uint8Array, text: boolean) => void, isFull: () => boolean, close: (code: number, reason: string) => void, destroy: () => void,
 *   ping?: (payload: string) => void, pause?: () => void, resume?: () => void }} Socket
 *
 * What it is connected with, and what it tells.
 * @typedef {{ url: string, subprotocols: string[], headers: [string, string][], maxMessage: number, maxQueue: number }} Request
 * @typedef {{ opened: (protocol: string) => void, failed: (error: unknown) => void, message: (bytes: Uint8Array, text: boolean) => void,
 *   pong: (payload: string) => void, drained: () => void, closed: (code: number, reason: string, error?: unknown) => void }} Events
 */

export const FULL = 65536; // bytes on their way before senders should wait
const CLOSING = 10_000; // milliseconds that the other end has to answer

/** What a close code means in C; 0: all is well. @param {number} code */
function meaning(code) {
  if (code === 1000 || code === 1001 || code === 1005) return undefined;
  if (code === 1006) return 'ECONNRESET';
  if (code === 1002 || code === 1007) return 'EPROTO';
  return code === 1009 ? 'EMSGSIZE' : 'ECONNABORTED';
}

class Connection {
  /** @type {{ bytes: Uint8Array, text: boolean }[]} */
  #queue = [];
  #queued = 0;
  #paused = false;
  #receiver = 0;
  /** How it has ended. @type {{ status: number, bytes: Uint8Array, code: number, error: unknown } | undefined} */
  #end;
  /** @type {Map<string, number>} operations by payload */
  #pings = new Map();
  #pinged = 0;
  /** @type {Set<number>} */
  #closers = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Socket | undefined} */
  socket;

  /** @param {import('./ops.js').OpsHost} host @param {Answers} answers @param {Stream} stream @param {Request} request */
  constructor(host, answers, stream, request) {
    this.host = host;
    this.answers = answers;
    this.stream = stream;
    this.request = request;
    stream.end = { isFull: () => this.socket?.isFull() ?? false, close() {}, destroy: () => this.socket?.destroy() };
  }

  /** @param {Uint8Array} bytes @param {boolean} text */
  message(bytes, text) {
    const { maxMessage, maxQueue } = this.request;
    if (this.#end) return;
    if (bytes.length > maxMessage) return this.#giveUp(named('EMSGSIZE', `a message of ${bytes.length} bytes is longer than max_message, ${maxMessage}`));
    this.#queue.push({ bytes, text });
    this.#queued += bytes.length;
    this.deliver();
    const { socket } = this;
    const full = this.#queued > FULL || this.#queue.length > 256;
    if (full && socket?.pause && !this.#paused) {
      this.#paused = true;
      socket.pause();
    }
    if (!socket?.pause && this.#queued > maxQueue) this.#giveUp(named('ENOBUFS', `${this.#queued} bytes of messages wait to be received, and max_queue is ${maxQueue}`));
  }

  /** @param {unknown} error */
  #giveUp(error) {
    this.closed(1006, '', error);
    this.socket?.destroy();
  }

  deliver() {
    if (!this.#receiver) return;
    const next = this.#queue.shift();
    if (!next && !this.#end) return;
    const id = this.#receiver;
    this.#receiver = 0;
    if (!next) return this.answers.complete(id, this.#end?.status ?? 0, this.#end?.bytes);
    this.#queued -= next.bytes.length;
    if (this.#paused && !this.#queue.length) {
      this.#paused = false;
      this.socket?.resume?.();
    }
    this.answers.complete(id, next.text ? 1 : 2, next.bytes);
  }

  /** @param {number} id */
  receive(id) {
    this.#receiver = id;
    this.deliver();
  }

  /** @param {Uint8Array} bytes @param {boolean} text */
  send(bytes, text) {
    if (this.#end) throw this.#end.error ?? named('EPIPE', 'the WebSocket is closed');
    this.socket?.send(bytes, text);
  }

  /** @param {number} id */
  ping(id) {
    if (!this.socket?.ping) return this.answers.fail(id, named('ENOTSUP', 'wio_websocket_ping(): a browser sends and answers pings by itself'));
    if (this.#end) return this.answers.fail(id, this.#end.error ?? named('EPIPE', 'the WebSocket is closed'));
    const payload = String(++this.#pinged);
    this.#pings.set(payload, id);
    this.socket.ping(payload);
  }

  /** @param {string} payload */
  pong(payload) {
    const id = this.#pings.get(payload);
    this.#pings.delete(payload);
    if (id) this.answers.complete(id, 0);
  }

  /** @param {number} code @param {string} reason @param {unknown} [error] what broke it, if that is known better */
  closed(code, reason, error) {
    if (this.#end) return;
    clearTimeout(this.#timer);
    const name = meaning(code);
    if (error === undefined && name)
      error = named(name, code === 1006 ? 'the connection broke without a closing handshake' : `the other end has closed with ${code}${reason && `: ${reason}`}`);
    const words = error === undefined ? '' : explain(error).message;
    const text = this.host.memory.encode(`${reason}\0${words}\0`);
    const bytes = new Uint8Array(2 + text.length);
    bytes.set([code & 255, code >> 8]);
    bytes.set(text, 2);
    this.#end = { status: error === undefined ? 0 : this.answers.code(error), bytes, code, error };
    this.deliver();
    for (const id of this.#pings.values()) this.answers.fail(id, error ?? named('EPIPE', 'the WebSocket was closed'));
    for (const id of this.#closers) this.answers.complete(id, code);
    if (error !== undefined) this.stream.broke(error);
    this.stream.closed();
  }

  /** @param {number} id 0: nobody waits @param {number} code @param {string} reason */
  close(id, code, reason) {
    this.#queue = [];
    if (this.#end) return id && this.answers.complete(id, this.#end.code);
    if (id) this.#closers.add(id);
    this.#timer = setTimeout(() => {
      this.closed(1006, '');
      this.socket?.destroy();
    }, CLOSING);
    /** @type {any} */ (this.#timer).unref?.();
    if (this.#paused) this.socket?.resume?.();
    this.socket?.close(code, reason);
  }

  /** @param {number} id */
  forget(id) {
    if (this.#receiver === id) this.#receiver = 0;
    this.#closers.delete(id);
    for (const [payload, ping] of this.#pings) if (ping === id) this.#pings.delete(payload);
  }
}

/**
 * @param {import('./ops.js').OpsHost} host @param {import('./ops.js').Complete} complete
 * @param {(request: Request, events: Events) => Socket} connect throws what is wrong with the request
 * @returns {import('./ops.js').Kind}
 */
export function socketOperations(host, complete, connect) {
  const answers = new Answers(host, complete);
  const streams = streamsOf(host);
  const { about } = streams;
  /** @type {Map<number, Connection>} */
  const connections = new Map();

  /** @param {number} at @returns {Request} */
  function request(at) {
    const { memory } = host;
    const [url, subprotocols, headers, maxMessage, maxQueue] = [0, 4, 8, 12, 16].map((offset) => memory.u32(at + offset));
    const text = (/** @type {number} */ where) => memory.text(memory.u32(where)) ?? '';
    /** @type {Request} */
    const read = { url: memory.text(url) ?? '', subprotocols: [], headers: [], maxMessage, maxQueue };
    for (let where = subprotocols; where && memory.u32(where); where += 4) read.subprotocols.push(text(where));
    for (let where = headers; where && memory.u32(where); where += 8) read.headers.push([text(where), text(where + 4)]);
    return read;
  }

  /** @param {number} id @param {number} at */
  function open(id, at) {
    const stream = new Stream(answers);
    const connection = new Connection(host, answers, stream, request(at));
    let opening = true;
    const refused = (/** @type {unknown} */ error) => {
      opening = false;
      connections.delete(id);
      answers.fail(id, error);
    };
    connections.set(id, connection);
    try {
      if (!/^wss?:\/\//i.test(connection.request.url)) throw named('EINVAL', `wio_websocket_connect("${connection.request.url}"): the URL must begin with ws: or wss:`);
      connection.socket = connect(connection.request, {
        opened(protocol) {
          if (!opening) return;
          opening = false;
          streams.add(id, stream);
          answers.opened(id, 0, [protocol]);
        },
        failed: (error) => void (opening && refused(error)),
        message: (bytes, text) => connection.message(bytes, text),
        pong: (payload) => connection.pong(payload),
        drained: () => stream.drained(),
        closed(code, reason, error) {
          if (opening) refused(error ?? named('ECONNRESET', 'the connection broke before the answer'));
          else connection.closed(code, reason, error);
        },
      });
    } catch (error) {
      refused(error);
    }
  }

  /** @param {(connection: Connection, id: number, at: number) => void} run @returns {(id: number, at: number) => void} */
  const on = (run) => (id, at) => {
    const connection = connections.get(host.memory.u32(at));
    if (!connection) return id ? answers.fail(id, named('EPIPE', 'the WebSocket is closed')) : undefined;
    if (id) about.set(id, connection);
    run(connection, id, at);
  };

  return {
    starts: {
      56: open,
      57: on((connection, _, at) => {
        const { memory } = host;
        try {
          connection.send(memory.copy(memory.u32(at + 4), memory.u32(at + 8)), memory.u32(at + 12) !== 0);
          memory.setU32(at + 20, connection.socket?.isFull() ? 1 : 0);
        } catch (error) {
          memory.setU32(at + 16, answers.code(error));
        }
      }),
      58: on((connection, id) => connection.receive(id)),
      59: on((connection, id) => connection.ping(id)),
      60: on((connection, id, at) => {
        const of = host.memory.u32(at);
        connection.close(id, host.memory.u32(at + 4), host.memory.text(host.memory.u32(at + 8)) ?? '');
        connections.delete(of);
        streams.giveBack(of);
      }),
    },

    cancel(id) {
      const connection = connections.get(id); // of one that is under way src/host/stream.js tells
      connections.delete(id);
      connection?.socket?.destroy();
    },

    stop() {
      for (const { socket } of connections.values()) socket?.destroy();
      connections.clear();
    },
  };
}
