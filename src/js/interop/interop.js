import { Calls } from './calls.js';
import { importFunctions } from './imports.js';
import { plainFunction } from './plain.js';
import { readSignatures } from './signatures.js';
import { Soon } from './soon.js';

/** C functions for JavaScript and JavaScript functions for C: loaded for modules that have any. */
export class Interop {
  #inside;
  #signatures;
  #calls;
  #soon;

  /** @param {import('../app.js').Inside} inside @param {WebAssembly.Module} module @param {string[][]} declarations @param {Record<string, unknown>} given */
  constructor(inside, module, declarations, given) {
    this.#inside = inside;
    this.#signatures = readSignatures(declarations, inside);
    this.#soon = new Soon(inside);
    this.#calls = new Calls(inside, this.#soon);
    this.imports = importFunctions(module, this.#signatures.imports, given, inside, this.#soon);
    /** What C calls besides. */
    this.entries = { ...this.#soon.entries, returned: (/** @type {number} */ call, /** @type {number} */ value) => this.#calls.returned(call >>> 0, value) };
  }

  /** What the module exports, as it looks from outside. */
  expose() {
    const { exports } = this.#inside;
    /** @type {Record<string, (...args: any[]) => any>} */
    const exposed = {};
    for (const [name, value] of Object.entries(exports)) {
      const signature = this.#signatures.exports.get(name);
      if (signature) exposed[name] = this.#calls.caller(signature);
      else if (typeof value === 'function' && /^(?!wio_|_|asyncify_|stack|emscripten_|malloc$|free$)/.test(name)) exposed[name] = plainFunction(name, value, this.#inside);
    }
    const { serve } = this.#inside;
    if (serve && exposed.fetch) exposed.fetch = serve(exposed.fetch);
    if (Object.keys(exposed).length) exports.wio__listen(1);
    return exposed;
  }

  /** From C. @param {number} call @param {number} status @param {number} error a wio_error, or 0 */
  settle(call, status, error) {
    this.#calls.settle(call, status, error);
  }

  /** Before the module is entered, or looked at. */
  begin() {
    this.#calls.begin(false);
  }

  /** The module has returned. */
  left() {
    this.#calls.deliver();
  }

  /** The module is gone. @param {unknown} error */
  failAll(error) {
    this.#calls.failAll(error);
    this.#soon.stop();
  }
}
