import { WasyncioError, misuse } from './errors.js';
import { Arguments, checkArguments, fromC } from './marshal.js';

/**
 * C coroutines as JavaScript functions (WIO_EXPORT): every call is a task of its own. The task's first frame calls back
 * into `invoke`, which calls the C function with its real arguments, here and again each time the task is resumed.
 * @typedef {object} Call
 * @property {import('./declarations.js').Signature} signature
 * @property {unknown[]} values
 * @property {Arguments} [args]
 * @property {number} [resultAt]
 * @property {unknown} [result]
 * @property {AbortSignal} [signal]
 * @property {(value: unknown) => void} resolve
 * @property {(error: unknown) => void} reject
 * @property {() => void} [forget] stop listening to the signal
 */
export class Calls {
  #inside;
  /** @type {Map<number, Call>} */
  #calls = new Map();
  #next = 1;

  /** @param {import('./app.js').Inside} inside */
  constructor(inside) {
    this.#inside = inside;
  }

  get size() {
    return this.#calls.size;
  }

  /** @param {import('./declarations.js').Signature} signature @param {unknown[]} given */
  async start(signature, given) {
    const { exports, memory } = this.#inside;
    const { values, signal } = withoutOptions(signature, given);
    const checked = checkArguments(signature, values);
    signal?.throwIfAborted();
    const number = this.#next++;
    return await new Promise((resolve, reject) => {
      /** @type {Call} */
      const call = { signature, values: checked, signal, resolve, reject };
      this.#calls.set(number, call);
      const name = new Arguments(exports, memory);
      name.add({ type: 'text', status: false, c: 'const char *' }, signature.name);
      const handle = this.#inside.enter(() => exports.wio__call(number, ...name.raw));
      name.free();
      if (!handle) {
        this.#calls.delete(number);
        reject(new WasyncioError('ENOMEM', `no memory for a call of ${signature.name}()`, { code: this.#inside.code('ENOMEM') }));
      } else if (signal) {
        const cancel = () => this.#inside.enter(() => exports.wio__call_cancel(handle));
        signal.addEventListener('abort', cancel, { once: true });
        call.forget = () => signal.removeEventListener('abort', cancel);
      }
    });
  }

  /** From C, on the task's stack. @param {number} number @returns {number} 0 or a negative error */
  invoke(number) {
    const call = /** @type {Call} */ (this.#calls.get(number));
    const { exports, memory } = this.#inside;
    const { name, result, parameters } = call.signature;
    if (!call.args) {
      call.args = new Arguments(exports, memory);
      call.values.forEach((value, i) => call.args?.add(parameters[i], value));
      if (result.type === 'bytes') call.resultAt = call.args.addResult(8);
    }
    const returned = exports[name](...call.args.raw);
    if (exports.asyncify_get_state() !== 0) return 0; // suspended: all of this once more, later
    const raw = call.resultAt ?? returned;
    call.result = fromC(result, raw, exports, memory);
    if (call.resultAt) exports.wio__free(memory.u32(call.resultAt));
    call.args.free();
    if (result.status && returned < 0) return returned;
    return call.result === null ? exports.wio__import_error() : 0; // NULL with an error behind it is a failure
  }

  /** From C, when the task has ended. @param {number} number @param {number} status @param {number} error a wio_error, or 0 */
  settle(number, status, error) {
    const call = this.#calls.get(number);
    if (!call) return;
    this.#calls.delete(number);
    call.forget?.();
    call.args?.free();
    if (status >= 0) call.resolve(call.result);
    else call.reject(this.#inside.error(error, status, call.signal?.aborted ? call.signal.reason : undefined));
  }

  /** The module is gone. @param {unknown} error */
  failAll(error) {
    for (const call of this.#calls.values()) {
      call.forget?.();
      call.reject(error);
    }
    this.#calls.clear();
  }
}

/** @param {import('./declarations.js').Signature} signature @param {unknown[]} given @returns {{ values: unknown[], signal?: AbortSignal }} */
function withoutOptions({ parameters, name }, given) {
  const last = /** @type {any} */ (given.at(-1));
  if (given.length !== parameters.length + 1 || typeof last !== 'object' || last === null) return { values: given };
  const unknown = Object.keys(last).find((key) => key !== 'signal');
  if (unknown) throw misuse(`${name}(): unknown option '${unknown}'; there is only { signal }`);
  if (last.signal !== undefined && !(last.signal instanceof AbortSignal)) throw misuse(`${name}(): signal is no AbortSignal`);
  return { values: given.slice(0, -1), signal: last.signal };
}
