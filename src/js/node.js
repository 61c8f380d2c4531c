/** The package in Node.js, Deno and Bun. */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { createLoad } from './load.js';

export { WasyncioError } from './errors.js';
export { App } from './app.js';

/**
 * @typedef {import('./options.js').LoadOptions} LoadOptions
 * @typedef {import('./tasks.js').TaskInfo} TaskInfo
 * @typedef {import('./debug/trace-events.js').TraceEvent} TraceEvent
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

/** The mains that run, for Ctrl-\ (SIGQUIT): it prints their tasks. @type {Set<import('./debug/watch.js').Watch>} */
const printable = new Set();

const printAll = () => printable.forEach((watch) => watch.print());

/** @template T @param {import('./debug/watch.js').Watch | undefined} watch @param {() => Promise<T>} main @returns {Promise<T>} */
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

/** While JavaScript cannot run, Ctrl-C must not wait for it. @template T @param {() => T} run @returns {T} */
function killable(run) {
  if (!process.listeners('SIGINT').includes(interrupted)) return run();
  process.off('SIGINT', interrupted);
  try {
    return run();
  } finally {
    process.on('SIGINT', interrupted);
  }
}

/** One listener for all apps: of more than ten Node warns. @type {Set<() => void>} */
const idlers = new Set();
const allIdle = () => [...idlers].forEach((idle) => idle());

/** To be told from one that the program puts in its place. */
const nodeFetch = globalThis.fetch;

/** @type {NodeJS.Timeout | undefined} */
let awake;
let alive = 0;

/** One timer for all that keep the process, since operations come and go with each call of an executor. */
function keepAlive() {
  awake ??= setInterval(() => {}, LONG);
  if (alive++ === 0) awake.ref();
  return () => void (--alive === 0 && awake?.unref());
}

/** Idle workers do not keep the process alive: operations under way do that. @type {import('./workers/executor.js').Spawn} */
function spawn(given, receive, failed) {
  const script = typeof given === 'string' && /^(file|data):/.test(given) ? new URL(given) : given;
  const options = { env: /** @type {any} */ (SHARE_ENV), execArgv: [] }; // what the process was started with is not for this script
  const worker = /** @type {Worker} */ (typeof script === 'function' ? script() : new Worker(script ?? new URL('./workers/node-worker.js', import.meta.url), options));
  if (!(worker instanceof Worker)) throw new Error("the function given to load() as 'worker' did not return a Worker of node:worker_threads");
  worker.on('message', receive);
  worker.on('messageerror', (error) => failed(error.message));
  worker.on('error', (/** @type {any} */ error) => failed(String(error?.message ?? error)));
  worker.on('exit', (code) => failed(`the worker has ended with exit code ${code}`));
  worker.unref();
  return { post: (message, transfer) => worker.postMessage(message, transfer), end: () => void worker.terminate() };
}

export const load = createLoad({
  read,
  output: (which) => (bytes) => void process[which].write(bytes),
  poster: (callback) => ({ post: () => void setImmediate(callback), close() {} }),
  interruptible: (main, cancel, watch) => withQuit(watch, () => interruptible(main, cancel)),
  onIdle(idle) {
    if (idlers.size === 0) process.on('beforeExit', allIdle);
    idlers.add(idle);
    return () => void (idlers.delete(idle) && idlers.size === 0 && process.off('beforeExit', allIdle));
  },
  hostDirectory: async (name, path) => (await import('../node/files.js')).hostDirectory(name, path),
  standardInput: async () => (await import('../node/libc-stdin.js')).standardInput(killable),
  kinds: {
    fetch: async () => (await import('../node/http.js')).httpKind(nodeFetch),
    tcp: () => import('../node/tcp.js'),
    stdin: () => import('../node/stdin.js'),
    process: () => import('../node/process.js'),
    websocket: () => import('../node/websocket.js'),
  },
  keepAlive,
  spawn,
  cores: availableParallelism(),
});
