import { functionsInTable, namesOfFunctions, renameFunctions, types, typesOfFunctions } from './functions.js';
import { UnknownInstruction, readNumber, skipInstruction } from './instructions.js';
import { functionImports, mapBodies } from './wasm.js';

/**
 * Which functions can suspend. Asyncify takes every indirect call for one that may reach anything, which makes a third more of
 * ordinary C. But an indirect call reaches only functions of its own type, as WebAssembly checks, whose address was taken: if
 * none of these can suspend, the call cannot. So the functions for which an indirect call matters are found here and named to
 * Asyncify, which is to ignore all other indirect calls.
 */

/** What such a function's name begins with in between: a list of names may be longer than a command line. */
const MARK = 'wio__suspends:';

const [CALL, CALL_INDIRECT, RETURN_CALL, RETURN_CALL_INDIRECT] = [0x10, 0x11, 0x12, 0x13];
/** What could fill the table at run time, or call past it. */
const [TABLE_GET, TABLE_SET, REF_FUNC, MISC] = [0x25, 0x26, 0xd2, 0xfc];
const MISC_FIRST_OF_TABLES = 12;

/** @typedef {{ direct: Set<number>, indirect: Set<number> }} Calls of one function: functions; types */

/** @param {Uint8Array} body @returns {Calls} */
function callsIn(body) {
  const [direct, indirect] = [new Set(), new Set()];
  let [groups, at] = readNumber(body, 0);
  for (; groups > 0; groups--) at = readNumber(body, readNumber(body, at)[1])[1];
  while (at < body.length) {
    const opcode = body[at];
    if (opcode === CALL || opcode === RETURN_CALL) direct.add(readNumber(body, at + 1)[0]);
    else if (opcode === CALL_INDIRECT || opcode === RETURN_CALL_INDIRECT) indirect.add(readNumber(body, at + 1)[0]);
    else if (opcode === TABLE_GET || opcode === TABLE_SET || opcode === REF_FUNC) throw new UnknownInstruction('of a table');
    else if (opcode === MISC && readNumber(body, at + 1)[0] >= MISC_FIRST_OF_TABLES) throw new UnknownInstruction('of a table');
    at = skipInstruction(body, at);
  }
  return { direct, indirect };
}

/** One module's graph of calls. */
class Graph {
  /** @type {Map<number, Calls>} */
  #calls = new Map();
  /** @type {string[]} */
  #types;
  #typeOf;
  /** @type {Set<number>} */
  #table;
  /** What suspends by itself. @type {Set<number>} */
  #seeds = new Set();

  /** @param {Uint8Array<ArrayBuffer>} module @param {(name: string) => boolean} suspends of imports, "module.name" @param {(name: string) => boolean} never */
  constructor(module, suspends, never) {
    const [all, table] = [types(module), functionsInTable(module)];
    if (!all || !table) throw new UnknownInstruction('of a table');
    this.#types = all;
    this.#table = table;
    this.#typeOf = typesOfFunctions(module);
    const names = namesOfFunctions(module);
    /** @type {Set<number>} who calls these ends a suspension, and is the scheduler's */
    const ends = new Set();
    for (const [index, { module: from, name }] of functionImports(module).entries()) {
      if (from === 'asyncify' ? name === 'start_unwind' : suspends(`${from}.${name}`)) this.#seeds.add(index);
      if (from === 'asyncify' && /^(stop_unwind|start_rewind)$/.test(name)) ends.add(index);
    }
    mapBodies(module, (index, body) => {
      const calls = callsIn(body);
      if (![...calls.direct].some((each) => ends.has(each)) && !never(names.get(index) ?? '')) this.#calls.set(index, calls);
      return body;
    });
  }

  /** @param {Iterable<number>} indexes of types @param {Set<string>} wanted */
  #has(indexes, wanted) {
    for (const index of indexes) if (wanted.has(this.#types[index])) return true;
    return false;
  }

  /** All functions that can suspend, and the types of those that can be called indirectly. @param {boolean} indirect do indirect calls count? */
  reach(indirect) {
    const functions = new Set(this.#seeds);
    /** @type {Set<string>} */
    const reached = new Set();
    const count = () => functions.size + reached.size;
    for (let before = -1; before !== count(); ) {
      before = count();
      if (indirect) for (const index of this.#table) if (functions.has(index)) reached.add(this.#types[this.#typeOf[index]]);
      for (const [index, calls] of this.#calls)
        if (!functions.has(index) && ([...calls.direct].some((each) => functions.has(each)) || this.#has(calls.indirect, reached))) functions.add(index);
    }
    return { functions, types: reached };
  }

  /** @param {Set<string>} wanted @returns {number[]} functions with an indirect call of such a type */
  callers(wanted) {
    return [...this.#calls].flatMap(([index, { indirect }]) => (this.#has(indirect, wanted) ? [index] : []));
  }
}

/** @param {string[]} patterns @returns {(name: string) => boolean} */
const matches = (patterns) => (name) => patterns.some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each));

/** @param {Uint8Array<ArrayBuffer>} module before Asyncify @param {string[]} imports as below @param {string[]} never @returns {(index: number) => boolean} may the function suspend? */
export function suspending(module, imports, never) {
  try {
    const { functions } = new Graph(module, matches(imports), matches(never)).reach(true);
    return (index) => functions.has(index);
  } catch (error) {
    if (!(error instanceof UnknownInstruction)) throw error;
    return () => true;
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} module before Asyncify, each name in it given once
 * @param {string[]} imports that suspend, "module.name"; `*` at the end stands for anything
 * @param {string[]} never functions that do not, whatever they call
 * @returns {{ module: Uint8Array<ArrayBuffer>, options: string[] }} for Asyncify
 */
export function markSuspending(module, imports, never) {
  try {
    const graph = new Graph(module, matches(imports), matches(never));
    const [direct, all] = [graph.reach(false), graph.reach(true)];
    const marked = new Set([...all.functions].filter((index) => !direct.functions.has(index)));
    for (const index of graph.callers(all.types)) marked.add(index);
    const options = ['--pass-arg=asyncify-ignore-indirect@1', ...(marked.size ? [`--pass-arg=asyncify-addlist@${MARK}*`] : [])];
    return { module: renameFunctions(module, (name, index) => (marked.has(index) ? MARK + name : name)), options };
  } catch (error) {
    if (!(error instanceof UnknownInstruction)) throw error;
    return { module, options: [] }; // every indirect call may suspend: right, and larger
  }
}

/** The functions' own names again. @param {Uint8Array<ArrayBuffer>} module */
export const withoutMarks = (module) => renameFunctions(module, (name) => (name.startsWith(MARK) ? name.slice(MARK.length) : name));
