/** The workloads with async functions, as fast as we know how to write them; for Node and for pages. */
import * as groups from './js-groups.js';

const now = () => performance.now() * 1e6;

/** @param {Promise<void>[]} tasks */
async function inTurn(tasks) {
  for (const task of tasks) await task;
}

/** @type {(tasks: Promise<void>[]) => Promise<unknown>} */
let join = inTurn;

// ---- yield

/** @param {number} count */
async function yieldMany(count) {
  for (let n = count; n > 0; n--) await undefined;
}

/** @type {(() => void)[]} */
let ready = [];
const turn = (/** @type {() => void} */ resolve) => void ready.push(resolve);

/** @param {number} count */
async function yieldManyQueued(count) {
  for (let n = count; n > 0; n--) await new Promise(/** @type {(resolve: (value?: any) => void) => void} */ (turn));
}

async function schedule() {
  while (ready.length) {
    const pass = ready;
    ready = [];
    for (const resume of pass) resume();
    await undefined; // they run, and queue up again
  }
}

/** @param {number} tasks @param {number} count @param {boolean} queued */
async function yieldOnce(tasks, count, queued) {
  const start = now();
  const all = [];
  for (let i = 0; i < tasks; i++) all.push(queued ? yieldManyQueued(count) : yieldMany(count));
  if (queued) await schedule();
  await join(all);
  return (now() - start) / tasks / count;
}

// ---- depth

/** @param {number} left @param {number} count @returns {Promise<number>} */
async function yieldAt(left, count) {
  if (left > 0) return (await yieldAt(left - 1, count)) + left;
  await yieldMany(count);
  return 0;
}

/** @param {number} tasks @param {number} count @param {number} depth */
async function depthOnce(tasks, count, depth) {
  const start = now();
  const all = [];
  for (let i = 0; i < tasks; i++) all.push(yieldAt(depth, count));
  for (const each of all) await each;
  return (now() - start) / tasks / count;
}

// ---- spawn

async function oneYield() {
  await undefined;
}

/** @param {number} tasks @param {number} batches @param {number} repeats */
async function spawn(tasks, batches, repeats) {
  const each = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const start = now();
    for (let batch = 0; batch < batches; batch++) {
      const all = [];
      for (let i = 0; i < tasks; i++) all.push(oneYield());
      await join(all);
    }
    each.push((now() - start) / tasks / batches);
  }
  return each;
}

// ---- sleep

/** Faster than that of node:timers/promises. @param {number} ms @returns {Promise<void>} */
const sleep = (ms) => new Promise((resolve) => void setTimeout(resolve, ms));

/** @param {number} ms */
async function sleeper(ms) {
  await sleep(ms);
}

/** So many that sleep for long; they are made when this is called. @param {number} tasks */
export async function asleep(tasks) {
  const all = [];
  for (let i = 0; i < tasks; i++) all.push(sleeper(1e6));
  await undefined;
  return { all };
}

/** @param {number} tasks */
async function sleepAll(tasks) {
  let random = 1;
  const start = now();
  const all = [];
  for (let i = 0; i < tasks; i++) {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    all.push(sleeper((random >>> 16) % 101));
  }
  await join(all);
  return now() - start;
}

// ---- ping-pong

const [table, net] = [new groups.Semaphore(0), new groups.Semaphore(0)];

/** @param {number} count */
async function ping(count) {
  for (let n = count; n > 0; n--) {
    net.release();
    await table.acquire();
  }
}

/** @param {number} count */
async function pong(count) {
  for (let n = count; n > 0; n--) {
    await net.acquire();
    table.release();
  }
}

/** @param {number} count */
async function pingpongOnce(count) {
  const start = now();
  await join([ping(count), pong(count)]);
  return (now() - start) / count / 2;
}

// ----

/**
 * Nanoseconds for one, each time it was done. SHAPE:
 *   plain  a yield is `await undefined`; tasks are joined by awaiting each in turn, which is faster than Promise.all()
 *   all    they are joined by Promise.all()
 *   tuned  of the workload `channel`: a queue that makes no promise unless somebody waits
 *   queue  a yield awaits a promise that a scheduler in JavaScript resolves, first come, first served
 * @param {string} workload @param {string} shape @param {number[]} numbers @returns {Promise<number[]>}
 */
export async function measure(workload, shape, numbers) {
  const [a, b, c, d] = numbers;
  const queued = shape === 'queue';
  join = shape === 'all' ? (tasks) => Promise.all(tasks) : inTurn;
  switch (workload) {
    case 'yield':
      await yieldOnce(a, b / 10, queued);
      return [await yieldOnce(a, b, queued)];
    case 'depth':
      await depthOnce(a, b / 10, c);
      return [await depthOnce(a, b, c)];
    case 'pingpong':
      await pingpongOnce(a / 10);
      return [await pingpongOnce(a)];
    case 'spawn':
      return spawn(a, b, c);
    case 'sleep':
      return [await sleepAll(a)];
    case 'cancel':
      return groups.cancel(a, b);
    case 'tree':
      return groups.tree(a, b, c, d);
    case 'contention':
      return [await groups.contention(a, b, c)];
    case 'queue':
      return [await groups.queue(a, b, c)];
    case 'channel':
      return [await groups.channel(a, shape === 'tuned')];
  }
  throw new Error(`no workload '${workload}'`);
}
