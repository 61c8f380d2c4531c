/**
 * Requests in Node over undici's keep-alive connections, without what fetch adds: a fifth of its processor time. It does
 * for the caller what fetch would: redirects, decompression, and, beyond it, cookies.
 * @typedef {import('../host/fetch.js').Request} Request
 * @typedef {import('../host/fetch.js').Events} Events
 */
import zlib from 'node:zlib';
import { explain, named } from '../host/errnos.js';
import { CookieJars } from './cookies.js';

/** The modules alone that are needed: the whole package takes three times as long to load. */
const [{ default: Agent }, { default: buildConnector }] = /** @type {any[]} */ (
  await Promise.all([import(/** @type {string} */ ('undici/lib/dispatcher/agent.js')), import(/** @type {string} */ ('undici/lib/core/connect.js'))])
);

/** So much of an answer may wait for its reader; then the server has to. */
const HIGH_WATER = 64 * 1024;
const MOVED = [301, 302, 303, 307, 308];

/** What encodings are undone. Input that ends early is let pass, as fetch does. @type {Record<string, () => import('node:stream').Transform>} */
const DECODERS = {
  gzip: () => zlib.createGunzip({ flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH }),
  'x-gzip': () => DECODERS.gzip(),
  deflate: () => zlib.createInflate({ flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH }),
  br: () => zlib.createBrotliDecompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH, finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH }),
};

/** What fetch would send, too. @type {Record<string, string>} */
const DEFAULTS = { accept: '*/*', 'user-agent': 'wasyncio', 'accept-encoding': 'gzip, deflate, br' };
const DEFAULT_NAMES = Object.keys(DEFAULTS);

/** Of a list "name, value, name, value" in bytes: one entry a name, as fetch gives them; only cookies stay apart. @param {Buffer[]} raw */
function headersOf(raw) {
  /** @type {[string, string][]} */
  const list = [];
  /** @type {Map<string, [string, string]>} */
  const byName = new Map();
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i].toString('latin1').toLowerCase();
    const value = raw[i + 1].toString('latin1');
    const before = name === 'set-cookie' ? undefined : byName.get(name);
    if (before) before[1] += `, ${value}`;
    else {
      /** @type {[string, string]} */
      const entry = [name, value];
      byName.set(name, entry);
      list.push(entry);
    }
  }
  return { list, get: (/** @type {string} */ name) => byName.get(name)?.[1] };
}

/** @type {(() => void)[]} */
let deferred = [];

/**
 * Calls it in this turn of Node's loop, and what C makes of it comes in the next: undici frees a connection only at the
 * end of the turn, and a request that comes earlier would open another one.
 * @param {() => void} callback
 */
function defer(callback) {
  if (deferred.push(callback) > 1) return;
  setImmediate(() => {
    const all = deferred;
    deferred = [];
    for (const each of all) each();
  });
}

/** A body that is given in pieces: the next is asked for when the connection has room. */
class Upload {
  /** @type {Uint8Array | undefined} */
  #chunk;
  #ended = false;
  /** @type {(() => void) | undefined} */
  #wanted;
  /** @type {((more: boolean) => void) | undefined} */
  #accepted;

