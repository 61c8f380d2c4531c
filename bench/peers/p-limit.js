/** `node bench/peers/p-limit.js PACKAGE contention - TASKS PERMITS TIMES`: the semaphore that npm's p-limit is. */
import { pathToFileURL } from 'node:url';
import { Report } from './report.js';

const [pkg, workload, , ...rest] = process.argv.slice(2);
const [tasks, permits, times] = rest.map(Number);
if (workload !== 'contention') throw new Error(`no workload '${workload}'`);
const { default: pLimit } = await import(pathToFileURL(pkg).href);
const report = new Report();

/** @param {number} count */
async function all(count) {
  const limit = pLimit(permits);
  const held = async () => void (await undefined);
  const through = async () => {
    for (let n = count; n > 0; n--) await limit(held);
  };
  await Promise.all(Array.from({ length: tasks }, through));
}

await all(Math.floor(times / 10) + 1);
const start = performance.now();
await all(times);
report.values.each.push(((performance.now() - start) * 1e6) / tasks / times);
report.end();
