/** WebAssembly instructions: where each ends. What is not known here is refused, not guessed. */
import { bytesOf, concat } from './bytes.js';

export class UnknownInstruction extends Error {}

/** How many numbers (LEB128) follow each opcode. @type {Map<number, number>} */
const numbers = new Map();
/** @param {number} count @param {(number | [number, number])[]} opcodes single, or first and last */
const takes = (count, ...opcodes) => {
  for (const each of opcodes) {
    const [first, last] = typeof each === 'number' ? [each, each] : each;
    for (let opcode = first; opcode <= last; opcode++) numbers.set(opcode, count);
  }
};
takes(0, 0x00, 0x01, 0x05, 0x0b, 0x0f, 0x19, 0x1a, 0x1b, [0x45, 0xc4], 0xd1); // control without operands, catch_all, drop, select, arithmetic
takes(1, [0x02, 0x04], [0x06, 0x09], 0x0c, 0x0d, 0x10, 0x12, 0x18, [0x20, 0x26], [0x3f, 0x42], 0xd0, 0xd2); // blocks, branches, calls, variables, constants
takes(2, 0x11, 0x13, [0x28, 0x3e]); // indirect calls; loads and stores: alignment, offset

const [BR_TABLE, SELECT_TYPED, F32_CONST, F64_CONST, MISC, SIMD, ATOMIC] = [0x0e, 0x1c, 0x43, 0x44, 0xfc, 0xfd, 0xfe];
const MISC_NUMBERS = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];

/** @param {Uint8Array} code @param {number} at @returns {number} behind the number */
function skipNumber(code, at) {
  while (code[at++] >= 0x80);
  return at;
}

/** @param {Uint8Array} code @param {number} at @returns {[number, number]} the number, and where it ends */
export function readNumber(code, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    value += (code[at] & 0x7f) * 2 ** shift;
    if (code[at++] < 0x80) return [value, at];
  }
}

/** @param {Uint8Array} code @param {number} at @param {number} count */
function skipNumbers(code, at, count) {
  for (; count > 0; count--) at = skipNumber(code, at);
  return at;
}

/** @param {number} opcode of those behind 0xfd @returns {[number, number]} numbers, and bytes behind them */
function simdOperands(opcode) {
  if (opcode <= 11 || opcode === 92 || opcode === 93) return [2, 0]; // loads, stores
  if (opcode === 12 || opcode === 13) return [0, 16]; // v128.const, i8x16.shuffle
  if (opcode >= 21 && opcode <= 34) return [0, 1]; // lanes
  return opcode >= 84 && opcode <= 91 ? [2, 1] : [0, 0];
}

/** @param {Uint8Array} code @param {number} at of an instruction @returns {number} where it ends */
export function skipInstruction(code, at) {
  const opcode = code[at++];
  const count = numbers.get(opcode);
  if (count !== undefined) {
    if (opcode >= 0x28 && opcode <= 0x3e && code[at] & 0x40) throw new UnknownInstruction('of a second memory');
    return skipNumbers(code, at, count);
  }
  if (opcode === F32_CONST) return at + 4;
  if (opcode === F64_CONST) return at + 8;
  const [first, next] = readNumber(code, at);
  if (opcode === BR_TABLE) return skipNumbers(code, next, first + 1);
  if (opcode === SELECT_TYPED) return skipNumbers(code, next, first);
  if (opcode === MISC && first < MISC_NUMBERS.length) return skipNumbers(code, next, MISC_NUMBERS[first]);
  if (opcode === ATOMIC) return skipNumbers(code, next, first === 3 ? 1 : 2); // a fence; all others are accesses
  if (opcode !== SIMD) throw new UnknownInstruction(`0x${opcode.toString(16)}`);
  const [count2, bytes] = simdOperands(first);
  return skipNumbers(code, next, count2) + bytes;
}

/**
 * A function's instructions, each as a string of its bytes: easy to compare.
 * @param {Uint8Array} body without its size @returns {{ locals: Uint8Array, code: string[] }}
 */
export function disassemble(body) {
  let [groups, at] = readNumber(body, 0);
  for (; groups > 0; groups--) at = skipNumbers(body, at, 2); // how many, of which type
  const locals = body.subarray(0, at);
  const code = [];
  while (at < body.length) {
    const end = skipInstruction(body, at);
    code.push(String.fromCharCode(...body.subarray(at, end)));
    at = end;
  }
  if (at !== body.length) throw new UnknownInstruction('cut off');
  return { locals, code };
}

/** @param {Uint8Array} locals @param {string[]} code */
export const assemble = (locals, code) => concat([locals, bytesOf(code.join(''))]);

/** An instruction. @param {number} opcode @param {number[]} operands, encoded */
export const instruction = (opcode, ...operands) => String.fromCharCode(opcode, ...operands);

/** Does the code go on like this? `undefined` stands for any instruction. @param {string[]} code @param {number} at @param {(string | undefined)[]} pattern */
export const isAt = (code, at, pattern) => pattern.every((each, i) => at + i >= 0 && (each === undefined ? at + i < code.length : code[at + i] === each));

/** @param {string} code i32.const @returns {number} */
export function constantOf(code) {
  let [value, shift] = [0, 0];
  for (const each of code.slice(1)) {
    value |= (each.charCodeAt(0) & 0x7f) << shift;
    shift += 7;
  }
  return shift < 32 && code.charCodeAt(code.length - 1) & 0x40 ? value | (-1 << shift) : value;
}
