import { includes } from './bytes.js';
import { BuildError } from './errors.js';
import { parameterCount, types, typesOfFunctions, withLocal } from './functions.js';
import { UnknownInstruction, assemble, constantOf, disassemble, instruction, readNumber } from './instructions.js';
import { appendGlobals, exportedFunctions, filterExports, globals, leb, mapBodies, signedLeb } from './wasm.js';

/**
 * Stacks that grow. LLVM begins each function that needs memory on the C stack with a move of the stack pointer, by the size
 * of its frame. Here such a function first looks whether there is that much room. If not, it has src/context/segments.c move
 * to a new segment, calls itself there with the same arguments, has the segment taken back, and returns what came of it.
 * To Asyncify that would be one more call at which to suspend. So functions that can suspend go on in the new segment
 * instead; where they move the stack pointer back, they look whether they are at a segment's top, and have it taken back.
 * A function that moves the stack pointer further down while it runs (alloca(), arrays of variable length) has nothing to
 * call by then: it begins on a segment with all the room that its stack has left, calls itself there, and where that does
 * not do it stops (wio__stack_ends()).
 */

const [IF, RETURN, END, CALL, DROP, LOCAL_GET, LOCAL_SET, LOCAL_TEE, GLOBAL_GET, GLOBAL_SET, CONST] = [0x04, 0x0f, 0x0b, 0x10, 0x1a, 0x20, 0x21, 0x22, 0x23, 0x24, 0x41];
const [EQUAL, SUB, AND, LESS, LOAD] = [[0x46], [0x6b], [0x71], [0x49], [0x28, 2, 0]].map((bytes) => String.fromCharCode(...bytes));
const [IF_NOTHING, DONE] = [instruction(IF, 0x40), instruction(END)];
const [GET, SET] = [instruction(GLOBAL_GET, 0), instruction(GLOBAL_SET, 0)]; // the stack pointer, the linker's first global

/** Of segments.c: a new segment shall have all the room that is left; the function goes on there; what stands at a limit. */
const [ALL, STAYS, TOP] = [1, 2, 4];

/** @param {string | undefined} code @param {number} opcode */
const is = (code, opcode) => code?.charCodeAt(0) === opcode;

/** @param {string} code of a variable */
const operand = (code) => code.slice(1);

/** Linkers pad the numbers of globals. @param {string} code */
const withoutPadding = (code) => ((is(code, GLOBAL_GET) || is(code, GLOBAL_SET)) && code.length > 2 ? instruction(code.charCodeAt(0), ...leb(readNumber(Uint8Array.from(code, (each) => each.charCodeAt(0)), 1)[0])) : code);

/**
 * What an instruction's operand is: looks back through local.set, local.get and local.tee, as far as code is straight.
 * @param {string[]} code @param {number} at behind the instruction that has put it on the stack
 * @returns {{ by: string | undefined, at: number }} that instruction
 */
function origin(code, at) {
  let i = at - 1;
  for (let steps = 0; steps < 8; steps++) {
    if (is(code[i], LOCAL_TEE)) {
      i -= 1;
    } else if (is(code[i], LOCAL_GET)) {
      const [set, tee] = [instruction(LOCAL_SET) + operand(code[i]), instruction(LOCAL_TEE) + operand(code[i])];
      let from = i - 1;
      while (from >= 0 && code[from] !== set && code[from] !== tee) from--;
      if (from < 0) return { by: undefined, at: i }; // a parameter
      i = from - 1;
    } else {
      return { by: code[i], at: i };
    }
  }
  return { by: undefined, at: i };
}

/** The frame's size in a prologue, which is where the function begins. @param {string[]} code @returns {{ size: number, end: number } | undefined} `end`: behind the subtraction, and a rounding down */
function prologue(code) {
  if (code[0] !== GET) return undefined;
  const moved = code.slice(0, 12).findIndex((each) => !is(each, GLOBAL_GET) && !is(each, LOCAL_GET) && !is(each, LOCAL_SET) && !is(each, LOCAL_TEE) && !is(each, CONST));
  const { by: amount, at } = origin(code, moved);
  if (code[moved] !== SUB || !is(amount, CONST)) return undefined;
  const from = origin(code, is(code[moved - 1], CONST) ? at : moved - 1);
  if (from.by !== GET) return undefined;
  const size = constantOf(/** @type {string} */ (amount));
  if (code[moved + 2] === AND && is(code[moved + 1], CONST)) return { size: size - constantOf(code[moved + 1]), end: moved + 3 };
  return { size, end: moved + 1 };
}

/** Where the stack pointer is moved down, other than by the prologue. @param {string[]} code @param {number} begin */
function movesDown(code, begin) {
  return code.flatMap((each, i) => {
    if (each !== SET) return [];
    const { by, at } = origin(code, i);
    return (by === SUB || by === AND) && at >= begin ? [i] : [];
  });
}

