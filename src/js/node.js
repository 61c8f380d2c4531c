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
 * While main() runs. A program that listens for SIGINT itself keeps it for itself, as with asyncio's Runner.
 * @param {() => boolean} cancel
 */
function onInterrupt(cancel) {
  if (running.size === 0 && process.listenerCount('SIGINT') > 0) return () => {};
  if (running.size === 0) process.on('SIGINT', interrupted);
  running.add(cancel);
  return () => {
    running.delete(cancel);
    if (running.size === 0) process.off('SIGINT', interrupted);
  };
}

export const load = createLoad({
  read,
  output: (which) => (bytes) => void process[which].write(bytes),
  onInterrupt,
  onIdle(idle) {
    process.on('beforeExit', idle);
    return () => void process.off('beforeExit', idle);
  },
  keepAlive() {
    const timer = setInterval(() => {}, LONG);
    return () => clearInterval(timer);
  },
});
