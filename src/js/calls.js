import { Arguments, fromC } from './marshal.js';

/**
 * C coroutines as JavaScript functions (WIO_EXPORT): every call is a task of its own. The task's first frame calls back
 * into `invoke`, which calls the C function with its real arguments, here and again each time the task is resumed.
 * @typedef {object} Call
 * @property {import('./signatures.js').Signature} signature
 * @property {Arguments} args
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
  /** @type {import('./tasks.js').TaskInfo[] | undefined} one list for all that fail in one turn of the host */
  #tasks;

  /** @param {import('./app.js').Inside} inside */
  constructor(inside) {
    this.#inside = inside;
  }

  /** @param {import('./signatures.js').Signature} signature @param {unknown[]} given @returns {Promise<unknown>} */
  async start(signature, given) {
    const inside = this.#inside;
    const { exports } = inside;
    const { values, signal } = withoutOptions(signature, given, inside);
    signal?.throwIfAborted();
    const args = new Arguments(signature, values, inside);
    const name = new Arguments(CALL, [signature.name], inside);
    const number = this.#next++;
    return await new Promise((resolve, reject) => {
      /** @type {Call} */
      const call = { signature, args, signal, resolve, reject };
      this.#calls.set(number, call);
      const handle = inside.enter(() => exports.wio__call(number, ...name.raw));
      name.free();
      if (!this.#calls.has(number)) return; // it crashed
      if (!handle) {
        this.#calls.delete(number);
        args.free();
        reject(inside.error('ENOMEM', `no memory for a call of ${signature.name}()`));
      } else if (signal) {
        const cancel = () => inside.enter(() => exports.wio__call_cancel(handle));
        signal.addEventListener('abort', cancel, { once: true });
        call.forget = () => signal.removeEventListener('abort', cancel);
      }
    });
  }

  /** From C, on the task's stack. @param {number} number @returns {number} 0 or a negative error */
  invoke(number) {
    const { signature, args } = /** @type {Call} */ (this.#calls.get(number));
    const { exports, memory } = this.#inside;
    const { name, result } = signature;
    const returned = exports[name](...args.raw);
    if (exports.asyncify_get_state() !== 0) return 0; // suspended: all of this once more, later
    const value = fromC(result, args.resultAt || returned, this.#inside);
    if (args.resultAt) exports.wio__free(memory.u32(args.resultAt));
    /** @type {Call} */ (this.#calls.get(number)).result = value;
    if (result.status && returned < 0) return returned;
    return value === null ? exports.wio__call_error() : 0; // NULL with an error behind it is a failure
  }

  /** From C, when the task has ended. @param {number} number @param {number} status @param {number} error a wio_error, or 0 */
  settle(number, status, error) {
    const call = this.#calls.get(number);
    if (!call) return;
    this.#calls.delete(number);
    call.forget?.();
    call.args.free();
    if (status >= 0) call.resolve(call.result);
    else call.reject(this.#error(error, status, call.signal?.aborted ? call.signal.reason : undefined));
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
    for (const call of this.#calls.values()) {
      call.forget?.();
      call.reject(error);
    }
    this.#calls.clear();
  }
}

const NOTHING = /** @type {const} */ ({ c: '', bits: 0, signed: false, status: false });

/** The task's name, for wio__call(). @type {import('./signatures.js').Signature} */
const CALL = { name: 'wio__call', text: '', result: { type: 'void', ...NOTHING }, parameters: [{ type: 'text', ...NOTHING }] };

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
