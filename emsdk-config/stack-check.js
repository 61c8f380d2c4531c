import { readFileSync, writeFileSync } from 'node:fs';
import { BuildError } from './errors.js';
import { exportedFunctions, filterExports, globals, leb, mapBodies } from './wasm.js';

/**
 * wasm-opt --stack-check makes every function that moves the C stack pointer compare it with two limits and trap; wio__check()
 * tells that trap from others. (Its handler, stack-check-handler, makes invalid code in version 108.) Only JavaScript could
 * set the limits, and the runtime moves them at each switch, so two things are mended: its empty wio__set_stack() gets a
 * body that sets stack pointer and limit, unchecked, and the limits begin as "none".
 */
export const stackCheck = ['--stack-check'];

const MUTABLE_I32 = [0x7f, 0x01, 0x41];
const [GET_LOCAL, GET_GLOBAL, SET_GLOBAL, END] = [0x20, 0x23, 0x24, 0x0b];

/** @param {string} file of the module after the pass; rewritten */
export function mendLimits(file) {
  const module = Buffer.from(readFileSync(file));
  const all = globals(module);
  const [stackPointer, base, limit] = [0, all.length - 2, all.length - 1]; // the linker's first, the pass's two last
  for (const index of [stackPointer, base, limit]) {
    const { start } = all[index] ?? { start: 0 };
    if (MUTABLE_I32.some((byte, i) => module[start + i] !== byte)) throw new BuildError('this wasm-opt --stack-check keeps its limits elsewhere');
  }
  module[all[base].end - 2] = 0x7f; // i32.const 0 becomes -1: no upper limit
  const exported = exportedFunctions(module);
  const bodies = new Map([
    [exported.get('wio__set_stack'), [0, GET_LOCAL, 0, SET_GLOBAL, ...leb(stackPointer), GET_LOCAL, 1, SET_GLOBAL, ...leb(limit), END]],
    [exported.get('wio__stack_limit'), [0, GET_GLOBAL, ...leb(limit), END]],
  ]);
  if (bodies.has(undefined)) throw new BuildError('wio__set_stack() is not linked');
  const mended = mapBodies(module, (index, body) => Uint8Array.from(bodies.get(index) ?? body));
  writeFileSync(file, filterExports(mended, (name) => !/^(wio__set_stack|wio__stack_limit|__set_stack_limits)$/.test(name)));
}
