/**
 * What is measured, on whom, and what must come out. Sizes are here only; programs get them as arguments.
 * @typedef {{ each: number[], rss?: number, memory?: number, used?: number, cpu?: number }} Values what a measurement prints
 * @typedef {{ id: string, title: string, unit: string, of: (values: Values, numbers: number[]) => number | undefined }} Metric
 * @typedef {object} Runner
 * @property {string} id
 * @property {string} title
 * @property {'wasyncio' | 'depth' | 'interop' | 'start' | 'js' | 'fibers' | 'start-fibers' | 'jspi' | 'cxx20' | 'python' | 'go' | 'pyodide' | 'p-limit'} program
 * @property {string} [script] of bench/peers, without .js; default: the program's name
 * @property {string} shape
 * @property {number} [scale] the last number is divided by it: for those too slow for all of the work
 * @property {boolean} [plot]
 * @property {boolean} [full] only with --full: slow, or not everywhere
 * @property {boolean} [aside] no rival: it does less, or is not WebAssembly
 * @typedef {object} Workload
 * @property {string} id
 * @property {string} title
 * @property {string} workload
 * @property {number[]} numbers
 * @property {Runner[]} runners
 * @property {Metric[]} metrics
 * @property {boolean} [pages] also in the pages of browsers, with --full
 * @property {string} [curve] a point of this curve: one table and one plot for all of its points, by numbers[0]
 */

/** Every ratio is against this one. */
export const BASE = 'wasyncio';

/** @type {Runner} */
const wasyncio = { id: BASE, title: 'wasyncio', program: 'wasyncio', shape: '0' };
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
const cxx20 = { id: 'cxx20', title: 'C++20 coroutines: no stack, no checks', program: 'cxx20', shape: '-', aside: true };
/** @type {Runner} */
const python = { id: 'python', title: 'CPython asyncio (native)', program: 'python', shape: '-', plot: true, full: true, aside: true };
/** @type {Runner} */
const pyodide = { id: 'pyodide', title: 'Pyodide, asyncio', program: 'pyodide', shape: '-', plot: true, full: true };
/** @type {Runner} */
const go = { id: 'go', title: 'Go, goroutines (js/wasm)', program: 'go', shape: '-', plot: true, full: true };
/** @type {Runner} */
const pLimit = { id: 'p-limit', title: 'JavaScript, `p-limit`', program: 'p-limit', shape: '-', plot: true, full: true };

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

/** @param {number} depth @returns {Workload} */
const atDepth = (depth) => ({
  id: `D${depth}`,
  title: `10 tasks yield 200,000 times each, ${depth} calls deep`,
  workload: 'depth',
  numbers: [10, 200_000, depth],
  runners: [{ ...wasyncio, program: 'depth', script: 'wasyncio' }, { ...js }, { ...fibers }, { ...jspi }],
  metrics: [{ id: `depth${depth}`, title: `one switch at depth ${depth}`, unit: 'ns', of: only }],
});

const interop = { program: /** @type {const} */ ('interop'), script: 'interop' };

/** @param {number} tasks @returns {Workload} */
const exportCalls = (tasks) => ({
  id: `E${tasks}`,
  title: `JavaScript calls a function that yields once, ${tasks} calls in flight at a time`,
  workload: 'export',
  numbers: [tasks, 1_000_000],
  runners: [
    { ...wasyncio, ...interop, shape: 'wasyncio', title: 'wasyncio, `WIO_EXPORT`' },
    { ...js, ...interop, title: 'JavaScript, which awaits `undefined`' },
    { ...js, ...interop, id: 'turn', shape: 'turn', title: 'JavaScript, which awaits its turn (`setImmediate`)' },
    { ...jspi, ...interop, program: 'jspi', shape: 'jspi', title: 'JSPI (`WebAssembly.promising`)', scale: 10 },
  ],
  metrics: [{ id: `export${tasks}`, title: 'one call', unit: 'ns', of: only }],
});

