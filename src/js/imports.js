import { WasyncioError, misuse } from './errors.js';
import { argumentsFromC, failureOf, toC } from './marshal.js';

/**
 * JavaScript functions as C functions (WIO_IMPORT). One that returns a promise suspends the calling task: the C frames
 * above it are unwound through it, and rewound through it when the promise has settled, so it is called twice.
 */

const REWINDING = 2;

/** @param {any} error @param {(name: string) => number} code */
function codeOf(error, code) {
  if (error instanceof WasyncioError && error.code < 0) return error.code;
  if (error?.name === 'AbortError') return code('ECANCELED');
  if (error?.name === 'TimeoutError') return code('ETIMEDOUT');
  return code('EIO');
}

/** @param {any} error */
const words = (error) => String(error?.message ?? error);

/** @param {unknown} value @returns {value is PromiseLike<unknown>} */
const isPromise = (value) => typeof (/** @type {any} */ (value)?.then) === 'function';

/**
 * @param {import('./declarations.js').Signature} signature
 * @param {Function} fn
 * @param {import('./app.js').Inside} inside
 */
function importFunction(signature, fn, inside) {
  const { name, result, parameters } = signature;
  /** @type {Map<number, { value?: unknown }>} answers by calling task */
  const answers = new Map();

  /** @param {any} error */
  function failed(error) {
    const { exports, memory, code } = inside;
    const number = codeOf(error, code);
    const bytes = memory.encodeBare(words(error));
    const at = exports.wio__malloc(Math.max(bytes.length, 1));
    if (at) memory.write(at, bytes);
    exports.wio__import_failed(number, at, at ? bytes.length : 0);
    return failureOf(result, number);
  }

  /** @param {unknown} value */
  function succeeded(value) {
    try {
      return toC(result, value, name, inside.exports, inside.memory);
    } catch (error) {
      return failed(error);
    }
  }

  /** Unwinds, or ends the rewinding: only then the state is normal and there is a result. */
  function wait() {
    const { exports } = inside;
    const status = exports.wio__import_wait();
    if (exports.asyncify_get_state() !== 0) return failureOf(result, 0);
    const task = exports.wio__import_task();
    const answer = answers.get(task);
    answers.delete(task);
    return status < 0 ? failureOf(result, status) : succeeded(answer?.value);
  }

  return (/** @type {any[]} */ ...raw) => {
    const { exports, memory, ops, code } = inside;
    if (exports.asyncify_get_state() === REWINDING) return wait();
    const controller = new AbortController();
    let returned;
    try {
      returned = fn.apply({ signal: controller.signal }, argumentsFromC(parameters, raw, exports, memory));
    } catch (error) {
      return failed(error);
    }
    if (!isPromise(returned)) return succeeded(returned);
    const id = exports.wio__import_begin();
    const answer = { value: /** @type {unknown} */ (undefined) };
    returned.then(
      (value) => {
        answer.value = value;
        ops.complete(id, 0);
      },
      (error) => ops.complete(id, codeOf(error, code), memory.encodeBare(words(error))),
    );
    if (!id) return failureOf(result, code('EPERM'));
    ops.add(id, () => controller.abort());
    answers.set(exports.wio__import_task(), answer);
    return wait();
  };
}

/**
 * @param {WebAssembly.Module} module
 * @param {Map<string, import('./declarations.js').Signature>} declared
 * @param {Record<string, Function>} given
 * @param {import('./app.js').Inside} inside
 */
export function importFunctions(module, declared, given, inside) {
  const needed = WebAssembly.Module.imports(module).filter((entry) => entry.module === 'wasyncio_import');
  return Object.fromEntries(
    needed.map(({ name }) => {
      const signature = declared.get(name);
      if (!signature) throw misuse(`the module imports ${name}() without WIO_IMPORT`);
      if (typeof given[name] !== 'function')
        throw misuse(`the module imports ${signature.text}: give it with load(…, { imports: { ${name}: async (…) => … } })`);
      return [name, importFunction(signature, given[name], inside)];
    }),
  );
}
