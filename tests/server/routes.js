/**
 * The answers of the test server, by first path segment.
 *
 * @typedef {import('node:http').IncomingMessage} Request
 * @typedef {import('node:http').ServerResponse} Response
 * @typedef {{request: Request, response: Response, rest: string, query: URLSearchParams, scope: string,
 *   body: Promise<Buffer>, again: () => number, destroy: () => void, sent: (bytes: number) => void, received: (bytes: number) => void}} Exchange
 */
import { setTimeout as wait } from 'node:timers/promises';
import zlib from 'node:zlib';

const CHUNK = 64 * 1024;

/** So long what was written before a reset may take to be read by a machine that is busy. */
const RESET_PAUSE = 300;

/** Byte i of /bytes: known to every test without sharing data. @param {number} i */
export const byteAt = (i) => (i * 31 + 7) % 251;

// 251 is prime, so a buffer of a whole number of periods serves every offset.
const PATTERN = Buffer.from(Array.from({ length: 251 + CHUNK }, (_, i) => byteAt(i)));

/** A page of /page: its number, links to others, and so many words. @param {number} page */
export const pageText = (page) =>
  `<!doctype html>\n<title>Page ${page}</title>\n${[2 * page + 1, 2 * page + 2].map((to) => `<a href="/page/${to}">to ${to}</a>`).join('\n')}\n<p>${'word '.repeat(100 + (page % 7) * 50)}</p>\n<!-- end of ${page} -->\n`;

/** @param {Response} response @param {unknown} value */
function json(response, value) {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(value));
}

/** @param {Response} response @param {string} text */
function plain(response, text) {
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(text);
}

/** The query without what is only meant for the recorder. @param {URLSearchParams} query */
function visible(query) {
  const copy = new URLSearchParams(query);
  copy.delete('scope');
  return copy.toString();
}

/** Writes and waits for room, so that a slow reader holds the server back. @param {Response} response @param {Buffer} data */
async function write(response, data) {
  if (response.destroyed) return false;
  if (response.write(data)) return true;
  await new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
    const end = () => {
      response.off('drain', end).off('close', end);
      resolve();
    };
    response.on('drain', end).on('close', end);
  });
  return !response.destroyed;
}