/** @param {number} tasks @returns {Workload} */
const importCalls = (tasks) => ({
  id: `I${tasks}`,
  title: `an async function of JavaScript is called that has nothing to wait for, by ${tasks} task${tasks > 1 ? 's' : ''}`,
  workload: 'import',
  numbers: [tasks, 100_000],
  runners: [
    { ...wasyncio, ...interop, shape: 'wasyncio', title: 'wasyncio, `WIO_IMPORT`' },
    { ...js, ...interop, title: 'JavaScript, `await`' },
    { ...jspi, ...interop, program: 'jspi', shape: 'jspi', title: 'JSPI (`WebAssembly.Suspending`)' },
  ],
  metrics: [{ id: `import${tasks}`, title: 'one call', unit: 'ns', of: only }],
});

/** @param {string} id @param {number} tasks @param {Runner[]} runners @returns {Workload} */
const sleeping = (id, tasks, runners) => ({
  id,
  title: `${tasks.toLocaleString('en')} tasks are asleep`,
  workload: 'memory',
  numbers: [tasks],
  runners,
  metrics: [
    { id: `rss${id}`, title: 'one task, resident memory of the process', unit: 'bytes', of: ({ rss }, [tasks]) => per(rss, tasks) },
    { id: `memory${id}`, title: 'one task, WebAssembly memory in use or JavaScript heap', unit: 'bytes', of: ({ memory, used }, [tasks]) => per(used ?? memory, tasks) },
  ],
});

const SIZES = [10, 100, 1000, 10_000, 100_000, 1_000_000];

/** @param {number} tasks @returns {Workload} */
const growing = (tasks) => ({
  id: `G${tasks}`,
  title: 'so many tasks are alive at once, created, yielding once and joined, again and again',
  workload: 'spawn',
  numbers: [tasks, 1_000_000 / tasks, 3],
  runners: [wasyncio, js],
  metrics: [{ id: `grow${tasks}`, title: 'one task', unit: 'ns', of: warm }],
  curve: 'Cost of a task',
});

/** @param {number} tasks @returns {Workload} */
const switching = (tasks) => ({
  id: `S${tasks}`,
  title: 'so many tasks yield in turn',
  workload: 'yield',
  numbers: [tasks, Math.max(10, 1_000_000 / tasks)],
  runners: [wasyncio, js],
  metrics: [{ id: `switch${tasks}`, title: 'one yield', unit: 'ns', of: only }],
  curve: 'Cost of a switch',
});

const start = { program: /** @type {const} */ ('start'), script: 'start' };

/** @type {Runner[]} */
const starters = [
  { ...wasyncio, ...start, shape: 'wasyncio' },
  { ...js, ...start, plot: false },
  { ...fibers, program: 'start-fibers', script: 'start', shape: 'fibers', plot: false },
];

