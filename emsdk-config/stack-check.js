import { includes } from './bytes.js';
import { BuildError } from './errors.js';
import { assemble, disassemble, instruction, isAt } from './instructions.js';
import { exportedFunctions, filterExports, globals, leb, mapBodies } from './wasm.js';

/**
 * Stacks that do not grow: in programs built for size, since growing is half a KB of runtime; with -g, since other code than
 * the compiler's would not fit its line numbers; and where code has instructions that segments.js does not know.
 *
 * wasm-opt --stack-check makes every function that moves the C stack pointer compare it with two limits and trap; wio__check()
 * tells that trap from others. (Its handler, stack-check-handler, makes invalid code in version 108.) Only JavaScript could
 * set the limits, and the runtime moves them at each switch, so the runtime's wio__set_stack() gets a body that sets
 * stack pointer and limit, unchecked, and wio__stack_limit() one that returns it. The upper limit is "none", and what
 * checks for it goes, as do the checks where a function gives its frame back.
 */
export const stackCheck = ['--stack-check'];

const MUTABLE_I32 = [0x7f, 0x01, 0x41];
const [GET_LOCAL, TEE_LOCAL, GET_GLOBAL, SET_GLOBAL, CONST, END] = [0x20, 0x22, 0x23, 0x24, 0x41, 0x0b];
const [LESS, GREATER, ADD, OR, IF, UNREACHABLE] = [[0x49], [0x4b], [0x6a], [0x72], [0x04, 0x40], [0x00]].map((bytes) => String.fromCharCode(...bytes));

/** @param {Uint8Array<ArrayBuffer>} given the module after the pass @param {boolean} debuggable other code than the compiler's would not fit its line numbers @returns {Uint8Array<ArrayBuffer>} */
export function mendLimits(given, debuggable) {
  const module = given.slice();
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
  const mended = mapBodies(module, (index, body) => {
    const own = bodies.get(index);
    if (own) return Uint8Array.from(own);
    return debuggable ? body : simplify(body, { stackPointer, base, limit });
  });
  return filterExports(mended, (name) => !/^(wio__set_stack|wio__stack_(limit|more|less|ends)|__set_stack_limits)$/.test(name));
}

/** Code of another kind stays as it is, and right. @param {Uint8Array} body @param {{ stackPointer: number, base: number, limit: number }} globals */
function simplify(body, { stackPointer, base, limit }) {
  const getBase = instruction(GET_GLOBAL, ...leb(base));
  if (!includes(body, getBase)) return body;
  try {
    const { locals, code } = disassemble(body);
    for (let i = 0; i < code.length; i++) {
      if (code[i] !== getBase || code[i - 1]?.charCodeAt(0) !== TEE_LOCAL) continue;
      const get = instruction(GET_LOCAL) + code[i - 1].slice(1);
      const check = [getBase, GREATER, get, instruction(GET_GLOBAL, ...leb(limit)), LESS, OR, IF, UNREACHABLE, instruction(END), get, instruction(SET_GLOBAL, ...leb(stackPointer))];
      if (!isAt(code, i, check)) continue;
      if (code[i - 2] === ADD && isPositive(code[i - 3])) code.splice(i, check.length - 1);
      else code.splice(i, check.length, ...check.slice(3, 5), ...check.slice(6));
    }
    return assemble(locals, code);
  } catch {
    return body;
  }
}

/** Is it a constant above 0? @param {string} code */
const isPositive = (code) => code?.charCodeAt(0) === CONST && (code.charCodeAt(code.length - 1) & 0x40) === 0;
