/** Of a module's functions: their types and names, and which of them are in the table. */
import { concat } from './bytes.js';
import { readNumber } from './instructions.js';
import { Reader, functionImports, leb, sections } from './wasm.js';

const [CUSTOM, TYPES, FUNCTIONS, ELEMENTS] = [0, 1, 3, 9];
const [FUNCTION_TYPE, I32, I32_CONST, END] = [0x60, 0x7f, 0x41, 0x0b];
const FUNCTION_NAMES = 1;

/** @param {Uint8Array} bytes @param {number} id @returns {Reader | undefined} at the section's contents */
function section(bytes, id) {
  for (const { id: found, reader } of sections(bytes)) if (found === id) return reader;
  return undefined;
}

/** Equal types have equal texts: indirect calls compare types, not their numbers. @param {Uint8Array} bytes @returns {string[] | undefined} undefined: types of another sort */
export function types(bytes) {
  const reader = section(bytes, TYPES);
  const found = [];
  for (let n = reader?.number() ?? 0; reader && n > 0; n--) {
    if (reader.byte() !== FUNCTION_TYPE) return undefined;
    const lists = [0, 1].map(() => Array.from({ length: reader.number() }, () => reader.byte()));
    found.push(lists.join('>'));
  }
  return found;
}

/** @param {string} type of types() */
export const parameterCount = (type) => (type.startsWith('>') ? 0 : type.split('>')[0].split(',').length);

/** The number of each function's type, those of imports first. @param {Uint8Array} bytes @returns {number[]} */
export function typesOfFunctions(bytes) {
  const found = functionImports(bytes).map(({ type }) => type);
  const own = section(bytes, FUNCTIONS);
  for (let n = own?.number() ?? 0; own && n > 0; n--) found.push(own.number());
  return found;
}

/** @param {Uint8Array} bytes @returns {Set<number> | undefined} undefined: the table is filled in another way than from constants */
export function functionsInTable(bytes) {
  const reader = section(bytes, ELEMENTS);
  const found = new Set();
  for (let n = reader?.number() ?? 0; reader && n > 0; n--) {
    if (reader.number() !== 0 || reader.byte() !== I32_CONST) return undefined;
    reader.number();
    if (reader.byte() !== END) return undefined;
    for (let count = reader.number(); count > 0; count--) found.add(reader.number());
  }
  return found;
}

/** @param {Uint8Array} bytes @returns {Map<number, string>} if the module has names */
export function namesOfFunctions(bytes) {
  /** @type {Map<number, string>} */
  const names = new Map();
  renameFunctions(bytes, (name, index) => {
    names.set(index, name);
    return name;
  });
  return names;
}

/** @param {string} text */
const withSize = (text) => {
  const bytes = new TextEncoder().encode(text);
  return concat([leb(bytes.length), bytes]);
};

/** @param {Uint8Array} bytes @param {(name: string, index: number) => string} change @returns {Uint8Array<ArrayBuffer>} */
export function renameFunctions(bytes, change) {
  for (const { id, start, end, reader } of sections(bytes)) {
    if (id !== CUSTOM || reader.text() !== 'name') continue;
    /** @type {Uint8Array[]} */
    const parts = [withSize('name')];
    while (reader.at < end) {
      const [kind, size] = [reader.byte(), reader.number()];
      const next = reader.at + size;
      let content = bytes.subarray(reader.at, next);
      if (kind === FUNCTION_NAMES) {
        const count = reader.number();
        const entries = Array.from({ length: count }, () => {
          const index = reader.number();
          return concat([leb(index), withSize(change(reader.text(), index))]);
        });
        content = concat([leb(count), ...entries]);
      }
      parts.push(Uint8Array.from([kind, ...leb(content.length)]), content);
      reader.at = next;
    }
    const content = concat(parts);
    return concat([bytes.subarray(0, start), Uint8Array.from([CUSTOM, ...leb(content.length)]), content, bytes.subarray(end)]);
  }
  return concat([bytes]);
}

/** @param {Uint8Array} body @param {number} parameters @returns {{ body: Uint8Array, index: number }} with one more local, an i32 */
export function withLocal(body, parameters) {
  let [groups, at] = readNumber(body, 0);
  const first = at;
  let index = parameters;
  for (let n = groups; n > 0; n--) {
    const [count, next] = readNumber(body, at);
    index += count;
    at = next + 1;
  }
  return { body: Uint8Array.from([...leb(groups + 1), ...body.subarray(first, at), 1, I32, ...body.subarray(at)]), index };
}