/** @type {Workload[]} */
export const workloads = [
  {
    id: 'W1',
    pages: true,
    title: '10 tasks yield 1,000,000 times each',
    workload: 'yield',
    numbers: [10, 1_000_000],
    runners: [wasyncio, js, jsQueue, { ...fibers, scale: 10 }, { ...fibersVia, scale: 10 }, jspi, cxx20, { ...go, scale: 10 }, { ...pyodide, scale: 500 }, { ...python, scale: 50 }],
    metrics: [{ id: 'yield', title: 'one yield', unit: 'ns', of: only }],
  },
  {
    id: 'W2',
    pages: true,
    title: '100,000 tasks are spawned, yield once and are joined; all are alive at once',
    workload: 'spawn',
    numbers: [100_000, 1, 5],
    runners: [wasyncio, js, jsAll, fibers, go, { ...pyodide, scale: 5 }, { ...python, scale: 2 }],
    metrics: [
      { id: 'spawn', title: 'one task, warm (median of the 2nd to 5th time)', unit: 'ns', of: warm },
      { id: 'cold', title: 'one task, cold (the 1st time)', unit: 'ns', of: only },
    ],
  },
  {
    id: 'W2b',
    pages: true,
    title: 'the same in 1,000 batches of 100',
    workload: 'spawn',
    numbers: [100, 1000, 5],
    runners: [wasyncio, js, jsAll, fibers, go, { ...python, scale: 2 }],
    metrics: [{ id: 'batch', title: 'one task, warm', unit: 'ns', of: warm }],
  },
  { ...sleeping('W3', 100_000, [wasyncio, js, fibers, go, pyodide, python]), pages: true },
  sleeping('W3m', 1_000_000, [wasyncio, js, fibers]),
  {
    id: 'W4',
    pages: true,
    title: '100,000 tasks sleep a pseudo-random 0 to 100 ms',
    workload: 'sleep',
    numbers: [100_000],
    runners: [wasyncio, js, fibers, go, pyodide, python],
    metrics: [
      { id: 'wall', title: 'time until all have ended (100 at best)', unit: 'ms', of: ({ each }) => each[0] / 1e6 },
      { id: 'cpu', title: 'processor time', unit: 'ms', of: ({ cpu }) => per(cpu, 1e6) },
    ],
  },
  {
    id: 'W7',
    pages: true,
    title: 'ping-pong between two tasks through two semaphores, 2,000,000 messages',
    workload: 'pingpong',
    numbers: [1_000_000],
    runners: [wasyncio, js, { ...fibers, scale: 10 }, { ...go, scale: 10 }, { ...pyodide, scale: 100 }, { ...python, scale: 20 }],
    metrics: [{ id: 'pingpong', title: 'one message', unit: 'ns', of: only }],
  },
  {
    id: 'W7c',
    pages: true,
    title: 'ping-pong between two tasks through two queues with room for one item, 2,000,000 messages',
    workload: 'channel',
    numbers: [1_000_000],
    runners: [
      wasyncio,
      { ...js, title: 'JavaScript, a queue class with async `put()` and `get()`' },
      { ...js, id: 'tuned', shape: 'tuned', title: 'JavaScript, hand-tuned: no promise unless somebody waits', plot: false },
      { ...python, scale: 20 },
    ],
    metrics: [{ id: 'channel', title: 'one message', unit: 'ns', of: only }],
  },
  {
    id: 'cancel',
    pages: true,
    title: '100,000 sleeping tasks are cancelled (JavaScript: an `AbortController` each), until all have ended',
    workload: 'cancel',
    numbers: [100_000, 5],
    runners: [wasyncio, js],
    metrics: [{ id: 'cancel', title: 'one task, warm', unit: 'ns', of: warm }],
  },
  {
    id: 'tree',
    pages: true,
    title: 'a group of 8 tasks, each with a group of 8, six deep: 299,593 tasks, of which the last yield once',
    workload: 'tree',
    numbers: [6, 8, 1, 5],
    runners: [wasyncio, js],
    metrics: [{ id: 'tree', title: 'one task, warm', unit: 'ns', of: warm }],
  },
  {
    id: 'contention',
    pages: true,
    title: '1,000 tasks go through a semaphore of 10 permits 1,000 times each, and yield once while they hold it',
    workload: 'contention',
    numbers: [1000, 10, 1000],
    runners: [wasyncio, js, { ...pLimit, scale: 2 }, { ...go, scale: 5 }],
    metrics: [{ id: 'contention', title: 'one passage', unit: 'ns', of: only }],
  },
  {
    id: 'queue',
    pages: true,
    title: 'four producers and four consumers at a queue of 100, 200,000 items each',
    workload: 'queue',
    numbers: [4, 100, 200_000],
    runners: [wasyncio, js, { ...go, scale: 2 }],
    metrics: [{ id: 'queue', title: 'one item', unit: 'ns', of: only }],
  },
  ...SIZES.map(growing),
  ...SIZES.map(switching),
  ...[0, 4, 16, 64].map(atDepth),
  ...[1, 1000].map(exportCalls),
  ...[1, 100].map(importCalls),
  {
    id: 'start',
    title: 'Node has started; the package is imported, the module read, compiled and run',
    workload: 'start',
    numbers: [1],
    runners: starters,
    metrics: [
      { id: 'first', title: 'until the first task runs', unit: 'ms', of: ({ each }) => per(each[0], 1e6) },
      { id: 'output', title: 'until the first output', unit: 'ms', of: ({ each }) => per(each[1], 1e6) },
    ],
  },
  {
    id: 'apps',
    title: '1,000 programs in one process, from one compiled module (JavaScript: 1,000 async functions), each with a task that waits',
    workload: 'apps',
    numbers: [1000],
    runners: starters,
    metrics: [
      { id: 'app', title: 'to start one', unit: 'ms', of: ({ each }) => per(each[0], 1e6) },
      { id: 'appRss', title: 'one, resident memory of the process', unit: 'KB', of: ({ rss }, [apps]) => per(rss, apps * 1000) },
    ],
  },
];

