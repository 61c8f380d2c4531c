import { includes } from './bytes.js';
import { BuildError } from './errors.js';
import { parameterCount, types, typesOfFunctions, withLocal } from './functions.js';
import { UnknownInstruction, assemble, constantOf, disassemble, instruction, isAt } from './instructions.js';
import { appendGlobals, exportedFunctions, filterExports, functionBody, functionImports, globals, leb, mapBodies, signedLeb } from './wasm.js';

/**
 * What Asyncify has made, made faster. Each function that can suspend saves and restores the index of the call it is in,
 * and its locals; for each of these it moves a position that is in memory, behind a pointer in a global. So a switch is
 * a chain of loads and stores, each of which waits for the one before. Here the position gets a global of its own, and both
 * are saved behind one move; the intrinsics have only the state to set. And a function asks for room before it saves
 * (wio__save_room() in src/context/segments.c), so that small areas do; but for those that need no more than any area has.
 */

const [BLOCK, END, CALL, CALL_INDIRECT, LOCAL_GET, LOCAL_SET, GLOBAL_GET, GLOBAL_SET, CONST] = [0x02, 0x0b, 0x10, 0x11, 0x20, 0x21, 0x23, 0x24, 0x41];
const [LOAD, STORE] = [instruction(0x28, 2, 0), instruction(0x36, 2, 0)];
const [ADD, SUB, EQ, EQZ, IF, ENDED] = [[0x6a], [0x6b], [0x46], [0x45], [0x04, 0x40], [END]].map((bytes) => String.fromCharCode(...bytes));

const [UNWINDING, REWINDING] = [1, 2];

/** Each save area has that much, so that functions which are known to save no more in all need not ask: context.h. */
const ROOM = 44;

/** @typedef {{ state: number, data: number, position: number, room?: number }} Globals `room`: the function to ask, if stacks grow */

class Unrecognised extends Error {}

/** @param {number} value */
const constant = (value) => instruction(CONST, ...signedLeb(value));

/** @param {string | undefined} code */
const isConstant = (code) => code?.charCodeAt(0) === CONST;

/** Of a constant that is not negative. @param {string} code */
const valueOf = (code) => [...code.slice(1)].reduceRight((value, byte) => value * 128 + (byte.charCodeAt(0) & 0x7f), 0);

/** Neither a branch nor a call: what saves and restores locals. @param {string} code */
const isPlain = (code) => /^[\x20-\x2f\x36-\x3b\x41-\x44\x6a\x6b\xfd]/.test(code);

/** One function after Asyncify. */
class Code {
  /** @param {string[]} list @param {Globals} globals */
  constructor(list, globals) {
    const get = (/** @type {number} */ index) => instruction(GLOBAL_GET, ...leb(index));
    this.list = list;
    this.getData = get(globals.data);
    this.get = get(globals.position);
    this.set = instruction(GLOBAL_SET, ...leb(globals.position));
    this.ifRestoring = [get(globals.state), constant(REWINDING), EQ, IF];
  }

  /** The position is a global now. */
  moveToGlobal() {
    const [list, done] = [this.list, /** @type {string[]} */ ([])];
    for (let i = 0; i < list.length; i++) {
      if (list[i] !== this.getData) {
        done.push(list[i]);
      } else if (list[i + 1] === LOAD) {
        done.push(this.get);
        i += 1;
      } else if (isAt(list, i + 1, [this.getData, LOAD, undefined, undefined, STORE]) && isConstant(list[i + 3]) && [ADD, SUB].includes(list[i + 4])) {
        const [by, back] = [constantOf(list[i + 3]), list[i + 4] === SUB];
        done.push(this.get, ...(by < 0 ? [constant(-by), back ? ADD : SUB] : [list[i + 3], list[i + 4]]), this.set); // "- 64" comes as "+ -64"
        i += 5;
      } else {
        throw new Unrecognised();
      }
    }
    this.list = done;
  }

  /** Where the position is moved. @param {string} op */
  moves(op) {
    return this.list.flatMap((_, i) => (isAt(this.list, i, [this.get, undefined, op, this.set]) && isConstant(this.list[i + 1]) ? [i] : []));
  }

  /** How much it saves. */
  get size() {
    return this.moves(ADD).reduce((sum, at) => sum + valueOf(this.list[at + 1]), 0);
  }

