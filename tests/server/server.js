/**
 * A loopback HTTP server that misbehaves on request and remembers what it saw. See routes.js for the paths.
 *
 *   GET  /stats?scope=S                     everything, as JSON
 *   GET  /stats?scope=S&get=most            one field, as text; parts by "|": get=paths|/delay|most
 *   GET  /stats?…&get=aborted&until=2       answers when the field has reached 2 (or after &timeout=ms, default 5000)
 *   POST /reset-stats?scope=S
 *
 * A request belongs to the scope of its `scope` query parameter or `x-scope` header. Preflights are counted apart, so that
 * pages and Node give the same numbers.
 */
import http from 'node:http';
import { reset } from './reset.js';
import { Recorder } from './stats.js';
import { routes } from './routes.js';
import { addWebSockets } from './websockets.js';

const KEPT_BODY = 64 * 1024;
/** These read the body themselves, or leave it. */
const STREAMING = ['sink', 'refuse'];

/** @param {http.IncomingMessage} request @param {http.ServerResponse} response */
function allowAnyOrigin(request, response) {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Expose-Headers', '*');
  response.setHeader('Timing-Allow-Origin', '*');
  response.setHeader('Cache-Control', 'no-store');
  if (request.method !== 'OPTIONS' || !request.headers['access-control-request-method']) return false;
  response.setHeader('Access-Control-Allow-Methods', request.headers['access-control-request-method']);
  response.setHeader('Access-Control-Allow-Headers', request.headers['access-control-request-headers'] ?? '*');
  response.setHeader('Access-Control-Max-Age', '600');
  response.writeHead(204).end();
  return true;
}

/** @param {http.IncomingMessage} request @returns {Promise<Buffer>} */
function wholeBody(request) {
  return new Promise((resolve) => {
    /** @type {Buffer[]} */
    const parts = [];
    request.on('data', (part) => parts.push(part));
    // Also when the client went away in the middle: what came is what there is.
    request.on('close', () => resolve(Buffer.concat(parts)));
    request.on('end', () => resolve(Buffer.concat(parts)));
    request.on('error', () => {});
  });
}

/** @param {Recorder} recorder @returns {http.RequestListener} */
function listener(recorder) {
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://x');
    const scope = url.searchParams.get('scope') ?? String(request.headers['x-scope'] ?? '');
    const path = url.pathname;
    if (allowAnyOrigin(request, response)) {
      recorder.of(scope).preflights++;
      return;
    }
    if (path === '/stats') return answerStats(recorder, url.searchParams, scope, response);
    if (path === '/reset-stats') {
      recorder.reset(scope);
      response.end('reset');
      return;
    }

    const [, name, ...rest] = path.split('/');
    const body = STREAMING.includes(name) ? Promise.resolve(Buffer.alloc(0)) : wholeBody(request);
    /** @type {import('./stats.js').Seen} */
    const seen = {
      method: request.method ?? '',
      path,
      query: url.search.slice(1),
      headers: /** @type {Record<string, string>} */ (request.headers),
      body: '',
      bodyLength: 0,
      status: 0,
      state: 'open',
      entered: 0,
      left: Infinity,
    };
    const leave = recorder.enter(scope, seen);
    response.on('finish', () => {
      seen.status = response.statusCode;
      leave('finished');
    });
    response.on('close', () => leave('aborted'));
    const gone = () => leave('aborted'); // sooner than the response's `close`, which waits for this end of the socket, too
    request.socket.once('end', gone).once('error', gone);
    response.on('close', () => request.socket.off('end', gone).off('error', gone));
    response.on('error', () => {});
    body.then((data) => {
      seen.body = data.subarray(0, KEPT_BODY).toString('utf8');
      seen.bodyLength = data.length;
    });

    const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
    if (!route) {
      response.writeHead(404).end(`no such path: ${path}`);
      return;
    }
    try {
      await route({
        request,
        response,
        rest: rest.join('/'),
        query: url.searchParams,
        scope,
        body,
        again: () => recorder.again(request.url ?? ''),
        destroy() {
          leave('destroyed');
          if (url.searchParams.get('how') === 'fin') request.socket.destroy();
          else reset(request.socket);
        },
        sent: (bytes) => void (recorder.of(scope).sentBytes += bytes),
        received: (bytes) => void (recorder.of(scope).receivedBytes += bytes),
      });
    } catch (error) {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    }
  };
}

/** @param {Recorder} recorder @param {URLSearchParams} query @param {string} scope @param {http.ServerResponse} response */
async function answerStats(recorder, query, scope, response) {
  const way = query.get('get');
  if (way === null) {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(recorder.of(scope)));
    return;
  }
  const until = query.get('until');
  const value =
    until === null
      ? recorder.field(scope, way)
      : await recorder.reached(scope, way, Number(until), Number(query.get('timeout') ?? 5000));
  response.end(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** @param {http.Server} server @param {number} port @param {string} host */
function listen(server, port, host) {
  return new Promise((/** @type {(port: number) => void} */ resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: 4096 }, () =>
      resolve(/** @type {import('node:net').AddressInfo} */ (server.address()).port),
    );
  });
}

/**
 * @typedef {object} TestServer
 * @property {string} url base, without a slash at the end
 * @property {string} url2 the same server under another address: browsers open at most six connections to one
 * @property {string} refusedUrl an address where nothing listens
 * @property {(scope?: string) => import('./stats.js').Stats} stats
 * @property {(scope: string, way: string, least: number, timeout?: number) => Promise<any>} reached
 * @property {(scope?: string) => void} reset
 * @property {() => number} sockets that are open, idle ones too
 * @property {() => Promise<void>} close
 */

/** @param {{port?: number}} [options] @returns {Promise<TestServer>} */
export async function startServer({ port = 0 } = {}) {
  const recorder = new Recorder();
  /** @type {(() => void)[]} */
  const closers = [];
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  const make = () => {
    const server = http.createServer({ requestTimeout: 0, headersTimeout: 0 }, listener(recorder));
    // A kept connection closed just as a client reuses it would look like a reset that no test asked for.
    server.keepAliveTimeout = 0;
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    closers.push(addWebSockets(server, recorder));
    return server;
  };
  const servers = [make()];
  port = await listen(servers[0], port, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  let url2 = url;
  const second = make();
  try {
    await listen(second, port, '127.0.0.2');
    servers.push(second);
    url2 = `http://127.0.0.2:${port}`;
  } catch {
    // Only Linux has all of 127/8; elsewhere the one address has to do.
  }
  const closed = http.createServer();
  const refused = await listen(closed, 0, '127.0.0.1');
  closed.close();

  return {
    url,
    url2,
    refusedUrl: `http://127.0.0.1:${refused}`,
    stats: (scope) => recorder.of(scope),
    reached: (scope, way, least, timeout = 5000) => recorder.reached(scope, way, least, timeout),
    reset: (scope) => recorder.reset(scope),
    sockets: () => sockets.size,
    async close() {
      for (const close of closers) close();
      await Promise.all(
        servers.map(
          (server) =>
            new Promise((resolve) => {
              server.close(resolve);
              server.closeAllConnections();
            }),
        ),
      );
    },
  };
}
