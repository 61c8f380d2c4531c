/**
 * `node bench/peers/interop.js MODULE WORKLOAD SHAPE TASKS COUNT`: calls between JavaScript and C, TASKS of them in flight at
 * a time. WORKLOAD:
 *   export  a call of a function that yields once
 *   import  a call of an async function of JavaScript that has nothing to wait for
 * SHAPE, who is called or calls:
 *   wasyncio
 *   jspi    WebAssembly.promising() and Suspending
 *   plain   an async function; to yield is `await undefined`
 *   turn    the same, but to yield is to give the event loop its turn, as a C function does
 */
import { readFileSync } from 'node:fs';
import { load } from '../../src/js/node.js';
import { Report } from './report.js';

const [module, workload, shape, ...numbers] = process.argv.slice(2);
const [tasks, count] = numbers.map(Number);

/** Nanoseconds a call. @param {() => unknown} call @param {number} times */
async function calls(call, times) {
  const one = async () => {
    for (let n = times / tasks; n > 0; n--) await call();
  };
  const start = performance.now();
  const all = Array.from({ length: tasks }, one);
  for (const each of all) await each;
  return ((performance.now() - start) * 1e6) / times;
}

const nothing = async (/** @type {number} */ value) => value;

/** @type {Record<string, () => Promise<{ export: (times: number) => Promise<number>, import: (times: number) => Promise<number> }>>} */
const shapes = {
  async wasyncio() {
    const app = await load(module, { imports: { nothing } });
    const { nap, call_import } = app.exports;
    return { export: (times) => calls(() => nap(), times), import: (times) => call_import(tasks, times) };
  },
  async jspi() {
    const { Suspending, promising } = /** @type {any} */ (WebAssembly);
    const settled = Promise.resolve();
    const { instance } = await WebAssembly.instantiate(readFileSync(module), { host: { wait: new Suspending(() => settled), ask: new Suspending(nothing) } });
    const [nap, callImport] = [promising(instance.exports.yield_many), promising(instance.exports.call_import)];
    return {
      export: (times) => calls(() => nap(1), times),
      async import(times) {
        const start = performance.now();
        const all = Array.from({ length: tasks }, () => callImport(times / tasks));
        for (const each of all) if ((await each) !== 0) throw new Error('a call failed');
        return ((performance.now() - start) * 1e6) / times;
      },
    };
  },
  async plain() {
    const nap = async () => void (await undefined);
    return { export: (times) => calls(nap, times), import: (times) => calls(() => nothing(1), times) };
  },
  async turn() {
    const nap = async () => void (await new Promise((/** @type {(value?: unknown) => void} */ resolve) => void setImmediate(resolve)));
    return { export: (times) => calls(nap, times), import: (times) => calls(() => nothing(1), times) };
  },
};

const report = new Report();
const run = (await shapes[shape]())[/** @type {'export' | 'import'} */ (workload)];
await run(count / 2); // warm
const each = await run(count);
if (!(each > 0)) throw new Error(`a call failed: ${each}`);
report.values.each.push(each);
report.end();
