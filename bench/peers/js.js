/**
 * `node --expose-gc bench/peers/js.js WORKLOAD SHAPE NUMBERS…`: the workloads with async functions, as fast as we know
 * how to write them. SHAPE:
 *   plain  a yield is `await undefined`; tasks are joined by awaiting each in turn, which is faster than Promise.all()
 *   all    they are joined by Promise.all()
 *   queue  a yield awaits a promise that a scheduler in JavaScript resolves, first come, first served
 */
import * as groups from './js-groups.js';
import { Report } from './report.js';

const [workload, shape, ...rest] = process.argv.slice(2);
const numbers = rest.map(Number);
const report = new Report();
const now = () => performance.now() * 1e6;

/** @param {Promise<void>[]} tasks */
async function inTurn(tasks) {
  for (const task of tasks) await task;
}

const join = shape === 'all' ? (/** @type {Promise<void>[]} */ tasks) => Promise.all(tasks) : inTurn;

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

/** @param {number} tasks @param {number} count */
async function yieldOnce(tasks, count) {
  const start = now();
  const all = [];
  for (let i = 0; i < tasks; i++) all.push(shape === 'queue' ? yieldManyQueued(count) : yieldMany(count));
  if (shape === 'queue') await schedule();
  await join(all);
  return (now() - start) / tasks / count;
}

// ---- spawn

async function oneYield() {
  await undefined;
}

/** @param {number} tasks @param {number} batches @param {number} repeats */
async function spawn(tasks, batches, repeats) {
  for (let repeat = 0; repeat < repeats; repeat++) {
    const start = now();
    for (let batch = 0; batch < batches; batch++) {
      const all = [];
      for (let i = 0; i < tasks; i++) all.push(oneYield());
      await join(all);
    }
    report.values.each.push((now() - start) / tasks / batches);
  }
}

// ---- sleep

/** Faster than that of node:timers/promises. @param {number} ms @returns {Promise<void>} */
const sleep = (ms) => new Promise((resolve) => void setTimeout(resolve, ms));

/** @param {number} ms */
async function sleeper(ms) {
  await sleep(ms);
}

/** @param {number} tasks */
async function memory(tasks) {
  const gc = /** @type {() => void} */ (globalThis.gc);
  gc();
  report.mark('before');
  const before = process.memoryUsage().heapUsed;
  const all = [];
  for (let i = 0; i < tasks; i++) all.push(sleeper(1e6));
  await undefined;
  gc();
  report.mark('after');
  report.values.memory = process.memoryUsage().heapUsed - before;
  return all;
}

/** @param {number} tasks */
async function sleepAll(tasks) {
  let random = 1;
  report.mark('before');
  const start = now();
  const all = [];
  for (let i = 0; i < tasks; i++) {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    all.push(sleeper((random >>> 16) % 101));
  }
  await join(all);
  report.values.each.push(now() - start);
  report.mark('after');
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

const [a, b, c, d] = numbers;
if (workload === 'yield') {
  await yieldOnce(a, b / 10);
  report.values.each.push(await yieldOnce(a, b));
} else if (workload === 'spawn') await spawn(a, b, c);
else if (workload === 'memory') await memory(a);
else if (workload === 'sleep') await sleepAll(a);
else if (workload === 'pingpong') {
  await pingpongOnce(a / 10);
  report.values.each.push(await pingpongOnce(a));
} else if (workload === 'cancel') report.values.each = await groups.cancel(a, b);
else if (workload === 'tree') report.values.each = await groups.tree(a, b, c, d);
else if (workload === 'contention') report.values.each = [await groups.contention(a, b, c)];
else if (workload === 'queue') report.values.each = [await groups.queue(a, b, c)];
else throw new Error(`no workload '${workload}'`);
report.end();
