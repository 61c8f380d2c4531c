/**
 * The answers of the test server, by first path segment.
 *
 * @typedef {import('node:http').IncomingMessage} Request
 * @typedef {import('node:http').ServerResponse} Response
 * @typedef {{request: Request, response: Response, rest: string, query: URLSearchParams, scope: string,
 *   body: Promise<Buffer>, destroy: () => void, sent: (bytes: number) => void}} Exchange
 */
import { setTimeout as wait } from 'node:timers/promises';

const CHUNK = 64 * 1024;

/** Byte i of /bytes: known to every test without sharing data. @param {number} i */
export const byteAt = (i) => (i * 31 + 7) % 251;

// 251 is prime, so a buffer of a whole number of periods serves every offset.
const PATTERN = Buffer.from(Array.from({ length: 251 + CHUNK }, (_, i) => byteAt(i)));

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

  hang: () => {},

  'hang-body': ({ response }) => {
    response.setHeader('Content-Type', 'application/octet-stream');
    response.write(PATTERN.subarray(0, 10));
  },

  reset: ({ destroy }) => destroy(),

  // The pause lets what was written arrive: a reset may overtake it otherwise.
  async 'reset-headers'({ request, destroy }) {
    request.socket.write('HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Ty');
    await wait(30);
    destroy();
  },

  async 'reset-body'({ response, destroy }) {
    response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': '1000' });
    response.write(PATTERN.subarray(0, 100));
    await wait(30);
    destroy();
  },
};
