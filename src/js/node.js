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

/** To be told from one that the program puts in its place. */
const nodeFetch = globalThis.fetch;

export const load = createLoad({
  read,
  output: (which) => (bytes) => void process[which].write(bytes),
  poster: (callback) => ({ post: () => void setImmediate(callback), close() {} }),
  interruptible,
  onIdle(idle) {
    process.on('beforeExit', idle);
    return () => void process.off('beforeExit', idle);
  },
  hostDirectory: async (name, path) => (await import('../node/files.js')).hostDirectory(name, path),
  kinds: {
    fetch: async () => (await import('../node/http.js')).httpKind(nodeFetch),
    tcp: () => import('../node/tcp.js'),
    stdin: () => import('../node/stdin.js'),
    process: () => import('../node/process.js'),
    websocket: () => import('../node/websocket.js'),
  },
  keepAlive() {
    const timer = setInterval(() => {}, LONG);
    return () => clearInterval(timer);
  },
});
