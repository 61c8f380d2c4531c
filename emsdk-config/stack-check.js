import { readFileSync, writeFileSync } from 'node:fs';
import { BuildError } from './errors.js';
import { exportedFunctions, filterExports, functionBodies, globals, replaceBytes } from './wasm.js';

/**
 * wasm-opt --stack-check makes every function that moves the C stack pointer compare it with two limits, and puts those
 * limits within reach of JavaScript only. The runtime moves them at each switch, so two things are mended: its own empty
 * wio__set_stack_limits() gets the body of __set_stack_limits(), and the limits begin as "none".
 */

/** Its handler (stack-check-handler) makes invalid code in version 108; so it traps, and wio__check() finds out why. */
export const stackCheck = ['--stack-check'];

const NONE = Uint8Array.from([0x7f, 0x01, 0x41, 0x00, 0x0b]); // i32, mutable, i32.const 0, end

/** @param {string} file of the module after the pass; rewritten */
export function mendLimits(file) {
  let module = readFileSync(file);
  const made = exportedFunctions(module).get('__set_stack_limits');
  const ours = exportedFunctions(module).get('wio__set_stack_limits');
  if (made === undefined || ours === undefined) throw new BuildError('this wasm-opt --stack-check does not make __set_stack_limits()');
  const base = globals(module).at(-2);
  if (!base || Buffer.compare(module.subarray(base.start, base.end), NONE) !== 0) throw new BuildError('this wasm-opt --stack-check keeps its limits elsewhere');
  module = Buffer.from(module);
  module[base.end - 2] = 0x7f; // i32.const -1
  const bodies = functionBodies(module);
  const [from, to] = [bodies.get(made), bodies.get(ours)];
  if (!from || !to) throw new BuildError('the stack limits have no function body');
  const mended = replaceBytes(module, to, module.subarray(from.start, from.end));
  writeFileSync(file, filterExports(mended, (name) => !name.endsWith('__set_stack_limits')));
}