  /**
   * Locals and index behind one move. Asyncify puts the locals behind the index; here it is the other way, so that the
   * locals' offsets stay. A function without locals to save has one move as it is.
   * @param {string} place a local to keep the position in while saving
   * @param {string | undefined} room the call that asks for room
   */
  mergeMoves(place, room) {
    const { list, get } = this;
    const [restoreLocals, restoreIndex, ...more] = this.moves(SUB);
    const [saveIndex, saveLocals, ...others] = this.moves(ADD);
    if (saveIndex === undefined) return;
    if (more.length || others.length || (restoreIndex === undefined) !== (saveLocals === undefined)) throw new Unrecognised();
    const getIndex = list[saveIndex - 2];
    if (!isAt(list, saveIndex - 3, [get, getIndex, STORE, get, constant(4)]) || getIndex.charCodeAt(0) !== LOCAL_GET) throw new Unrecognised();
    if (saveLocals === undefined) {
      this.save(saveIndex - 3, saveIndex + 4, 4, 0, [], place, room);
      return;
    }
    const [block, setIndex] = [list[restoreIndex - 5], list[restoreIndex + 6]];
    const restores =
      isAt(list, restoreLocals - 4, this.ifRestoring) &&
      list.slice(restoreLocals, restoreIndex - 6).every(isPlain) &&
      isAt(list, restoreIndex - 6, [ENDED, block, ...this.ifRestoring, get, constant(4), SUB, this.set, get, LOAD, setIndex, ENDED]) &&
      block.charCodeAt(0) === BLOCK &&
      setIndex.charCodeAt(0) === LOCAL_SET;
    if (!list.slice(saveIndex, saveLocals).every(isPlain)) throw new Unrecognised();
    const bytes = valueOf(list[restoreLocals + 1]);
    const locals = list.slice(saveIndex + 4, saveLocals);
    if (restores) {
      list[restoreLocals + 1] = constant(bytes + 4);
      this.save(saveIndex - 3, saveLocals + 4, bytes + 4, bytes, locals, place, room);
      list.splice(restoreIndex - 6, 14, get, behind(LOAD, bytes), setIndex, ENDED, block);
    } else {
      this.save(saveIndex - 3, saveLocals + 4, bytes + 4, 0, [get, constant(4), ADD, instruction(LOCAL_SET) + place, ...locals], place, room);
    }
  }

  /** @param {number} from @param {number} to @param {number} bytes in all @param {number} offset of the index @param {string[]} locals what saves them @param {string} place @param {string | undefined} room */
  save(from, to, bytes, offset, locals, place, room) {
    const [getPlace, setPlace, index] = [instruction(LOCAL_GET) + place, instruction(LOCAL_SET) + place, [this.list[from + 1], behind(STORE, offset)]];
    const stores = [...index, ...locals.map((each) => (each === this.get ? getPlace : each))];
    const code = room ? [constant(bytes), room, setPlace, getPlace, ...stores] : [this.get, setPlace, getPlace, ...stores, this.get, constant(bytes), ADD, this.set];
    this.list.splice(from, to - from, ...code);
  }
}

/** @param {string} access @param {number} offset */
const behind = (access, offset) => access.slice(0, 2) + String.fromCharCode(...leb(offset));

/** wio__context_leaf() without the branch that is never taken: it was there for Asyncify to see. @param {Uint8Array} body */
function withoutBranch(body) {
  const { locals, code } = disassemble(body);
  const [argument, call] = [instruction(LOCAL_GET, 0), code[3]];
  const found = isAt(code, 0, [argument, EQZ, IF, call, ENDED]) && call.charCodeAt(0) === CALL;
  return found ? assemble(locals, code.slice(5)) : body;
}

/** The functions that save something, so far as they are mended. */
class Savers {
  /** @type {Map<number, { code: Code, locals: Uint8Array, place: string }>} */
  #all = new Map();
  /** @type {Map<number, number>} */
  #known = new Map();
  #globals;
  #imports;

  /** @param {Uint8Array<ArrayBuffer>} module @param {Globals} globals @param {Set<number | undefined>} others functions that get another body */
  constructor(module, globals, others) {
    const [all, typeOf] = [types(module), typesOfFunctions(module)];
    if (!all) throw new Unrecognised();
    this.#globals = globals;
    this.#imports = functionImports(module);
    const getData = instruction(GLOBAL_GET, ...leb(globals.data));
    mapBodies(module, (index, given) => {
      if (others.has(index) || !includes(given, getData)) return given;
      const { body, index: place } = withLocal(given, parameterCount(all[typeOf[index]]));
      const { locals, code } = disassemble(body);
      const mended = new Code(code, globals);
      mended.moveToGlobal();
      this.#all.set(index, { code: mended, locals, place: String.fromCharCode(...leb(place)) });
      return given;
    });
  }

