/**
 * What is measured, on whom, and what must come out. Sizes are here only; programs get them as arguments.
 * @typedef {{ each: number[], rss?: number, memory?: number, cpu?: number }} Values what a measurement prints
 * @typedef {{ id: string, title: string, unit: string, of: (values: Values, numbers: number[]) => number | undefined }} Metric
 * @typedef {object} Runner
 * @property {string} id
 * @property {string} title
 * @property {'wasyncio' | 'js' | 'fibers' | 'jspi' | 'python'} program
 * @property {string} shape
 * @property {number} [scale] the last number is divided by it: for those too slow for all of the work
 * @property {boolean} [plot]
 * @typedef {{ id: string, title: string, workload: string, numbers: number[], runners: Runner[], metrics: Metric[] }} Workload
 * @typedef {{ text: string, metric: string, runner: string, times: (major: number) => number }} Claim
 */

/** Every ratio is against this one. */
export const BASE = 'wasyncio';

/** @type {Runner} */
const wasyncio = { id: BASE, title: 'wasyncio', program: 'wasyncio', shape: '0' };
/** @type {Runner} */
const small = { ...wasyncio, shape: '1024', title: 'wasyncio, `.stack_size = 1024`' };
/** @type {Runner} */
const standard = { ...wasyncio, id: 'default', title: 'wasyncio, default stacks' };
/** @type {Runner} */
const js = { id: 'js', title: 'JavaScript async/await', program: 'js', shape: 'plain', plot: true };
/** @type {Runner} */
const jsAll = { ...js, id: 'all', shape: 'all', title: 'JavaScript, joined by `Promise.all()`', plot: false };
/** @type {Runner} */
const jsQueue = { ...js, id: 'queue', shape: 'queue', title: 'JavaScript, own queue', plot: false };
/** @type {Runner} */
const fibers = { id: 'fibers', title: 'Emscripten fibers', program: 'fibers', shape: 'direct', plot: true };
/** @type {Runner} */
const fibersVia = { ...fibers, id: 'via', shape: 'scheduler', title: 'Emscripten fibers, by way of a scheduler fiber', plot: false };
/** @type {Runner} */
const jspi = { id: 'jspi', title: 'JSPI', program: 'jspi', shape: '-', plot: true };
/** @type {Runner} */
const python = { id: 'python', title: 'CPython asyncio (native)', program: 'python', shape: '-', plot: true };

/** @param {number[]} list */
export function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {Values} values */
const only = ({ each }) => each[0];
/** @param {Values} values */
const warm = ({ each }) => median(each.slice(1));
/** @param {number | undefined} value @param {number} by */
const per = (value, by) => (value === undefined ? undefined : value / by);

/** @type {Workload[]} */
export const workloads = [
  {
    id: 'W1',
    title: '10 tasks yield 1,000,000 times each',
    workload: 'yield',
    numbers: [10, 1_000_000],
    runners: [wasyncio, js, jsQueue, { ...fibers, scale: 10 }, { ...fibersVia, scale: 10 }, jspi, { ...python, scale: 50 }],
    metrics: [{ id: 'yield', title: 'one yield', unit: 'ns', of: only }],
  },
  {
    id: 'W2',
    title: '100,000 tasks are spawned, yield once and are joined; all are alive at once',
    workload: 'spawn',
    numbers: [100_000, 1, 5],
    runners: [small, standard, js, jsAll, fibers, { ...python, scale: 2 }],
    metrics: [
      { id: 'spawn', title: 'one task, warm (median of the 2nd to 5th time)', unit: 'ns', of: warm },
      { id: 'cold', title: 'one task, cold (the 1st time)', unit: 'ns', of: only },
    ],
  },
  {
    id: 'W2b',
    title: 'the same in 1,000 batches of 100',
    workload: 'spawn',
    numbers: [100, 1000, 5],
    runners: [wasyncio, js, jsAll, fibers, { ...python, scale: 2 }],
    metrics: [{ id: 'batch', title: 'one task, warm', unit: 'ns', of: warm }],
  },
  {
    id: 'W3',
    title: '100,000 tasks are asleep',
    workload: 'memory',
    numbers: [100_000],
    runners: [small, standard, js, fibers, python],
    metrics: [
      { id: 'rss', title: 'one task, resident memory of the process', unit: 'bytes', of: ({ rss }, [tasks]) => per(rss, tasks) },
      { id: 'memory', title: 'one task, WebAssembly memory or JavaScript heap', unit: 'bytes', of: ({ memory }, [tasks]) => per(memory, tasks) },
    ],
  },
  {
    id: 'W4',
    title: '100,000 tasks sleep a pseudo-random 0 to 100 ms',
    workload: 'sleep',
    numbers: [100_000],
    runners: [small, js, fibers, python],
    metrics: [
      { id: 'wall', title: 'time until all have ended (100 at best)', unit: 'ms', of: ({ each }) => each[0] / 1e6 },
      { id: 'cpu', title: 'processor time', unit: 'ms', of: ({ cpu }) => per(cpu, 1e6) },
    ],
  },
  {
    id: 'W7',
    title: 'ping-pong between two tasks through two semaphores, 2,000,000 messages',
    workload: 'pingpong',
    numbers: [1_000_000],
    runners: [wasyncio, js, { ...fibers, scale: 10 }, { ...python, scale: 20 }],
    metrics: [{ id: 'pingpong', title: 'one message', unit: 'ns', of: only }],
  },
  {
    id: 'cancel',
    title: '100,000 sleeping tasks are cancelled (JavaScript: an `AbortController` each), until all have ended',
    workload: 'cancel',
    numbers: [100_000, 5],
    runners: [small, js],
    metrics: [{ id: 'cancel', title: 'one task, warm', unit: 'ns', of: warm }],
  },
  {
    id: 'tree',
    title: 'a group of 8 tasks, each with a group of 8, six deep: 299,593 tasks, of which the last yield once',
    workload: 'tree',
    numbers: [6, 8, 1, 5],
    runners: [small, js],
    metrics: [{ id: 'tree', title: 'one task, warm', unit: 'ns', of: warm }],
  },
  {
    id: 'contention',
    title: '1,000 tasks go through a semaphore of 10 permits 1,000 times each, and yield once while they hold it',
    workload: 'contention',
    numbers: [1000, 10, 1000],
    runners: [wasyncio, js],
    metrics: [{ id: 'contention', title: 'one passage', unit: 'ns', of: only }],
  },
  {
    id: 'queue',
    title: 'four producers and four consumers at a queue of 100, 200,000 items each',
    workload: 'queue',
    numbers: [4, 100, 200_000],
    runners: [wasyncio, js],
    metrics: [{ id: 'queue', title: 'one item', unit: 'ns', of: only }],
  },
];

/** What issue 2 promises. @type {Claim[]} */
export const claims = [
  { text: 'a yield against a JavaScript `await`', metric: 'yield', runner: 'js', times: (major) => (major >= 26 ? 3 : 1.3) },
  { text: 'a yield against one through a scheduler on `emscripten_fiber_swap()`', metric: 'yield', runner: 'via', times: () => 10 },
  { text: '100,000 tasks spawned, run and joined against JavaScript promises', metric: 'spawn', runner: 'js', times: () => 3 },
];
