import { Arguments, copyIn, fromC } from './marshal.js';

/**
 * C coroutines as JavaScript functions (WIO_EXPORT): every call is a task of its own. The task's first frame calls back
 * into `invoke`, which calls the C function with its real arguments, here and again each time the task is resumed.
 * @typedef {object} Call
 * @property {import('./signatures.js').Signature} signature
 * @property {Arguments} args
 * @property {unknown} result
 * @property {AbortSignal | undefined} signal
 * @property {(value: unknown) => void} resolve
 * @property {(error: unknown) => void} reject
 * @property {(() => void) | undefined} forget stop listening to the signal
 */
export class Calls {
  #inside;
  /** By number; what is free holds the next free one. @type {(Call | number)[]} */
  #calls = [0];
  /** 0: none */
  #free = 0;
  /** @type {import('./tasks.js').TaskInfo[] | undefined} one list for all that fail in one turn of the host */
  #tasks;

  /** @param {import('./app.js').Inside} inside */
  constructor(inside) {
    this.#inside = inside;
  }

  /** One promise for each call, and nothing that is the same for all calls is made again. @param {import('./signatures.js').Signature} signature */
  caller(signature) {
    const what = `app.exports.${signature.name}()`;
    let name = 0;
    return (/** @type {unknown[]} */ ...given) =>
      new Promise((resolve, reject) => {
        const inside = this.#inside;
        inside.begin(what);
        try {
          this.#start(signature, given, (name ||= copyIn(inside.memory.encode(`${signature.name}\0`), inside)), resolve, reject);
        } catch (error) {
          inside.end();
          throw error;
        }
      });
  }

  /**
   * @param {import('./signatures.js').Signature} signature @param {unknown[]} given @param {number} name its address
   * @param {(value: unknown) => void} resolve @param {(error: unknown) => void} reject
   */
  #start(signature, given, name, resolve, reject) {
    const inside = this.#inside;
    const { exports } = inside;
    const { values, signal } = withoutOptions(signature, given, inside);
    signal?.throwIfAborted();
    const args = signature.parameters.length || values.length || signature.result.type === 'bytes' ? new Arguments(signature, values, inside) : NONE;
    /** @type {Call} */
    const call = { signature, args, signal, resolve, reject, result: undefined, forget: undefined };
    const number = this.#add(call);
    const handle = inside.enter(() => exports.wio__call(number, name));
    if (this.#calls[number] !== call) return; // it crashed
    if (!handle) {
      this.#remove(number);
      args.free();
      throw inside.error('ENOMEM', `no memory for a call of ${signature.name}()`);
    } else if (signal) {
      const cancel = () => inside.enter(() => exports.wio__call_cancel(handle));
      signal.addEventListener('abort', cancel, { once: true });
      call.forget = () => signal.removeEventListener('abort', cancel);
    }
  }

  /** @param {Call} call @returns {number} */
  #add(call) {
    const number = this.#free || this.#calls.length;
    if (this.#free) this.#free = /** @type {number} */ (this.#calls[number]);
    this.#calls[number] = call;
    return number;
  }

  /** @param {number} number */
  #remove(number) {
    this.#calls[number] = this.#free;
    this.#free = number;
  }

  /** From C, on the task's stack. @param {number} number @returns {number} 0 or a negative error */
  invoke(number) {
    const call = /** @type {Call} */ (this.#calls[number]);
    const { signature, args } = call;
    const { exports, memory } = this.#inside;
    const { name, result } = signature;
    const returned = exports[name](...args.raw);
    if (exports.asyncify_get_state() !== 0) return 0; // suspended: all of this once more, later
    const value = fromC(result, args.resultAt || returned, this.#inside);
    if (args.resultAt) exports.wio__free(memory.u32(args.resultAt));
    call.result = value;
    if (result.status && returned < 0) return returned;
    return value === null ? exports.wio__call_error() : 0; // NULL with an error behind it is a failure
  }

  /** From C, when the task has ended. @param {number} number @param {number} status @param {number} error a wio_error, or 0 */
  settle(number, status, error) {
    const call = this.#calls[number];
    if (typeof call !== 'object') return;
    this.#remove(number);
    call.forget?.();
    call.args.free();
    if (status >= 0) call.resolve(call.result);
    else call.reject(this.#error(error, status, call.signal?.aborted ? call.signal.reason : undefined));
    this.#inside.end();
  }

  /** @param {number} at a wio_error @param {number} code @param {unknown} cause */
  #error(at, code, cause) {
    const { memory, error, tasks } = this.#inside;
    const [name, message, task, where, lines] = [4, 8, 12, 16, 20].map((offset) => memory.text(memory.u32(at + offset)) ?? '');
    this.#tasks ??= (queueMicrotask(() => (this.#tasks = undefined)), tasks());
    return error(name, message, { code, task, where, notes: lines ? lines.split('\n') : [], tasks: this.#tasks, cause });
  }

  /** The module is gone. @param {unknown} error */
  failAll(error) {
    for (const call of this.#calls.splice(1)) {
      if (typeof call !== 'object') continue;
      call.forget?.();
      this.#inside.end();
      call.reject(error);
    }
    this.#free = 0;
  }
}

/** Of a call without any. */
const NONE = /** @type {Arguments} */ (/** @type {unknown} */ ({ raw: [], resultAt: 0, free() {} }));

/**
 * @param {import('./signatures.js').Signature} signature @param {unknown[]} given @param {import('./app.js').Inside} inside
 * @returns {{ values: unknown[], signal?: AbortSignal }}
 */
function withoutOptions({ parameters, name }, given, { error }) {
  const last = /** @type {any} */ (given.at(-1));
  if (given.length !== parameters.length + 1 || typeof last !== 'object' || last === null) return { values: given };
  const unknown = Object.keys(last).find((key) => key !== 'signal');
  if (unknown) throw error('EINVAL', `${name}(): unknown option '${unknown}'; there is only { signal }`);
  if (last.signal !== undefined && !(last.signal instanceof AbortSignal)) throw error('EINVAL', `${name}(): signal is no AbortSignal`);
  return { values: given.slice(0, -1), signal: last.signal };
}
