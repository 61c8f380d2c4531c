/**
 * Builds programs in threads, one for each toolchain: the runner serves the tests and talks with the browsers, and must not be
 * held up for seconds by a compiler. That of npm is JavaScript all through, so it has one program at a time.
 */
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { buildProgram } from '../../emsdk-config/build.js';

/** @typedef {import('../../emsdk-config/program.js').Program} Program */
/** @typedef {{ worker: Worker, jobs: Map<number, { resolve: () => void, reject: (error: Error) => void }> }} Thread */

/** @type {Map<string, Thread>} */
const threads = new Map();
let last = 0;

/** @param {string} toolchain @returns {Thread} */
function threadOf(toolchain) {
  const known = threads.get(toolchain);
  if (known) return known;
  const worker = new Worker(new URL(import.meta.url));
  /** @type {Thread['jobs']} */
  const jobs = new Map();
  worker.on('message', (/** @type {{ id: number, error?: Error }} */ { id, error }) => {
    const job = jobs.get(id);
    jobs.delete(id);
    if (!jobs.size) worker.unref(); // it does not keep the runner alive
    if (error) job?.reject(error);
    else job?.resolve();
  });
  const ended = (/** @type {unknown} */ how) => {
    threads.delete(toolchain);
    for (const { reject } of jobs.values()) reject(new Error(`the thread that builds with ${toolchain} ended: ${how}`));
    jobs.clear();
  };
  worker.on('error', ended);
  worker.on('exit', ended);
  const thread = { worker, jobs };
  threads.set(toolchain, thread);
  return thread;
}

/** @param {Program} program @returns {Promise<void>} */
export function build(program) {
  const { worker, jobs } = threadOf(program.toolchain ?? 'emscripten');
  const id = ++last;
  return new Promise((resolve, reject) => {
    jobs.set(id, { resolve, reject });
    worker.ref();
    worker.postMessage({ id, program });
  });
}

if (!isMainThread) {
  parentPort?.on('message', (/** @type {{ id: number, program: Program }} */ { id, program }) => {
    buildProgram(program).then(() => parentPort?.postMessage({ id }), (error) => parentPort?.postMessage({ id, error }));
  });
}
