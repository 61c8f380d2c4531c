/** `node bench/peers/go.js MODULE WORKLOAD - NUMBERS…`: MODULE is Go's js/wasm; wasm_exec.js, Go's own loader, was put beside it. */
import crypto from 'node:crypto';
import fs, { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Report } from './report.js';

const [module, ...args] = process.argv.slice(2);
const report = new Report();
const decoder = new TextDecoder();

/** Go prints by way of `fs`. @param {number} fd @param {Uint8Array} bytes */
function writeSync(fd, bytes) {
  const text = decoder.decode(bytes, { stream: true });
  if (fd !== 1) process.stderr.write(text);
  else if (text.includes('end\n')) report.end();
  else report.read(text);
  return bytes.length;
}

/** @param {number} fd @param {Uint8Array} bytes @param {number} offset @param {number} length @param {number | null} _position @param {(error: null, n: number) => void} done */
const write = (fd, bytes, offset, length, _position, done) => done(null, writeSync(fd, bytes.subarray(offset, offset + length)));

/** @type {any} */
const world = globalThis;
world.fs = { ...fs, write, writeSync };
world.crypto ??= crypto.webcrypto;
createRequire(import.meta.url)(join(dirname(module), 'wasm_exec.cjs'));

const go = new world.Go();
go.argv = ['peer', ...args];
const { instance } = await WebAssembly.instantiate(readFileSync(module), go.importObject);
await go.run(instance);