/** @typedef {{ more: number, less: number, ends: number, limit: number, rare: number }} Runtime functions, and a global */

/** @param {Uint8Array} given @param {number} index @param {number} parameters @param {boolean} suspends @param {Runtime} runtime */
function grow(given, index, parameters, suspends, runtime) {
  if (!includes(given, instruction(GLOBAL_GET)) && !includes(given, instruction(GLOBAL_SET))) return given;
  const code = disassemble(given).code.map(withoutPadding);
  if (!code.includes(GET) && !code.includes(SET)) return given;
  const call = (/** @type {number} */ callee) => instruction(CALL, ...leb(callee));
  const [limit, rare] = [instruction(GLOBAL_GET, ...leb(runtime.limit)), call(runtime.rare)];
  const frame = prologue(code);
  const down = movesDown(code, frame?.end ?? 0);
  const { body, index: local } = down.length ? withLocal(given, parameters) : { body: given, index: 0 };
  const [get, tee] = [instruction(LOCAL_GET, ...leb(local)), instruction(LOCAL_TEE, ...leb(local))];
  for (const at of down.reverse()) code.splice(at, 1, tee, limit, LESS, IF_NOTHING, rare, call(runtime.ends), DONE, get, SET);
  const returns = code.lastIndexOf(SET) > (frame?.end ?? 0); // else it is one that moves the stack for its caller, such as stackAlloc()
  const dynamic = down.length > 0 && returns && code.filter((each) => each === SET).length > down.length;
  if (!frame && !dynamic) return assemble(disassemble(body).locals, code);
  const sized = (/** @type {number} */ flag) => instruction(CONST, ...signedLeb(((frame?.size ?? 0) + TOP) | flag));
  const size = sized(0);
  const again = [...Array.from({ length: parameters }, (_, i) => instruction(LOCAL_GET, ...leb(i))), call(index), call(runtime.less), instruction(RETURN), DONE];
  if (suspends && !down.length) {
    const atTop = [GET, limit, LOAD, EQUAL, IF_NOTHING, rare, call(runtime.less), DONE];
    const restores = code.flatMap((each, i) => (each === SET ? [i] : [])).slice(1);
    for (const at of restores.reverse()) code.splice(at + 1, 0, ...atTop);
    return assemble(disassemble(body).locals, [GET, limit, SUB, size, LESS, IF_NOTHING, rare, sized(STAYS), call(runtime.more), instruction(DROP), DONE, ...code]);
  }
  const begin = dynamic ? [sized(ALL), call(runtime.more), IF_NOTHING, ...again] : [GET, limit, SUB, size, LESS, IF_NOTHING, rare, size, call(runtime.more), instruction(DROP), ...again];
  return assemble(disassemble(body).locals, [...begin, ...code]);
}

const RUNTIME = { more: 'wio__stack_more', less: 'wio__stack_less', ends: 'wio__stack_ends', rare: 'wio__rare' };

/**
 * @param {Uint8Array<ArrayBuffer>} module as linked
 * @param {(index: number) => boolean} suspends may a function?
 * @returns {Uint8Array<ArrayBuffer> | undefined} undefined: it has instructions that are not known here
 */
export function growStacks(module, suspends) {
  const exported = exportedFunctions(module);
  const indexOf = (/** @type {string} */ name) => {
    const index = exported.get(name);
    if (index === undefined) throw new BuildError(`${name}() is not linked`);
    return index;
  };
  const limit = globals(module).length;
  const runtime = { more: indexOf(RUNTIME.more), less: indexOf(RUNTIME.less), ends: indexOf(RUNTIME.ends), rare: indexOf(RUNTIME.rare), limit };
  const own = new Map([
    [indexOf('wio__set_stack'), [0, LOCAL_GET, 0, GLOBAL_SET, 0, LOCAL_GET, 1, GLOBAL_SET, ...leb(limit), END]],
    [indexOf('wio__stack_limit'), [0, GLOBAL_GET, ...leb(limit), END]],
  ]);
  const parameters = types(module)?.map(parameterCount);
  if (!parameters) return undefined;
  const typeOf = typesOfFunctions(module);
  try {
    const grown = mapBodies(module, (index, body) => {
      const bytes = own.get(index);
      return bytes ? Uint8Array.from(bytes) : grow(body, index, parameters[typeOf[index]], suspends(index), runtime);
    });
    return filterExports(appendGlobals(grown, 1), (name) => !/^wio__(set_stack|stack_(limit|more|less|ends))$/.test(name));
  } catch (error) {
    if (error instanceof UnknownInstruction) return undefined;
    throw error;
  }
}
