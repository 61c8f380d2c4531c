import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError } from './errors.js';
import * as flags from './flags.js';
import { run } from './process.js';
import { makeSuspendable, optimizeOnly } from './passes.js';

/** @type {Map<string, Promise<string[]>>} */
const known = new Map();

/** The features this wasm-opt knows of those wanted; naming another is an error. @param {string} wasmOpt @returns {Promise<string[]>} */
function features(wasmOpt) {
  let answer = known.get(wasmOpt);
  if (!answer) {
    answer = run(wasmOpt, ['--help']).then(({ stdout, stderr }) =>
      flags.features.map((name) => `--enable-${name}`).filter((flag) => new RegExp(`${flag}\\s`).test(stdout + stderr)),
    );
    known.set(wasmOpt, answer);
  }
  return answer;
}

/**
 * makeSuspendable() by wasm-opt, which wants files.
 * @param {import('./find.js').Toolchain} tools
 * @param {Uint8Array<ArrayBuffer>} linked
 * @param {flags.Optimize} optimize
 * @param {string} scratch a directory
 * @param {boolean} suspendable false: without Asyncify
 * @param {boolean} threads the memory is shared
 */
export async function asyncify({ wasmOpt, version, env }, linked, optimize, scratch, suspendable, threads) {
  const enabled = [...(await features(wasmOpt)), ...(threads ? ['--enable-threads'] : [])];
  const [input, output] = ['linked.wasm', 'optimized.wasm'].map((name) => join(scratch, name));
  if (!suspendable) return optimizeOnly(linked, optimize, version, opt);
  return makeSuspendable(linked, optimize, version, opt, (why) => void process.stderr.write(`wasyncio: switches will be slower: ${why} (${wasmOpt})\n`));

  /** @param {Uint8Array<ArrayBuffer>} module @param {string[]} options */
  async function opt(module, options) {
    writeFileSync(input, module);
    const { status, stdout, stderr } = await run(wasmOpt, [input, '-o', output, ...enabled, ...options], { env });
    if (status !== 0) throw new BuildError(`wasm-opt failed (${wasmOpt}):\n${stdout}${stderr}`.trimEnd());
    return readFileSync(output);
  }
}
