#!/usr/bin/env node
/** `make web`: builds the page and serves it as any static server would. */
import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import http from 'node:http';
import { extname, join, normalize } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPage } from './build.js';

const HELP = `usage: node web/serve.js [--port N] [--build-only]

Builds the page into build/web and serves it on http://localhost:8080, or on the next port that is free.

  --port N       the first port to try (default 8080)
  --build-only   only build
  --help
`;

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.c': 'text/plain; charset=utf-8',
  '.py': 'text/plain; charset=utf-8',
};

/** @param {string} folder @returns {http.RequestListener} */
const listener = (folder) => (request, response) => {
  const refuse = (/** @type {number} */ status, /** @type {string} */ text) => void response.writeHead(status, { 'Content-Type': 'text/plain' }).end(`${text}\n`);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'only GET');
  let file;
  try {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname)); // never above its root
    file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    const { size } = statSync(file);
    response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Content-Length': size, 'Cache-Control': 'no-cache' });
  } catch {
    return refuse(404, 'there is no such file');
  }
  if (request.method === 'HEAD') response.end();
  else createReadStream(file).on('error', () => response.destroy()).pipe(response);
};

/** @param {http.Server} server @param {number} port @returns {Promise<number>} the port that was free */
async function listen(server, port) {
  for (; ; port++) {
    try {
      server.listen(port, 'localhost');
      await once(server, 'listening'); // rejects with what 'error' says
      return port;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EADDRINUSE' || port === 65535) throw error;
    }
  }
}

/** @returns {{ port: number, buildOnly: boolean, help: boolean } | string} what is wrong */
function readOptions() {
  try {
    const { values } = parseArgs({ options: { port: { type: 'string', default: '8080' }, 'build-only': { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } } });
    const port = Number(values.port);
    if (!/^\d+$/.test(values.port) || port < 1 || port > 65535) return `--port needs a number from 1 to 65535, not '${values.port}'`;
    return { port, buildOnly: values['build-only'], help: values.help };
  } catch (error) {
    return /** @type {Error} */ (error).message;
  }
}

async function main() {
  const options = readOptions();
  if (typeof options === 'string') return console.error(`${options}\n\n${HELP.trimEnd()}`), 2;
  if (options.help) return process.stdout.write(HELP), 0;
  const folder = await buildPage({ progress: (text) => console.error(text) });
  if (options.buildOnly) return console.log(`built ${folder}`), 0;
  const port = await listen(http.createServer(listener(folder)), options.port);
  console.log(`http://localhost:${port}\nCtrl-C ends it.`);
  return 0;
}

process.exitCode = await main().catch((error) => {
  if (error.name !== 'CompileError') console.error(error.name === 'BuildError' ? error.message : error.stack);
  return 1;
});
