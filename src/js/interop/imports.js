import { argumentsFromC, copyIn, failureOf, toC } from './marshal.js';

/**
 * JavaScript functions as C functions (WIO_IMPORT). One that returns a promise suspends the calling task: the C frames
 * above it are unwound through it, and rewound through it when the promise has settled, so it is called twice.
 */

const REWINDING = 2;

/** @param {any} error @param {(name: string) => number} code */
function codeOf(error, code) {
  if (Number.isInteger(error?.code) && error.code < 0) return error.code; // a WasyncioError's, of this or another module
  if (error?.name === 'AbortError') return code('ECANCELED');
  if (error?.name === 'TimeoutError') return code('ETIMEDOUT');
  return code('EIO');
}

/** @param {any} error */
const words = (error) => String(error?.message ?? error);

/** `this` of the functions. */
class Context {
  /** Made for those who look at it. @type {AbortController | undefined} */
  #controller;

  get signal() {
    return (this.#controller ??= new AbortController()).signal;
  }

  /** @param {Context} context */
  static abort(context) {
    context.#controller?.abort();
  }
}

/**
 * @param {import('./signatures.js').Signature} signature
 * @param {Function} fn
 * @param {import('../app.js').Inside} inside
 * @param {import('./soon.js').Soon} [soon] where functions may return promises
 */
function importFunction(signature, fn, inside, soon) {
  const { name, result, parameters } = signature;
  /** @type {Map<number, { value?: unknown }>} answers by calling task */
  const answers = new Map();

  /** @param {any} error */
  function failed(error) {
    const { exports, memory, code } = inside;
    const number = codeOf(error, code);
    const bytes = memory.encode(words(error));
    const at = exports.wio__malloc(Math.max(bytes.length, 1));
    if (at) memory.write(at, bytes);
    exports.wio__import_failed(number, at, at ? bytes.length : 0);
    return failureOf(result, number);
  }

  /** @param {unknown} value */
  function succeeded(value) {
    try {
      return toC(result, value, name, inside);
    } catch (error) {
      inside.check();
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

  const settled = (/** @type {() => void} */ complete) => (soon ? soon.urgently(complete) : complete());

  let address = 0;
  /** The operation that the calling task will wait for; 0: it cannot. */
  const begin = () => inside.exports.wio__import_begin((address ||= copyIn(inside.memory.encode(`${name}\0`), inside))) >>> 0;

  return (/** @type {any[]} */ ...raw) => {
    const { exports, memory, code } = inside;
    const ops = /** @type {import('../../host/ops.js').Ops} */ (inside.ops);
    if (exports.asyncify_get_state() === REWINDING) return wait();
    const context = new Context();
    try {
      const returned = fn.apply(context, argumentsFromC(parameters, raw, inside));
      inside.check();
      if (typeof returned?.then !== 'function') return succeeded(returned);
      const promise = Promise.resolve(returned);
      const id = begin();
      const answer = { value: /** @type {unknown} */ (undefined) };
      promise.then(
        (value) => {
          answer.value = value;
          settled(() => ops.complete(id, 0));
        },
        (error) => settled(() => ops.complete(id, codeOf(error, code), memory.encode(words(error)))),
      );
      if (!id) {
        Context.abort(context);
        return failureOf(result, exports.wio__import_error());
      }
      ops.add(id, () => Context.abort(context));
      answers.set(exports.wio__import_task(), answer);
    } catch (error) {
      inside.check();
      return failed(error);
    }
    return wait();
  };
}

/**
 * @param {WebAssembly.Module} module
 * @param {Map<string, import('./signatures.js').Signature>} declared
 * @param {Record<string, unknown>} given
 * @param {import('../app.js').Inside} inside
 * @param {import('./soon.js').Soon} [soon] where functions may return promises
 * @returns {Record<string, (...raw: any[]) => any>}
 */
export function importFunctions(module, declared, given, inside, soon) {
  const needed = WebAssembly.Module.imports(module).filter((entry) => entry.module === 'wasyncio_import');
  return Object.fromEntries(
    needed.map(({ name }) => {
      const signature = declared.get(name);
      if (!signature) throw inside.error('EINVAL', `the module imports ${name}() without WIO_IMPORT`);
      const { text, result } = signature;
      if (result.type === 'bytes') throw inside.error('ENOTSUP', `${text}: a JavaScript function cannot return wio_bytes to C; let C pass it a buffer, or return const char *`);
      const fn = given[name];
      if (typeof fn !== 'function') throw inside.error('EINVAL', `the module imports ${text}: give it with load(…, { imports: { ${name}: async (…) => … } })`);
      return [name, importFunction(signature, fn, inside, soon)];
    }),
  );
}
