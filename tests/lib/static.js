/**
 * Serves the repository as a plain static host would: no special headers but the strict content security policy that the
 * project promises to work under, and, below one path, those of cross-origin isolation. `extra` makes generated files, by path.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.c': 'text/plain; charset=utf-8',
  '.h': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
};

/** What is below this path may share memory with its workers. */
export const ISOLATED = '/__tests__/isolated/';

export const POLICY = "script-src 'self' 'wasm-unsafe-eval'";

/**
 * @param {string} root @param {Record<string, () => Promise<string>>} [extra]
 * @returns {Promise<{origin: string, close: () => Promise<void>}>}
 */
export async function serveStatic(root, extra = {}) {
  const server = http.createServer(async (request, response) => {
    const name = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname);
    response.setHeader('Content-Security-Policy', POLICY);
    response.setHeader('Cache-Control', 'no-store');
    if (name.startsWith(ISOLATED)) response.setHeader('Cross-Origin-Opener-Policy', 'same-origin').setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    response.setHeader('Content-Type', TYPES[path.extname(name || '.html')] ?? 'application/octet-stream');
    // Browsers ask for one unbidden, and a 404 would stand among the page's errors.
    if (name === '/favicon.ico') return void response.writeHead(204).end();
    let file = path.join(root, path.normalize(name));
    try {
      if (Object.hasOwn(extra, name)) return void response.end(await extra[name]());
      if ((await stat(file)).isDirectory()) {
        // Without the slash, relative links of the page would point one folder up.
        if (!name.endsWith('/')) return void response.writeHead(301, { Location: `${name}/` }).end();
        file = path.join(file, 'index.html');
        await stat(file);
        response.setHeader('Content-Type', TYPES['.html']);
      }
      createReadStream(file).on('error', () => response.destroy()).pipe(response);
    } catch (error) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end(`not found: ${name}: ${error}`);
    }
  });
  server.keepAliveTimeout = 0;
  await new Promise((/** @type {(value?: any) => void} */ resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
