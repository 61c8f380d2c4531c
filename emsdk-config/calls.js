import { exportedFunctions, exportsDeclared, leb, mapBodies } from './wasm.js';
import { types, typesOfFunctions } from './functions.js';

/**
 * The bodies of the tasks that carry out JavaScript's calls. WIO_EXPORT declares one for each export, since no macro can
 * call a function of any signature: here each is written, for the signature that the export has in the module. It takes its
 * arguments from the call's record (src/core/call.c), and is like any function of the program to all later passes.
 */

const [LOCAL_GET, LOCAL_SET, CALL, END] = [0x20, 0x21, 0x10, 0x0b];
const [I32, NO_STATUS] = [0x7f, [0x41, 0]];
/** Of each type: how it is loaded, stored, and aligned. @type {Record<number, [load: number, store: number, align: number]>} */
const ACCESS = { 0x7f: [0x28, 0x36, 2], 0x7e: [0x29, 0x37, 3], 0x7d: [0x2a, 0x38, 2], 0x7c: [0x2b, 0x39, 3] };
/** Where the values begin in a wio__call. */
const VALUES = 32;

/** @param {string} list of types() */
const numbers = (list) => (list ? list.split(',').map(Number) : []);

/** @param {number} target the export @param {string} type its type @param {number} returned wio__call_returned() */
function bodyOf(target, type, returned) {
  const [parameters, [result]] = type.split('>').map(numbers);
  const call = [LOCAL_GET, 0];
  const loads = parameters.flatMap((each, i) => [...call, ACCESS[each][0], ACCESS[each][2], ...leb(VALUES + 8 * i)]);
  const kept = result ? [LOCAL_SET, 1, ...call, LOCAL_GET, 1] : [...call, ...NO_STATUS];
  const isShort = result === undefined || result === I32;
  const end = isShort ? [CALL, ...leb(returned)] : [ACCESS[result][1], ACCESS[result][2], VALUES, ...NO_STATUS];
  return Uint8Array.from([...(result ? [1, 1, result] : [0]), ...loads, CALL, ...leb(target), ...kept, ...end, END]);
}

/** @param {Uint8Array<ArrayBuffer>} linked @returns {Uint8Array<ArrayBuffer>} */
export function writeCalls(linked) {
  const exported = exportedFunctions(linked);
  const [all, numberOfType] = [types(linked), typesOfFunctions(linked)];
  const returned = exported.get('wio__call_returned');
  /** @type {Map<number, Uint8Array>} */
  const bodies = new Map();
  for (const name of exportsDeclared(linked)) {
    const [body, target] = [exported.get(`wio__body_${name}`), exported.get(name)];
    if (all && body !== undefined && target !== undefined && returned !== undefined) bodies.set(body, bodyOf(target, all[numberOfType[target]], returned));
  }
  return bodies.size ? mapBodies(linked, (index, body) => bodies.get(index) ?? body) : linked;
}
