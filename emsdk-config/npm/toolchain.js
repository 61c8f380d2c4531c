import { assemble } from '../assemble.js';
import { BuildError } from '../errors.js';
import { diagnose } from './diagnostics.js';
import { Llvm } from './llvm.js';
import { unpack } from './pack.js';
import { npmTools } from './tools.js';

/**
 * `wasyncio/toolchain`: builds C programs where there are no files and processes, such as a page's worker. It needs
 * llvm.core.wasm of the npm package @yowasp/clang, the npm package binaryen, and our dist/sysroot.pack.gz.
 *
 * @typedef {import('./diagnostics.js').Diagnostic} Diagnostic
 *
 * @typedef {object} Built
 * @property {Uint8Array<ArrayBuffer>} [module] none if there are errors
 * @property {string} output what compiler and linker have said, as they said it
 * @property {Diagnostic[]} diagnostics the same, for an editor
 * @property {{ compile: number, link: number, asyncify: number }} milliseconds
 */

const text = (/** @type {string | Uint8Array} */ content) => (typeof content === 'string' ? new TextEncoder().encode(content) : content);

/** Our own words in the compiler's form: what is wrong, and what to do about it. @param {string} message */
const asOutput = (message) =>
  message.split('\n').map((line) => `${/^(undefined symbol|import of another module|.*: the npm)/.test(line) ? 'error' : 'note'}: ${line}\n`).join('');

/** @param {Uint8Array} bytes gzip @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function gunzip(bytes) {
  const stream = new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export class Toolchain {
  #kit;

  /** @param {import('./tools.js').Kit} kit */
  constructor(kit) {
    this.#kit = kit;
  }

  /**
   * Compiles, links and asyncifies C sources. A program with errors resolves without a module; rejects with a BuildError
   * if it cannot be built at all.
   * @param {object} program
   * @param {Record<string, string | Uint8Array>} program.files by name: every .c file is compiled, the others can be included
   * @param {import('../flags.js').Optimize} [program.optimize] of the compiler; without it, -O1 and the quickest way: about half
   * of the time, for a module that is 7 % larger
   * @param {string[]} [program.defines] NAME or NAME=value
   * @param {string[]} [program.extra] further compiler flags; default -Wall -Wextra
   * @returns {Promise<Built>}
   */
  async build({ files, optimize, defines = [], extra = ['-Wall', '-Wextra'] }) {
    const names = Object.keys(files);
    const sources = names.filter((name) => /\.(c|cc|cpp|cxx|C)$/.test(name)).map((name) => ({ name, text: text(files[name]) }));
    if (!sources.length) throw new BuildError('no C file to build');
    const others = Object.fromEntries(names.filter((name) => !name.endsWith('.c')).map((name) => [name, text(files[name])]));
    let output = '';
    const milliseconds = { compile: 0, link: 0, asyncify: 0 };
    const tools = npmTools(this.#kit, { sources, files: others, optimize: optimize ?? '-O1', quick: !optimize, defines, extra }, (said) => void (output += said));
    /** @type {import('../assemble.js').Tools} */
    const timed = {
      compile: () => time('compile', () => tools.compile()),
      link: (parts, more) => time('link', () => tools.link(parts, more)),
      asyncify: (module) => time('asyncify', () => tools.asyncify(module)),
    };
    const module = await assemble(timed, []).catch((error) => {
      if (!(error instanceof BuildError)) throw error;
      if (error.name !== 'CompileError') output += asOutput(error.message);
      return undefined;
    });
    return { module, output, diagnostics: diagnose(output), milliseconds };

    /** @template T @param {keyof typeof milliseconds} what @param {() => Promise<T>} run */
    async function time(what, run) {
      const start = performance.now();
      try {
        return await run();
      } finally {
        milliseconds[what] += performance.now() - start;
      }
    }
  }
}

/**
 * @param {object} parts
 * @param {WebAssembly.Module | BufferSource} parts.llvm llvm.core.wasm
 * @param {Uint8Array} parts.sysroot sysroot.pack.gz
 * @param {import('./optimize.js').Binaryen} parts.binaryen the default export of the package binaryen
 * @returns {Promise<Toolchain>}
 */
export async function createToolchain({ llvm, sysroot, binaryen }) {
  const [module, whole] = await Promise.all([llvm instanceof WebAssembly.Module ? llvm : WebAssembly.compile(llvm), gunzip(sysroot)]);
  const files = unpack(whole);
  return new Toolchain({ llvm: new Llvm(module, files), binaryen, version: new TextDecoder().decode(files['/version']) });
}

export { BuildError } from '../errors.js';
