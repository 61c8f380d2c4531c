import { disassemble } from './instructions.js';
import { BuildError } from './errors.js';
import { appendGlobal, exportedFunctions, filterExports, functionBody, globals, leb, mapBodies, signedLeb } from './wasm.js';

/**
 * Asyncify's code, made faster. Each function that can suspend saves its locals and the index of the call it is in, and
 * for each of the two it moves a position that is in memory, behind a pointer in a global: two loads and a store, that wait
 * for one another, four times a frame and switch. Here the position gets a global of its own, and both are saved with
 * one move. The intrinsics then have only the state to set.
 */

const [LOCAL_GET, LOCAL_SET, GLOBAL_GET, GLOBAL_SET, CONST, END] = [0x20, 0x21, 0x23, 0x24, 0x41, 0x0b];

/** @param {number[]} bytes */
const text = (...bytes) => String.fromCharCode(...bytes);
const [LOAD, STORE, ADD, SUB, EQ, IF] = [text(0x28, 2, 0), text(0x36, 2, 0), text(0x6a), text(0x6b), text(0x46), text(0x04, 0x40)];
const [RESTORING, ENDED] = [text(CONST, 2), text(END)];

/** @param {number} bytes */
const constant = (bytes) => text(CONST, ...signedLeb(bytes));

/** @param {string} code */
const valueOf = (code) => {
  let value = 0;
  for (let i = code.length - 1; i > 0; i--) value = value * 128 + (code.charCodeAt(i) & 0x7f);
  return value;
};

class Unknown extends Error {}

/** One function's instructions, each as a string of its bytes, which are easy to compare. */
class Code {
  /** @param {string[]} list @param {{ state: number, data: number, position: number }} globals */
  constructor(list, { state, data, position }) {
    this.list = list;
    [this.getState, this.getData] = [state, data].map((index) => text(GLOBAL_GET, ...leb(index)));
    this.get = text(GLOBAL_GET, ...leb(position));
    this.set = text(GLOBAL_SET, ...leb(position));
  }

  /** @param {number} at @param {(string | undefined)[]} pattern undefined: a constant */
  is(at, ...pattern) {
    return pattern.every((each, i) => (each === undefined ? this.list[at + i]?.charCodeAt(0) === CONST : this.list[at + i] === each));
  }

  /** The position is a global now. */
  moveToGlobal() {
    const done = [];
    for (let i = 0; i < this.list.length; i++) {
      if (this.list[i] !== this.getData) {
        done.push(this.list[i]);
      } else if (this.list[i + 1] === LOAD) {
        done.push(this.get);
        i += 1;
      } else if ([ADD, SUB].some((op) => this.is(i, this.getData, this.getData, LOAD, undefined, op, STORE))) {
        done.push(this.get, this.list[i + 3], this.list[i + 4], this.set);
        i += 5;
      } else {
        throw new Unknown();
      }
    }
    this.list = done;
  }

  /** @param {number} from @param {string} op @returns {number} the next move of the position, or -1 */
  findMove(from, op) {
    for (let i = from; i < this.list.length; i++) if (this.is(i, this.get, undefined, op, this.set)) return i;
    return -1;
  }

  /**
   * Locals and call index in one move. Restored are first the locals, then the index, which is the innermost; here it lies behind
   * the locals, whose offsets then stay. What does not look as expected is left as it is, and right.
   */
  mergeMoves() {
    const [restore, save] = [this.findMove(0, SUB), this.findMove(0, ADD)];
    const [restoreIndex, saveLocals] = [this.findMove(restore + 1, SUB), this.findMove(save + 1, ADD)];
    const once = this.findMove(restoreIndex + 1, SUB) < 0 && this.findMove(saveLocals + 1, ADD) < 0;
    if (restore < 0 || restoreIndex < 0 || saveLocals < 0 || !once) return;
    const test = [this.getState, RESTORING, EQ, IF];
    const setIndex = this.list[restoreIndex + 6] ?? '';
    const getIndex = text(LOCAL_GET) + setIndex.slice(1);
    const looksRight =
      this.is(restore - 4, ...test) &&
      this.is(restoreIndex - 6, ENDED, this.list[restoreIndex - 5], ...test, this.get, constant(4), SUB, this.set, this.get, LOAD, setIndex, ENDED) &&
      setIndex.charCodeAt(0) === LOCAL_SET &&
      this.list.slice(restore, restoreIndex - 6).every(isPlain) &&
      this.list[restoreIndex - 5].charCodeAt(0) === 0x02 &&
      this.is(save - 3, this.get, getIndex, STORE, this.get, constant(4)) &&
      this.list.slice(save, saveLocals).every(isPlain);
    if (!looksRight) return;
    const bytes = valueOf(this.list[restore + 1]);
    const offset = text(...leb(bytes));
    this.list[restore + 1] = this.list[saveLocals + 1] = constant(bytes + 4);
    this.list[save - 1] = STORE.slice(0, 2) + offset;
    this.list.splice(save, 4);
    const header = this.list[restoreIndex - 5];
    this.list.splice(restoreIndex - 6, 14, this.get, LOAD.slice(0, 2) + offset, setIndex, ENDED, header);
  }
}

/** Neither a branch nor a call: what saves and restores locals. @param {string} code */
const isPlain = (code) => {
  const opcode = code.charCodeAt(0);
  return (opcode >= 0x20 && opcode <= 0x44) || opcode === 0xfd || (opcode >= 0x6a && opcode <= 0x6b);
};

/** @param {Uint8Array} body @param {{ state: number, data: number, position: number }} globals */
function mend(body, globals) {
  if (!Buffer.from(body).includes(Buffer.from([GLOBAL_GET, ...leb(globals.data)]))) return body;
  const { locals, code } = disassemble(body);
  const mended = new Code(code.map((bytes) => text(...bytes)), globals);
  mended.moveToGlobal();
  mended.mergeMoves();
  return Buffer.concat([locals, ...mended.list.map((each) => Buffer.from(each, 'latin1'))]);
}

/** @param {Uint8Array<ArrayBuffer>} module after Asyncify @returns {Uint8Array} */
export function mendSwitch(module) {
  const exported = exportedFunctions(module);
  /** @param {string} name */
  const indexOf = (name) => exported.get(name) ?? -1;
  const getState = functionBody(module, indexOf('asyncify_get_state'));
  if (getState?.length !== 4 || getState[1] !== GLOBAL_GET) throw new BuildError('this wasm-opt --asyncify keeps its state elsewhere');
  const state = getState[2];
  const data = state + 1;
  const position = globals(module).length;
  const set = (/** @type {number} */ value) => [0, CONST, value, GLOBAL_SET, state, END];
  const bodies = new Map([
    [indexOf('wio__switching'), [0, GLOBAL_GET, state, END]],
    [indexOf('wio__saved_end'), [0, GLOBAL_GET, position, END]],
    [indexOf('wio__set_saved_end'), [0, LOCAL_GET, 0, GLOBAL_SET, position, END]],
    [indexOf('asyncify_start_unwind'), set(1)],
    [indexOf('asyncify_stop_unwind'), set(0)],
    [indexOf('asyncify_start_rewind'), set(2)],
    [indexOf('asyncify_stop_rewind'), set(0)],
  ]);
  const mended = mapBodies(module, (index, body) => {
    const own = bodies.get(index);
    return own ? Uint8Array.from(own) : mend(body, { state, data, position });
  });
  return filterExports(appendGlobal(mended), (name) => !/^wio__(switching|(set_)?saved_end)$/.test(name));
}
