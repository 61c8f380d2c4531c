/**
 * Builds by the npm toolchain in a thread: it is JavaScript and holds up whoever runs it, and the runner serves the tests
 * and talks with the browsers. One thread, since each would compile LLVM for itself.
 */
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { buildProgram } from '../../emsdk-config/build.js';

/** @typedef {import('../../emsdk-config/program.js').Program} Program */

/** @type {Worker | undefined} */
let worker;

/** One at a time. @param {Program} program @returns {Promise<void>} */
export function build(program) {
  const thread = (worker ??= new Worker(new URL(import.meta.url)));
  return new Promise((resolve, reject) => {
    const settle = (/** @type {() => void} */ how) => {
      thread.removeAllListeners();
      thread.unref(); // it does not keep the runner alive
      how();
    };
    thread.ref();
    thread.once('message', (/** @type {Error | undefined} */ error) => settle(() => (error ? reject(error) : resolve())));
    for (const event of ['error', 'exit']) {
      thread.once(event, (what) => settle(() => ((worker = undefined), reject(new Error(`the thread of the npm toolchain ended: ${what}`)))));
    }
    thread.postMessage(program);
  });
}

if (!isMainThread) {
  const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
  port.on('message', (/** @type {Program} */ program) => buildProgram(program).then(() => port.postMessage(undefined), (error) => port.postMessage(error)));
}