  /** @param {Uint8Array} bytes @param {(more: boolean) => void} accepted */
  write(bytes, accepted) {
    if (bytes.length) this.#chunk = bytes;
    else this.#ended = true;
    if (this.#ended) accepted(true);
    else this.#accepted = accepted;
    this.#wanted?.();
  }

  async *[Symbol.asyncIterator]() {
    for (;;) {
      if (!this.#chunk && !this.#ended) await new Promise((/** @type {(value?: unknown) => void} */ resolve) => (this.#wanted = resolve));
      const chunk = this.#chunk;
      this.#chunk = undefined;
      if (!chunk) return;
      yield chunk;
      this.#accepted?.(true); // the connection has taken it, and has room again
    }
  }
}

/** Whose request undici is being given: a connection that it begins meanwhile is for this one alone. @type {NodeExchange | undefined} */
let dispatching;

/** One request, with the redirects it is led through: undici's handler, and the exchange that its reader has. */
class NodeExchange {
  #agent;
  #jars;
  #request;
  #events;
  #url;
  #method;
  #headers;
  /** @type {Upload | undefined} */
  #upload;
  #body;
  #hops = 0;
  #over = false;
  /** @type {((error?: Error) => void) | undefined} */
  #abort;
  #connected = false;
  /** @type {import('node:net').Socket | undefined} */
  #connecting;
  #begun = false;
  /** The answer's bytes, whole or decoded, until they are read. @type {Uint8Array[]} */
  #chunks = [];
  #waiting = 0;
  #ended = false;
  /** @type {unknown} */
  #error;
  /** @type {(() => void) | undefined} */
  #resume;
  /** @type {import('node:stream').Transform | undefined} */
  #decoder;
  /** @type {{ resolve: (chunk: Uint8Array | undefined) => void, reject: (error: unknown) => void } | undefined} */
  #reader;

  /** @param {any} agent @param {CookieJars} jars @param {Request} request @param {Events} events */
  constructor(agent, jars, request, events) {
    this.#agent = agent;
    this.#jars = jars;
    this.#request = request;
    this.#events = events;
    this.#method = request.method;
    this.#headers = request.headers;
    this.#upload = request.streamed ? new Upload() : undefined;
    this.#body = this.#upload ?? request.body;
    try {
      this.#url = new URL(request.url, request.base || undefined);
      if (this.#url.username || this.#url.password) throw named('EINVAL', `cannot request "${this.#url.origin}": a URL must not have a user name or password; send an Authorization header`);
    } catch (error) {
      const { name, message } = explain(error, 'request');
      queueMicrotask(() => this.#fail(named(name, message.startsWith('cannot') ? message : `cannot request "${request.url}": ${message}`)));
      this.#url = new URL('http://invalid');
      return;
    }
    this.#dispatch();
  }

  #dispatch() {
    const { origin, pathname, search } = this.#url;
    const headers = this.#headers.flat();
    for (const name of DEFAULT_NAMES) if (!this.#headers.some(([given]) => given.toLowerCase() === name)) headers.push(name, DEFAULTS[name]);
    const cookies = this.#cookiesFor(this.#url);
    if (cookies) headers.push('cookie', cookies);
    if (this.#upload && this.#request.size) headers.push('content-length', String(this.#request.size));
    if (this.#body === this.#request.body && this.#request.body && !this.#request.body.length) headers.push('content-length', '0');
    dispatching = this;
    try {
      this.#agent.dispatch({ origin, path: pathname + search, method: this.#method, headers, body: this.#body, headersTimeout: 0, bodyTimeout: 0 }, this);
    } catch (error) {
      this.onError(error);
    } finally {
      dispatching = undefined;
    }
  }

  /** @param {import('node:net').Socket} socket that undici has begun to connect for this request */
  connects(socket) {
    this.#connecting = socket;
  }

  /** @param {URL} url */
  #cookiesFor(url) {
    return this.#request.jar && this.#request.credentials !== 'omit' ? this.#jars.header(this.#request.jar, url) : '';
  }

  /** @param {unknown} error */
  #fail(error) {
    if (this.#over) return;
    this.#over = true;
    if (this.#begun) {
      this.#error = error;
      this.#give();
    } else this.#events.failed(error);
  }

  /* What undici calls. */

  /** @param {(error?: Error) => void} abort */
  onConnect(abort) {
    this.#connecting = undefined;
    if (this.#over) return abort();
    this.#abort = abort;
    if (!this.#connected) this.#events.connected();
    this.#connected = true;
  }

  /** @param {number} status @param {Buffer[]} raw @param {() => void} resume */
  onHeaders(status, raw, resume) {
    if (status < 200) return true;
    const headers = headersOf(raw);
    const { jar, credentials, redirect } = this.#request;
    /** @type {Promise<void> | undefined} */
    let kept;
    if (jar && credentials !== 'omit') for (const [name, value] of headers.list) if (name === 'set-cookie') kept = this.#jars.set(jar, this.#url, value) ?? kept;
    const location = headers.get('location');
    if (redirect !== 'manual' && location !== undefined && MOVED.includes(status)) return this.#follow(status, location, kept);
    this.#begun = true;
    this.#resume = resume;
    const decode = DECODERS[headers.get('content-encoding')?.trim().toLowerCase() ?? ''];
    if (decode && this.#method !== 'HEAD' && status !== 204 && status !== 304) this.#decode(decode());
    const tell = () => defer(() => this.#events.head(status, this.#url.href, headers.list));
    if (kept) void kept.then(tell);
    else tell();
    return true;
  }

  /** @param {number} status @param {string} location @param {Promise<void>} [kept] when its cookies are */
  #follow(status, location, kept) {
    const { redirect, redirects } = this.#request;
    const from = this.#url;
    const refuse = (/** @type {string} */ name, /** @type {string} */ words) => this.#leave(() => this.#fail(named(name, words)));
    if (redirect === 'error') return refuse('ELOOP', `${from.href} redirects to ${location}, and redirects are not allowed`);
    if (++this.#hops > redirects) return refuse('ELOOP', `more than ${redirects} redirects, the last one from ${from.href} to ${location}`);
    try {
      this.#url = new URL(location, from);
    } catch {
      return refuse('EBADMSG', `${from.href} redirects to '${location}', which is no URL`);
    }
    if (!/^https?:$/.test(this.#url.protocol)) return refuse('EBADMSG', `${from.href} redirects to ${location}, which is not HTTP`);
    if (!this.#url.hash) this.#url.hash = from.hash;
    const changes = status === 303 ? this.#method !== 'HEAD' : status < 303 && this.#method === 'POST';
    if (changes) {
      this.#method = 'GET';
      this.#body = undefined;
      this.#headers = this.#headers.filter(([name]) => !/^content-/i.test(name));
    }
    if (this.#body && this.#body === this.#upload) return refuse('EPIPE', `${from.href} redirects to ${location}, but a body that was produced cannot be sent again`);
    if (this.#url.origin !== from.origin) this.#headers = this.#headers.filter(([name]) => !/^(authorization|cookie|host|proxy-authorization)$/i.test(name));
    return this.#leave(() => (kept ? void kept.then(() => this.#dispatch()) : this.#dispatch()));
  }

  /** What comes of this answer is of no interest; its connection is. @param {() => void} then */
  #leave(then) {
    this.#abort = undefined;
    this.#afterwards = then;
    return true;
  }

  /** @type {(() => void) | undefined} */
  #afterwards;

  /** @param {import('node:stream').Transform} decoder */
  #decode(decoder) {
    this.#decoder = decoder;
    decoder.on('data', (chunk) => {
      if (!this.#push(chunk)) decoder.pause();
    });
    decoder.on('end', () => this.#end());
    decoder.on('error', (error) => {
      this.#fail(error);
      this.#abort?.();
    });
  }

  /** @param {Buffer} chunk */
  onData(chunk) {
    if (this.#afterwards) return true;
    if (!this.#decoder) return this.#push(chunk);
    if (this.#decoder.write(chunk)) return true;
    this.#decoder.once('drain', () => this.#resume?.());
    return false;
  }

  onComplete() {
    const then = this.#afterwards;
    this.#afterwards = undefined;
    if (then) then();
    else if (this.#decoder) this.#decoder.end();
    else defer(() => this.#end());
  }

  /** @param {unknown} error */
  onError(error) {
    const then = this.#afterwards;
    this.#afterwards = undefined;
    if (then) then(); // the answer that led elsewhere has broken off: it had said enough
    else this.#fail(error);
  }

  /* What its reader calls. */

  /** @param {Uint8Array} chunk @returns {boolean} whether more may come */
  #push(chunk) {
    this.#chunks.push(chunk);
    this.#waiting += chunk.length;
    this.#give();
    return this.#waiting < HIGH_WATER;
  }

  #end() {
    this.#ended = this.#over = true;
    this.#give();
  }

  /** To whoever waits for it. */
  #give() {
    const reader = this.#reader;
    if (!reader) return;
    this.#reader = undefined;
    if (this.#chunks.length || !this.#error) reader.resolve(this.#take());
    else reader.reject(this.#error);
  }

  #take() {
    const chunk = this.#chunks.shift();
    if (!chunk) return undefined;
    this.#waiting -= chunk.length;
    if (this.#waiting < HIGH_WATER && this.#waiting + chunk.length >= HIGH_WATER) {
      if (this.#decoder) this.#decoder.resume();
      else this.#resume?.();
    }
    return chunk;
  }

  /** @returns {Promise<Uint8Array | undefined> | Uint8Array | undefined} */
  read() {
    if (this.#chunks.length || this.#ended) return this.#take();
    if (this.#error) throw this.#error;
    return new Promise((resolve, reject) => (this.#reader = { resolve, reject }));
  }

  /** @param {Uint8Array} bytes @param {(more: boolean) => void} accepted */
  write(bytes, accepted) {
    this.#upload?.write(bytes, accepted);
  }

  abort() {
    this.#over = true;
    this.#afterwards = undefined;
    this.#abort?.();
    this.#decoder?.destroy();
    this.#connecting?.destroy(new Error('given up')); // undici would wait until it stands
  }
}

/** @returns {import('../host/fetch.js').FastTransport} */
export function createTransport() {
  /** @type {Set<import('node:net').Socket>} those that still connect, too: undici knows them only afterwards */
  const sockets = new Set();
  const connect = buildConnector({ timeout: 0, allowH2: false });
  const agent = new Agent({
    interceptors: { Agent: [] }, // redirects are followed here
    /** @param {object} options @param {(error: Error | null, socket?: unknown) => void} callback */
    connect(options, callback) {
      const socket = connect(options, callback);
      sockets.add(socket);
      dispatching?.connects(socket);
      socket.once('close', () => sockets.delete(socket));
    },
  });
  const jars = new CookieJars();
  return {
    start: (request, events) => new NodeExchange(agent, jars, request, events),
    forget: (jar) => jars.forget(jar),
    stop() {
      agent.destroy().catch(() => {});
      for (const socket of sockets) socket.destroy();
    },
  };
}
