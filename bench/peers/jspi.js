/** `node bench/peers/jspi.js MODULE yield - TASKS COUNT`: coroutines on stacks of the engine, by JSPI. */
import { readFileSync } from 'node:fs';
import { Report } from './report.js';

const [module, , , ...numbers] = process.argv.slice(2);
const [tasks, count] = numbers.map(Number);
const { Suspending, promising } = /** @type {any} */ (WebAssembly);
const settled = Promise.resolve(); // one promise for all: the least that a suspension can cost
const { instance } = await WebAssembly.instantiate(readFileSync(module), { host: { wait: new Suspending(() => settled) } });
const yieldMany = promising(instance.exports.yield_many);

/** @param {number} count */
async function once(count) {
  const start = performance.now();
  const all = Array.from({ length: tasks }, () => yieldMany(count));
  for (const each of all) await each;
  return ((performance.now() - start) * 1e6) / tasks / count;
}

const report = new Report();
await once(count / 10);
report.values.each.push(await once(count));
report.end();