/**
 * What is promised: how many times as much as wasyncio a peer takes (`least`) or may take less (`most`, the inverse), or,
 * without a peer, the figure itself. `than`: the ratio to another figure of wasyncio's.
 * @typedef {{ text: string, metric: string, runner?: string, than?: string, unit?: string, least?: (major: number) => number, most?: (major: number) => number }} Claim
 */

const on26 = (/** @type {number} */ newer, /** @type {number} */ older) => (/** @type {number} */ major) => (major >= 26 ? newer : older);
const always = (/** @type {number} */ value) => () => value;

/** What issues 2 and 6 promise. @type {Claim[]} */
export const claims = [
  { text: 'W1, a yield: JavaScript `await` / ours', metric: 'yield', runner: 'js', least: on26(5, 2) },
  { text: 'W1: ours / C++20 coroutines', metric: 'yield', runner: 'cxx20', most: always(3) },
  { text: 'W1: `emscripten_fiber_swap()` by way of a scheduler / ours', metric: 'yield', runner: 'via', least: always(10) },
  { text: 'W2, 100,000 tasks, warm: JavaScript / ours', metric: 'spawn', runner: 'js', least: on26(8, 3) },
  { text: 'W2, cold: JavaScript / ours', metric: 'cold', runner: 'js', least: on26(2, 1.3) },
  { text: 'W3, 1,000,000 sleeping tasks: ours / JavaScript', metric: 'rssW3m', runner: 'js', most: always(0.5) },
  { text: 'W3, bytes a task of 1,000,000', metric: 'rssW3m', unit: 'bytes', most: always(320) },
  { text: 'W4, 100,000 timers, processor time: JavaScript / ours', metric: 'cpu', runner: 'js', least: always(8) },
  { text: 'W7, a message through one-slot queues: JavaScript with async methods / ours', metric: 'channel', runner: 'js', least: always(12) },
  { text: 'cancel of 100,000 sleeping tasks: JavaScript / ours', metric: 'cancel', runner: 'js', least: always(10) },
  { text: 'a switch, 16 calls deep', metric: 'depth16', unit: 'ns', most: always(100) },
  { text: 'a switch, 64 calls deep', metric: 'depth64', unit: 'ns', most: always(350) },
  { text: 'a call of an export that yields once: ours / JavaScript, 1,000 at once', metric: 'export1000', runner: 'js', most: always(1.5) },
  { text: 'the same: ours / JavaScript that gives the event loop its turn', metric: 'export1000', runner: 'turn', most: always(1.5) },
  { text: 'the same, one call at a time', metric: 'export1', runner: 'turn', most: always(1.5) },
  { text: 'a task of 1,000,000 / a task of 1,000', metric: 'grow1000000', than: 'grow1000', most: always(1.5) },
  { text: 'a yield among 1,000,000 tasks / among 1,000', metric: 'switch1000000', than: 'switch1000', most: always(1.5) },
];
