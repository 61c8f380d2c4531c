/** `node bench/peers/fibers.js SCRIPT WORKLOAD SHAPE NUMBERS…`: SCRIPT is emcc's, its module lies beside it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Report } from './report.js';

const [script, ...args] = process.argv.slice(2);
const report = new Report();
const create = createRequire(import.meta.url)(script);
create({
  wasmBinary: readFileSync(script.replace(/\.cjs$/, '.wasm')), // emcc 3.1.6 would fetch() it, which Node refuses for files
  arguments: args,
  print: (/** @type {string} */ line) => (line === 'end' ? report.end() : report.read(`${line}\n`)),
  printErr: console.error,
});
