/** The package in Node.js, Deno and Bun. */
import { readFile } from 'node:fs/promises';
import { createLoad } from './load.js';

export { WasyncioError } from './errors.js';
export { App } from './app.js';

/**
 * @typedef {import('./options.js').LoadOptions} LoadOptions
 * @typedef {import('./tasks.js').TaskInfo} TaskInfo
 * @typedef {import('./load.js').Source} Source
 */

const LONG = 2 ** 31 - 1;

/** @param {string | URL} source @param {AbortSignal | undefined} signal @returns {Promise<BufferSource | Response>} */
async function read(source, signal) {
  const text = String(source);
  if (/^(https?|data|blob):/i.test(text)) return fetch(text, { signal });
  return /** @type {Uint8Array<ArrayBuffer>} */ (await readFile(text.startsWith('file:') ? new URL(text) : text, { signal }));
}

/** How to cancel each main() that runs: false where there is nothing to cancel. @type {Set<() => boolean>} */
const running = new Set();

/** The first Ctrl-C cancels, so that programs can clean up; the second kills, as if nobody listened. */
function interrupted() {
  if ([...running].map((cancel) => cancel()).some(Boolean)) return;
  process.off('SIGINT', interrupted);
  process.kill(process.pid, 'SIGINT');
}

/**
 * Listens for Ctrl-C while main() runs; 130 if that has ended it. A program that listens itself keeps it for itself, as
 * with asyncio's Runner.
 * @param {() => Promise<number>} main @param {() => boolean} cancel
 */
async function interruptible(main, cancel) {
  if (running.size === 0 && process.listenerCount('SIGINT') > 0) return main();
  let times = 0;
  const once = () => times++ === 0 && cancel();
  if (running.size === 0) process.on('SIGINT', interrupted);
  running.add(once);
  try {
    const code = await main();
    return times && code ? 130 : code;
  } finally {
    running.delete(once);
    if (running.size === 0) process.off('SIGINT', interrupted);
  }
}

/** Node's own; newer ones wrap it for older users. */
const DISPATCHERS = ['Agent', 'Dispatcher1Wrapper'];

/** Whoever has configured fetch wants it to be asked: with a dispatcher of their own, a proxy, or a fetch of their own. */
function isFetchConfigured() {
  const dispatchers = [1, 2].map((version) => /** @type {any} */ (globalThis)[Symbol.for(`undici.globalDispatcher.${version}`)]);
  const foreign = dispatchers.some((dispatcher) => dispatcher && !DISPATCHERS.includes(dispatcher.constructor.name));
  return foreign || process.env.NODE_USE_ENV_PROXY === '1' || fetch !== nodeFetch;
}

const nodeFetch = globalThis.fetch;

export const load = createLoad({
  read,
  output: (which) => (bytes) => void process[which].write(bytes),
  poster: (callback) => ({ post: () => void setImmediate(callback), close() {} }),
  interruptible,
  async transport() {
    const foreign = 'Bun' in globalThis || 'Deno' in globalThis; // their fetch is the fast road
    return foreign || isFetchConfigured() ? undefined : (await import('./node-http.js')).createTransport();
  },
  onIdle(idle) {
    process.on('beforeExit', idle);
    return () => void process.off('beforeExit', idle);
  },
  keepAlive() {
    const timer = setInterval(() => {}, LONG);
    return () => clearInterval(timer);
  },
});