/** @type {Record<string, (exchange: Exchange) => void | Promise<void>>} */
export const routes = {
  ok: ({ response }) => plain(response, 'ok'),

  empty: ({ response }) => void response.writeHead(200, { 'Content-Length': '0' }).end(),

  async delay({ response, rest, query }) {
    await wait(Number(rest));
    plain(response, visible(query));
  },

  async item({ response, rest, query }) {
    await wait(Number(query.get('delay') ?? 0));
    json(response, { id: Number(rest), name: `item ${rest}`, square: Number(rest) ** 2 });
  },

  status({ response, rest }) {
    response.statusCode = Number(rest);
    if ([204, 205, 304].includes(response.statusCode)) response.end();
    else plain(response, `status ${rest}`);
  },

  redirect({ response, query, scope }) {
    const to = query.get('to') ?? '/ok';
    const hidden = to.startsWith('/') && scope && !/[?&]scope=/.test(to);
    const location = hidden ? `${to}${to.includes('?') ? '&' : '?'}scope=${encodeURIComponent(scope)}` : to;
    response.writeHead(Number(query.get('code') ?? 302), { Location: location }).end();
  },

  async echo({ request, response, body }) {
    const data = await body;
    json(response, {
      method: request.method,
      url: request.url,
      headers: request.headers,
      body: data.toString('utf8'),
      base64: data.toString('base64'),
      length: data.length,
    });
  },

  async bytes({ response, rest, query, sent }) {
    const total = Number(rest);
    response.setHeader('Content-Type', 'application/octet-stream');
    if (query.has('length')) response.setHeader('Content-Length', total);
    for (let at = 0; at < total; ) {
      const size = Math.min(CHUNK, total - at);
      const start = at % 251;
      if (!(await write(response, PATTERN.subarray(start, start + size)))) return;
      sent(size);
      at += size;
    }
    response.end();
  },

  async chunks({ response, rest, query }) {
    const gap = Number(query.get('gap') ?? 10);
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    for (let i = 0; i < Number(rest); i++) {
      if (i) await wait(gap);
      if (!(await write(response, Buffer.from(`chunk ${i}\n`)))) return;
    }
    response.end();
  },

  headers({ response }) {
    response.setHeader('X-One', '1');
    response.setHeader('X-Two-Words', 'two words');
    response.setHeader('X-Multi', ['a', 'b', 'c']);
    response.setHeader('X-Empty', '');
    response.setHeader('ETag', '"wasyncio"');
    plain(response, 'headers');
  },

  loop: ({ request, response }) => void response.writeHead(302, { Location: request.url }).end(),

  // The first so many requests of a path and query fail: with a status, or a reset.
  flaky({ response, rest, query, again, destroy }) {
    const [times, how] = rest.split('/');
    const seen = again();
    if (seen > Number(times)) return plain(response, `after ${seen - 1}`);
    if (how === 'reset') return destroy();
    const after = query.get('after');
    if (after) response.setHeader('Retry-After', after);
    response.statusCode = Number(how);
    plain(response, 'not now');
  },

  // Bytes as given, of a type as given.
  raw({ response, query }) {
    response.setHeader('Content-Type', query.get('type') ?? 'text/plain');
    response.end(Buffer.from(query.get('hex') ?? '', 'hex'));
  },

  // "gzip", "deflate" or "br" of so many bytes.
  coded({ response, rest }) {
    const [how, size] = rest.split('/');
    const coders = { gzip: zlib.gzipSync, deflate: zlib.deflateSync, br: zlib.brotliCompressSync };
    const data = Buffer.from(Array.from({ length: Number(size) }, (_, i) => byteAt(i)));
    response.writeHead(200, { 'Content-Encoding': how }).end(coders[/** @type {'br'} */ (how)](data));
  },

  // Sets the cookies of its query's `set`, and says which ones came.
  cookies({ request, response, query }) {
    const set = query.getAll('set');
    if (set.length) response.setHeader('Set-Cookie', set);
    plain(response, request.headers.cookie ?? '');
  },

  // Takes a body, so many bytes at a time, with pauses of so many ms between; says how many bytes came.
  async sink({ request, response, query, received }) {
    const [each, pause] = [Number(query.get('each') ?? 0), Number(query.get('pause') ?? 0)];
    let total = 0;
    let since = 0;
    let wrong = 0;
    for await (const chunk of request) {
      for (let i = 0; i < chunk.length; i += 4093) wrong += Number(chunk[i] !== byteAt(total + i));
      total += chunk.length;
      since += chunk.length;
      received(chunk.length);
      if (each && since >= each) {
        since = 0;
        await wait(pause);
      }
    }
    plain(response, `${total} ${wrong}`);
  },

  // Answers before the body has come, and reads no more of it.
  refuse({ response }) {
    response.writeHead(413, { Connection: 'close' });
    response.end('too much');
  },

  async 'cut-chunks'({ response, request }) {
    response.write(PATTERN.subarray(0, 100));
    await wait(30);
    request.socket.destroy();
  },

  'bad-gzip': ({ response }) => void response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('this is no gzip'),

  'big-headers': ({ response, rest }) => void response.writeHead(200, { 'X-Big': 'x'.repeat(Number(rest)) }).end(),

  'not-http': ({ request }) => void request.socket.end('SSH-2.0-OpenSSH_9.2\r\n'),

  // Events; with `drop` the connection ends after each, and the last one is told by its id.
  async events({ request, response, rest, query }) {
    const last = Number(request.headers['last-event-id'] ?? 0);
    if (last >= Number(rest)) return void response.writeHead(204).end();
    response.setHeader('Content-Type', 'text/event-stream');
    response.write(`: a comment\nretry: ${query.get('retry') ?? 50}\n\n`);
    for (let i = last + 1; i <= Number(rest); i++) {
      response.write(`id: ${i}\r\n${i % 2 ? '' : 'event: even\r\n'}data: event ${i}\r\ndata:second line\r\n\r\n`);
      if (query.has('drop')) break;
      await wait(5);
    }
    response.end();
  },

  // A site of pages with links. Of a hundred first answers one is a reset, one breaks off in the body, one a 503, and two are
  // slow.
  async page({ response, rest, again, destroy }) {
    const page = Number(rest);
    const fate = again() > 1 ? -1 : page % 200;
    if (fate === 13) return destroy();
    if (fate === 57 || fate === 157) {
      response.statusCode = 503;
      return plain(response, 'busy');
    }
    if (fate % 50 === 31) await wait(1500);
    const text = pageText(page);
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    if (fate !== 113) return void response.end(text);
    response.setHeader('Content-Length', Buffer.byteLength(text));
    response.write(text.slice(0, 100));
    await wait(10);
    destroy();
  },

  'events-hang': ({ response }) => void response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': hello\n\n'),

  async 'endless-line'({ response }) {
    while (await write(response, Buffer.alloc(CHUNK, 'x')));
  },

  hang: () => {},

  'hang-body': ({ response }) => {
    response.setHeader('Content-Type', 'application/octet-stream');
    response.write(PATTERN.subarray(0, 10));
  },

  reset: ({ destroy }) => destroy(),

  // The pause lets what was written arrive: a reset may overtake it otherwise.
  async 'reset-headers'({ request, destroy }) {
    request.socket.write('HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Ty');
    await wait(RESET_PAUSE);
    destroy();
  },

  // A Node that finds data and a reset in one look takes the reset for an end in good order (libuv's uv__stream_io).
  async 'reset-body'({ response, destroy }) {
    response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': '1000' });
    response.write(PATTERN.subarray(0, 100));
    await wait(RESET_PAUSE);
    destroy();
  },
};
