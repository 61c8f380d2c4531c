/**
 * WebSockets of the test server, by first path segment. They are counted like requests, as `ws`.
 *
 *   /ws-echo                every message comes back; text stays text
 *   /ws-echo?protocol=P     … and P is the subprotocol chosen
 *   /ws-close/CODE?reason=R closes at once
 *   /ws-vanish              sends a whole message and, when one came back, half of another; then the connection breaks
 *   /ws-vanish?at=message   … after whole messages only
 *   /ws-flood/N?size=S      sends N messages of S bytes as fast as they go; the number is in the first 4 bytes
 *   /ws-count               reads slowly: answers "done <bytes>" when it has "end"; counts what came as sentBytes
 *   /ws-bad/WHAT            frames against the rules, after a message: utf8, opcode
 *   /ws-deaf                never answers a closing handshake
 */
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { reset } from './reset.js';

/** @typedef {{ socket: import('ws').WebSocket, raw: import('node:net').Socket, rest: string, query: URLSearchParams, count: (bytes: number) => void }} Visit */

/** @type {Record<string, (visit: Visit) => void | Promise<void>>} */
const routes = {
  'ws-echo': ({ socket }) => void socket.on('message', (data, binary) => socket.send(/** @type {Buffer} */ (data), { binary })),

  'ws-close': ({ socket, rest, query }) => socket.close(Number(rest), query.get('reason') ?? ''),

  async 'ws-vanish'({ socket, raw, query }) {
    socket.send('whole');
    await once(socket, 'message');
    if (query.get('at') !== 'message') raw.write(Buffer.concat([Buffer.from([0x82, 100]), Buffer.alloc(50)])); // half of a hundred bytes
    await wait(30);
    reset(raw);
  },

  async 'ws-flood'({ socket, rest, query, count }) {
    const size = Number(query.get('size') ?? 1000);
    for (let i = 0; i < Number(rest) && socket.readyState === 1; i++) {
      const message = Buffer.alloc(size);
      message.writeUInt32LE(i);
      count(size);
      await new Promise((resolve) => socket.send(message, resolve)); // sent, or not to be sent any more
    }
    socket.close(1000, 'flooded');
  },

  'ws-count'({ socket, count }) {
    let bytes = 0;
    socket.on('message', async (data, binary) => {
      const { length } = /** @type {Buffer} */ (data);
      if (!binary) return socket.send(`done ${bytes}`);
      bytes += length;
      count(length);
      socket.pause();
      await wait(5);
      socket.resume();
    });
  },

  // When asked: Firefox takes what comes with the handshake for a part of it.
  'ws-bad'({ socket, raw, rest }) {
    socket.once('message', () => raw.write(rest === 'utf8' ? Buffer.from([0x81, 2, 0xff, 0xfe]) : Buffer.from([0x83, 0])));
  },

  'ws-deaf': ({ raw }) => void raw.removeAllListeners('data'),
};

/** @param {import('node:http').Server} server @param {import('./stats.js').Recorder} recorder */
export function addWebSockets(server, recorder) {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: 64 << 20,
    handleProtocols: (_, request) => new URL(request.url ?? '/', 'http://x').searchParams.get('protocol') ?? false,
  });
  server.on('upgrade', (request, raw, head) => {
    const { searchParams: query, pathname: path } = new URL(request.url ?? '/', 'http://x');
    const [, name, ...rest] = path.split('/');
    if (!Object.hasOwn(routes, name)) return void raw.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    const scope = query.get('scope') ?? '';
    sockets.handleUpgrade(request, raw, head, (socket) => {
      const seen = { method: 'WS', path, query: query.toString(), headers: /** @type {any} */ (request.headers), body: '', bodyLength: 0, status: 101, state: /** @type {const} */ ('open') };
      const leave = recorder.enter(scope, seen);
      socket.on('error', () => {});
      socket.on('close', (code) => leave(code === 1006 ? 'aborted' : 'finished'));
      void routes[name]({ socket, raw: /** @type {import('node:net').Socket} */ (raw), rest: rest.join('/'), query, count: (bytes) => void (recorder.of(scope).sentBytes += bytes) });
    });
  });
  return () => {
    for (const socket of sockets.clients) socket.terminate();
  };
}
