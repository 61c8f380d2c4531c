/** `node --expose-gc bench/peers/js.js WORKLOAD SHAPE NUMBERS…`: js-workloads.js in Node, with memory and processor time. */
import { asleep, measure } from './js-workloads.js';
import { Report } from './report.js';

const [workload, shape, ...rest] = process.argv.slice(2);
const numbers = rest.map(Number);
const report = new Report();
const gc = /** @type {() => void} */ (globalThis.gc);

if (workload === 'memory') {
  gc();
  report.mark('before');
  const before = process.memoryUsage().heapUsed;
  const kept = await asleep(numbers[0]);
  gc();
  report.mark('after');
  report.values.memory = process.memoryUsage().heapUsed - before;
  if (kept.all.length !== numbers[0]) throw new Error('some are missing');
} else {
  report.mark('before');
  report.values.each = await measure(workload, shape, numbers);
  report.mark('after');
}
report.end();
