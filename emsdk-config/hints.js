import { concat, includes } from './bytes.js';
import { UnknownInstruction, assemble, disassemble, instruction } from './instructions.js';
import { exportedFunctions, filterExports, leb, mapBodies, sections } from './wasm.js';

/**
 * Which branches are hardly ever taken. Compilers keep values in registers across what is unlikely, and save them around a
 * call only there; around any other call they save them in all cases, even if it is never made. C has WIO__RARE() for the
 * hot path (src/context/context.h), a call of a function that does nothing. Here these calls become hints for the branches
 * that lead to them: WebAssembly's custom section "metadata.code.branch_hint", which whoever does not know it ignores.
 */

const NAME = 'wio__rare';
const SECTION = 'metadata.code.branch_hint';
const [CUSTOM, CODE] = [0, 10];
const [BLOCK, LOOP, IF, ELSE, END, BR, BR_IF, CALL] = [0x02, 0x03, 0x04, 0x05, 0x0b, 0x0c, 0x0d, 0x10];
/** Behind these, code goes on that is not reached from them. */
const NEVER_GOES_ON = new Set([0x00, BR, 0x0e, 0x0f]);
const [UNLIKELY, LIKELY] = [0, 1];

/** So large, and with so much to do, that nobody inlines it or leaves a call of it out. */
const LONG_BODY = [0, ...Array.from({ length: 16 }, () => [0x41, 0, 0x41, 0, 0x36, 2, 0]).flat(), END];

/** @param {string} code */
const labelOf = (code) => [...code.slice(1)].reduceRight((value, byte) => value * 128 + (byte.charCodeAt(0) & 0x7f), 0);

/** One function's instructions, and what belongs together. */
class Flow {
  /** Where each construct that ends here, or goes on in an `else`, begins. @type {Map<number, number>} */
  #begin = new Map();
  /** The branches to the end of a block, by where it begins. @type {Map<number, number[]>} */
  #branches = new Map();
  /** @type {Map<number, number>} */
  hints = new Map();

  /** @param {string[]} code */
  constructor(code) {
    this.code = code;
    /** @type {number[]} */
    const open = [-1];
    for (const [at, each] of code.entries()) {
      const opcode = each.charCodeAt(0);
      if (opcode === BLOCK || opcode === LOOP || opcode === IF) open.push(at);
      else if (opcode === ELSE) this.#begin.set(at, open[open.length - 1]);
      else if (opcode === END) this.#begin.set(at, /** @type {number} */ (open.pop()));
      else if (opcode === BR || opcode === BR_IF) {
        const target = open[open.length - 1 - labelOf(each)];
        this.#branches.set(target, [...(this.#branches.get(target) ?? []), at]);
      }
    }
  }

  /** What leads here is hardly ever taken: goes back to where it was decided. @param {number} at */
  rarely(at) {
    for (let i = at - 1; i >= 0; i--) {
      const opcode = this.code[i].charCodeAt(0);
      if (NEVER_GOES_ON.has(opcode) || opcode === LOOP) return;
      if (opcode === IF) return void this.hints.set(i, UNLIKELY);
      if (opcode === BR_IF) return void this.hints.set(i, LIKELY);
      if (opcode === ELSE) return void this.hints.set(/** @type {number} */ (this.#begin.get(i)), LIKELY);
      if (opcode === END) {
        const begin = /** @type {number} */ (this.#begin.get(i));
        if (this.code[begin].charCodeAt(0) !== BLOCK) return;
        for (const branch of this.#branches.get(begin) ?? []) {
          if (this.code[branch].charCodeAt(0) === BR_IF) this.hints.set(branch, UNLIKELY);
          else this.rarely(branch);
        }
        if (NEVER_GOES_ON.has(this.code[i - 1].charCodeAt(0))) return;
      }
    }
  }
}

/** @param {Uint8Array<ArrayBuffer>} module @param {number[]} content */
function withRare(module, content) {
  const rare = exportedFunctions(module).get(NAME);
  return mapBodies(module, (index, body) => (index === rare ? Uint8Array.from(content) : body));
}

/** @param {Uint8Array<ArrayBuffer>} module */
const unexported = (module) => filterExports(module, (name) => name !== NAME);

/** Before the last optimization. @param {Uint8Array<ArrayBuffer>} module */
export const keepRare = (module) => withRare(module, LONG_BODY);

/** Instead: nothing remains of it. @param {Uint8Array<ArrayBuffer>} module */
export const withoutRare = (module) => unexported(withRare(module, [0, END]));

/** @param {Uint8Array} body @param {string} call @returns {{ body: Uint8Array, hints: [at: number, hint: number][] }} hints by their place in the body */
function hinted(body, call) {
  const { locals, code } = disassemble(body);
  const flow = new Flow(code);
  for (const [at, each] of code.entries()) if (each === call) flow.rarely(at);
  /** @type {[number, number][]} */
  const hints = [];
  let place = locals.length;
  for (const [at, each] of code.entries()) {
    const hint = flow.hints.get(at);
    if (hint !== undefined) hints.push([place, hint]);
    if (each !== call) place += each.length;
  }
  return { body: assemble(locals, code.filter((each) => each !== call)), hints };
}

/** After all other passes. @param {Uint8Array<ArrayBuffer>} module @returns {Uint8Array<ArrayBuffer>} */
export function hintBranches(module) {
  const rare = exportedFunctions(module).get(NAME);
  if (rare === undefined) return module;
  const call = instruction(CALL, ...leb(rare));
  /** @type {number[][]} */
  const functions = [];
  const mended = mapBodies(module, (index, body) => {
    if (index === rare) return Uint8Array.from([0, END]);
    if (!includes(body, call)) return body;
    try {
      const found = hinted(body, call);
      if (found.hints.length) functions.push([...leb(index), ...leb(found.hints.length), ...found.hints.flatMap(([at, hint]) => [...leb(at), 1, hint])]);
      return found.body;
    } catch (error) {
      if (!(error instanceof UnknownInstruction)) throw error;
      return body;
    }
  });
  const name = new TextEncoder().encode(SECTION);
  const content = concat([leb(name.length), name, leb(functions.length), ...functions]);
  for (const { id, start } of sections(mended)) {
    if (id !== CODE) continue;
    const section = concat([[CUSTOM, ...leb(content.length)], content]);
    return unexported(concat([mended.subarray(0, start), section, mended.subarray(start)]));
  }
  return unexported(mended);
}
