/**
 * `node bench/peers/start.js PROGRAM WORKLOAD SHAPE APPS`, SHAPE being wasyncio, fibers or plain (JavaScript; PROGRAM counts for nothing). WORKLOAD:
 *   start  nanoseconds from here (Node has started) to the first task, and to the first output; what is imported is loaded first
 *   apps   so many programs in this process, each with a task that waits: nanoseconds and memory for one
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Report } from './report.js';

const began = performance.now();
const [program, workload, shape, count] = process.argv.slice(2);
const report = new Report();

/** Makes a function that starts a program; what it prints goes to `print`. @type {Record<string, () => Promise<(print: (text: string) => void, stays: boolean) => Promise<unknown>>>} */
const starters = {
  async wasyncio() {
    const { load } = await import('../../src/js/node.js');
    const source = workload === 'apps' ? await WebAssembly.compile(readFileSync(program)) : program;
    return async (stdout, stays) => (await load(source, { args: stays ? ['stay'] : [], stdout })).run();
  },
  async fibers() {
    const create = createRequire(import.meta.url)(program);
    const compiled = await WebAssembly.compile(readFileSync(program.replace(/\.cjs$/, '.wasm')));
    /** @param {WebAssembly.Imports} imports @param {(instance: WebAssembly.Instance) => void} done */
    const instantiateWasm = (imports, done) => void WebAssembly.instantiate(compiled, imports).then(done);
    return (print) => create({ instantiateWasm, print });
  },
  async plain() {
    const { main } = await import('./start-js.js');
    return main;
  },
};

if (workload === 'start') {
  const start = await starters[shape]();
  let [said, output] = ['', 0];
  await start((text) => {
    output ||= performance.now();
    said += text;
  }, false);
  report.values.each = [parseFloat(said.split(' ')[1]) - began, output - began].map((ms) => ms * 1e6);
} else {
  const start = await starters[shape]();
  report.mark('before');
  const first = performance.now();
  for (let i = 0; i < Number(count); i++) await new Promise((resolve, reject) => void start(resolve, true).catch(reject));
  report.values.each = [((performance.now() - first) * 1e6) / Number(count)];
  report.mark('after');
}
report.end();
