/** `node bench/peers/cxx20.js MODULE yield - TASKS COUNT`: C++20 coroutines, which have no stack. */
import { readFileSync } from 'node:fs';
import { Report } from './report.js';

const [module, , , ...numbers] = process.argv.slice(2);
const [tasks, count] = numbers.map(Number);
const compiled = await WebAssembly.compile(readFileSync(module));
/** @type {WebAssembly.ModuleImports} */
const none = {};
for (const { name } of WebAssembly.Module.imports(compiled)) none[name] = () => 0; // of a standalone libc, never called
const imports = Object.fromEntries(WebAssembly.Module.imports(compiled).map(({ module: from }) => [from, none]));
const { exports } = await WebAssembly.instantiate(compiled, imports);
const run = /** @type {(tasks: number, count: number) => void} */ (exports.run);
/** @type {any} */ (exports)._initialize?.();

/** @param {number} times */
function once(times) {
  const start = performance.now();
  run(tasks, times);
  return ((performance.now() - start) * 1e6) / tasks / times;
}

const report = new Report();
once(count / 10); // warm
report.values.each.push(once(count));
report.end();
