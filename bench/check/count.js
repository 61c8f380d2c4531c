/** Counts the WebAssembly instructions that a program executes: the same number on any machine, busy or not. */
import { concat } from '../../emsdk-config/bytes.js';
import { assemble, disassemble, instruction } from '../../emsdk-config/instructions.js';
import { appendGlobals, globals, leb, mapBodies, sections, signedLeb, Reader } from '../../emsdk-config/wasm.js';
import { load } from '../../src/js/node.js';

const [LOOP, IF, ELSE, END, BR, BR_IF, BR_TABLE, RETURN, UNREACHABLE] = [0x03, 0x04, 0x05, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x00];
/** Behind these, code goes on that may not be reached, or from elsewhere. */
const ends = new Set([LOOP, IF, ELSE, END, BR, BR_IF, BR_TABLE, RETURN, UNREACHABLE]);
const EXPORT = 7;
const NAME = 'instructions executed';

/** @param {string[]} code @param {number} counter a global */
function counted(code, counter) {
  const [get, set] = [instruction(0x23, ...leb(counter)), instruction(0x24, ...leb(counter))];
  /** @type {string[]} */
  const out = [];
  for (let at = 0; at < code.length; ) {
    let end = at + 1;
    while (end < code.length && !ends.has(code[end - 1].charCodeAt(0))) end++;
    out.push(get, instruction(0x41, ...signedLeb(end - at)), instruction(0x6a), set, ...code.slice(at, end));
    at = end;
  }
  return out;
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {number} index of a global */
function exportGlobal(bytes, index) {
  for (const { id, start, end, reader } of sections(bytes)) {
    if (id !== EXPORT) continue;
    const list = new Reader(bytes, reader.at);
    const count = list.number();
    const name = new TextEncoder().encode(NAME);
    const content = concat([leb(count + 1), bytes.subarray(list.at, end), leb(name.length), name, [3, ...leb(index)]]);
    return concat([bytes.subarray(0, start), [EXPORT, ...leb(content.length)], content, bytes.subarray(end)]);
  }
  throw new Error('the module exports nothing');
}

/** The module, with a counter. @param {Uint8Array<ArrayBuffer>} module */
export function withCounter(module) {
  const counter = globals(module).length;
  const more = mapBodies(module, (_, body) => {
    const { locals, code } = disassemble(body);
    return assemble(locals, counted(code, counter));
  });
  return exportGlobal(appendGlobals(more, 1), counter);
}

/**
 * Runs main() on the virtual clock.
 * @param {WebAssembly.Module} module with a counter @param {string[]} args
 * @returns {Promise<{ instructions: number, output: string }>} modulo 2^32
 */
export async function run(module, args) {
  /** @type {WebAssembly.Instance | undefined} */
  let instance;
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = /** @type {any} */ (
    async (/** @type {any} */ source, /** @type {any} */ imports) => {
      const made = /** @type {any} */ (await instantiate(source, imports));
      instance = made.instance ?? made;
      return made;
    }
  );
  let output = '';
  try {
    const app = await load(module, { args, clock: 'virtual', stdout: (text) => void (output += text) });
    const code = await app.run();
    if (code !== 0) throw new Error(`${args.join(' ')}: exit code ${code}`);
    const instructions = /** @type {WebAssembly.Global} */ (instance?.exports[NAME]).value >>> 0;
    await app.close();
    return { instructions, output };
  } finally {
    WebAssembly.instantiate = instantiate;
  }
}
