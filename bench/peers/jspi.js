/** `node bench/peers/jspi.js MODULE WORKLOAD - TASKS COUNT [DEPTH]`: coroutines on stacks of the engine, by JSPI; they yield, at depth 0 if none is given. */
import { readFileSync } from 'node:fs';
import { Report } from './report.js';

const [module, , , ...numbers] = process.argv.slice(2);
const [tasks, count, depth = 0] = numbers.map(Number);
const { Suspending, promising } = /** @type {any} */ (WebAssembly);
const settled = Promise.resolve(); // one promise for all: the least that a suspension can cost
const { instance } = await WebAssembly.instantiate(readFileSync(module), { host: { wait: new Suspending(() => settled), ask: () => 0 } });
const yieldAt = promising(instance.exports.yield_at);

/** @param {number} count */
async function once(count) {
  const start = performance.now();
  const all = Array.from({ length: tasks }, () => yieldAt(count, depth));
  for (const each of all) await each;
  return ((performance.now() - start) * 1e6) / tasks / count;
}

const report = new Report();
await once(count / 10);
report.values.each.push(await once(count));
report.end();
