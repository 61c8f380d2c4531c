import { Pool } from '../../host/executor.js';
import { starter } from './executor.js';

/**
 * Threads: workers with an instance of the module each, on the program's own memory (src/io/thread.c). A function that runs there
 * is not stopped, since it may hold a lock; one that still stands in line is.
 */

/** asyncio's default: some may wait for something. @param {number | undefined} cores */
const most = (cores) => Math.min(32, (cores || 1) + 4);

const STACK = 256 * 1024;

/** @param {import('../app.js').Inside} inside @param {import('../../host/ops.js').Complete} complete @returns {import('../../host/ops.js').Kind} */
export function operations(inside, complete) {
  const { missing, cores, start } = starter(inside);

  /** @type {import('../../host/executor.js').Workers['start']} */
  function begin(name, stackSize, receive, failed) {
    const { exports, memory, shared, error, enter } = inside;
    const seat = exports.wio__thread_new(stackSize) >>> 0;
    if (!seat) throw new Error(`no memory for a thread's stack of ${stackSize} bytes`);
    const thread = [0, 4, 8].map((offset) => memory.u32(seat + offset));
    const crashed = (/** @type {string} */ words) =>
      enter(() => {
        throw error('EFAULT', words);
      });
    const worker = start(name, stackSize, receive, failed, { shared, thread }, crashed);
    return {
      post(job) {
        const [id, fn, at] = /** @type {number[]} */ (job);
        memory.setU32(at + 8, 1); // it runs: from here on it cannot be taken back
        worker.post([id, fn, memory.u32(at + 4), at + 12]);
      },
      end: worker.end,
    };
  }

  const pool = new Pool(most(cores), STACK, { cores, start: begin }, ([id, status, bytes]) => complete(id, typeof status === 'string' ? inside.code(status) : status, bytes));
  return {
    starts: {
      22(id, at) {
        if (missing) complete(id, inside.code('ENOTSUP'), inside.memory.encode(missing));
        else pool.submit([id, inside.memory.u32(at), at, 0, 0, 0]);
      },
    },
    cancel: (id) => pool.cancel(id),
    stop: () => pool.close(),
  };
}
