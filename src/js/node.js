/** The package in Node.js, Deno and Bun. */
import { readFile } from 'node:fs/promises';
import { createLoad } from './load.js';

export { WasyncioError } from './errors.js';
export { App } from './app.js';

/**
 * @typedef {import('./options.js').LoadOptions} LoadOptions
 * @typedef {import('./tasks.js').TaskInfo} TaskInfo
 * @typedef {import('./trace-events.js').TraceEvent} TraceEvent
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

/** The mains that run, for Ctrl-\ (SIGQUIT): it prints their tasks. @type {Set<import('./watch.js').Watch>} */
const printable = new Set();

const printAll = () => printable.forEach((watch) => watch.print());

/** @template T @param {import('./watch.js').Watch | undefined} watch @param {() => Promise<T>} main @returns {Promise<T>} */
async function withQuit(watch, main) {
  if (!watch || (printable.size === 0 && process.listenerCount('SIGQUIT') > 0)) return main();
  if (printable.size === 0) process.on('SIGQUIT', printAll);
  printable.add(watch);
  try {
    return await main();
  } finally {
    printable.delete(watch);
    if (printable.size === 0) process.off('SIGQUIT', printAll);
  }
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

export const load = createLoad({
  read,
  output: (which) => (bytes) => void process[which].write(bytes),
  poster: (callback) => ({ post: () => void setImmediate(callback), close() {} }),
  interruptible: (main, cancel, watch) => withQuit(watch, () => interruptible(main, cancel)),
  onIdle(idle) {
    process.on('beforeExit', idle);
    return () => void process.off('beforeExit', idle);
  },
  keepAlive() {
    const timer = setInterval(() => {}, LONG);
    return () => clearInterval(timer);
  },
});
