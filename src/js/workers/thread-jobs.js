import { instantiate } from './jobs.js';

/** The inside of a thread: as an executor's worker, but the memory is the program's, and what goes wrong is the program's, too. */

/** @param {any} error @param {Awaited<ReturnType<typeof instantiate>>} instance @param {string} name */
function crash(error, { exports, exitCode }, name) {
  const code = exitCode?.(error);
  if (code !== undefined) return `a thread (${name}) has called exit(${code}); only the program itself may`;
  if (exports.wio__has_aborted?.()) return `a thread (${name}) has called abort()`;
  const message = String(error?.message ?? error);
  const size = exports.wio__thread_overflowed(/unreachable/.test(message));
  return size ? `a thread (${name}) overflowed its stack of ${size} bytes` : `a thread (${name}) crashed: ${message}`;
}

/** @param {import('./jobs.js').Setup} setup @param {import('./jobs.js').Post} post @returns {Promise<(job: any) => void>} */
export async function createThread(setup, post) {
  const instance = await instantiate(setup, post);
  const { memory, exports } = instance;
  exports.wio__thread_begin(...(setup.thread ?? []));
  return ([id, fn, arg, cancelled]) => {
    try {
      const status = exports.wio__thread_run(fn, arg, cancelled);
      const words = status < 0 ? memory.text(exports.wio__thread_words(status)) : '';
      post([id, status, words ? memory.encode(words) : undefined]);
    } catch (error) {
      post({ crashed: crash(error, instance, setup.name) });
    }
  };
}