  /**
   * The most that is saved, from this function on, by what it calls and itself; Infinity where that has no bound, or where
   * it cannot be seen. @param {number} index @returns {number}
   */
  #most(index) {
    if (this.#imports[index]?.module === 'wasyncio_import') return Infinity;
    const found = this.#all.get(index);
    if (!found) return 0; // never suspends, or is of the runtime and saves nothing
    const known = this.#known.get(index);
    if (known !== undefined) return known;
    this.#known.set(index, Infinity); // if it comes round
    const { list, size } = found.code;
    const calls = new Set(list.flatMap((each) => (each.charCodeAt(0) === CALL ? [valueOf(each)] : [])));
    const indirect = list.some((each) => each.charCodeAt(0) === CALL_INDIRECT);
    const most = indirect ? Infinity : size + Math.max(0, ...[...calls].map((each) => this.#most(each)));
    this.#known.set(index, most);
    return most;
  }

  /** @param {number} index @returns {Uint8Array | undefined} its body, if it is one of them */
  mended(index) {
    const found = this.#all.get(index);
    if (!found) return undefined;
    const { room } = this.#globals;
    const asks = room !== undefined && this.#most(index) > ROOM;
    found.code.mergeMoves(found.place, asks ? instruction(CALL, ...leb(room)) : undefined);
    return assemble(found.locals, found.code.list);
  }
}

/** @param {Uint8Array<ArrayBuffer>} module @param {Map<string, number>} exported @param {string} name @returns {string[]} */
function codeOf(module, exported, name) {
  const body = functionBody(module, exported.get(name) ?? -1);
  if (!body) throw new BuildError(`this wasm-opt --asyncify exports no ${name}()`);
  return disassemble(body).code;
}

/** @param {Uint8Array<ArrayBuffer>} module @param {Map<string, number>} exported @returns {number} the global */
function findState(module, exported) {
  const [get] = codeOf(module, exported, 'asyncify_get_state');
  if (get.charCodeAt(0) !== GLOBAL_GET) throw new BuildError('this wasm-opt --asyncify keeps its state elsewhere');
  return valueOf(get);
}

/** Where the pointer to the position is: start_unwind() sets it, and the state. @param {Uint8Array<ArrayBuffer>} module @param {Map<string, number>} exported @param {number} state */
function findData(module, exported, state) {
  const sets = codeOf(module, exported, 'asyncify_start_unwind').filter((each) => each.charCodeAt(0) === GLOBAL_SET).map(valueOf);
  if (sets.length !== 2 || sets[0] !== state) throw new Unrecognised();
  return sets[1];
}

/** @param {Uint8Array<ArrayBuffer>} module @param {Map<string, number>} exported @param {Record<string, number[]>} own bodies by export @param {(body: Uint8Array, index: number) => Uint8Array} change the others */
function rewrite(module, exported, own, change) {
  const bodies = new Map(Object.entries(own).map(([name, body]) => [exported.get(name), Uint8Array.from(body)]));
  if (bodies.has(undefined)) throw new BuildError('asyncify.S is not linked');
  return mapBodies(module, (index, body) => bodies.get(index) ?? change(body, index));
}

/** @param {Uint8Array<ArrayBuffer>} module @param {Map<string, number>} exported @param {Record<string, number[]>} needed @param {number} state @param {boolean} grows */
function makeFaster(module, exported, needed, state, grows) {
  const position = globals(module).length;
  const [limit, room] = [position + 1, grows ? exported.get('wio__save_room') : undefined];
  const set = (/** @type {number} */ value) => [0, CONST, value, GLOBAL_SET, ...leb(state), END];
  const own = {
    ...needed,
    wio__saved_end: [0, GLOBAL_GET, ...leb(position), END],
    wio__set_saved_end: [0, LOCAL_GET, 0, GLOBAL_SET, ...leb(position), END],
    wio__saved_limit: [0, GLOBAL_GET, ...leb(limit), END],
    wio__set_saved_limit: [0, LOCAL_GET, 0, GLOBAL_SET, ...leb(limit), END],
    wio__stack_grows: [0, CONST, grows ? 1 : 0, END],
    asyncify_start_unwind: set(UNWINDING),
    asyncify_stop_unwind: set(0),
    asyncify_start_rewind: set(REWINDING),
    asyncify_stop_rewind: set(0),
  };
  const others = new Set(Object.keys(own).map((name) => exported.get(name)));
  const savers = new Savers(module, { state, data: findData(module, exported, state), position, room }, others);
  const leaf = exported.get('wio__context_leaf');
  const mended = rewrite(module, exported, own, (body, index) => (index === leaf ? withoutBranch(body) : savers.mended(index) ?? body));
  return appendGlobals(mended, 2);
}

/**
 * @param {Uint8Array<ArrayBuffer>} module after Asyncify, with what asyncify.S exports for this
 * @param {boolean} debuggable only what must be, since other code than the compiler's would not fit its line numbers
 * @param {boolean} grows growStacks() has seen to the C stack
 * @param {(why: string) => void} refused told when this is not the code that is known here: it stays, and is slower
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function mendSwitch(module, debuggable, grows, refused) {
  const exported = exportedFunctions(module);
  const state = findState(module, exported);
  const needed = { wio__switching: [0, GLOBAL_GET, ...leb(state), END] };
  let mended;
  try {
    if (!debuggable) mended = makeFaster(module, exported, needed, state, grows);
  } catch (error) {
    if (!(error instanceof Unrecognised || error instanceof UnknownInstruction)) throw error;
    refused('this wasm-opt --asyncify makes code of another kind than wasyncio knows how to make faster');
  }
  mended ??= rewrite(module, exported, needed, (body) => body);
  return filterExports(mended, (name) => !/^wio__(switching|(set_)?saved_(end|limit)|stack_grows|save_room|context_leaf)$/.test(name));
}
