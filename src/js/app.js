import { Memory } from '../host/memory.js';
import { Ops } from '../host/ops.js';
import { realClock, virtualClock } from '../host/clock.js';
import { Calls } from './calls.js';
import { readDeclarations } from './declarations.js';
import { WasyncioError, misuse } from './errors.js';
import { importFunctions } from './imports.js';
import { listTasks } from './tasks.js';
import { createWasi, needsWasi } from './wasi.js';

/**
 * What the parts of an app share.
 * @typedef {object} Inside
 * @property {Record<string, Function>} exports of the instance
 * @property {Memory} memory
 * @property {Ops} ops
 * @property {typeof fetch} fetch
 * @property {(name: string) => number} code negative error code by name
 * @property {<T>(run: () => T) => T | undefined} enter calls into the module; whatever it throws ends the app
 * @property {(error: number, status: number, cause?: unknown) => WasyncioError} error from a wio_error
 * @property {(busy: boolean) => void} busy
 *
 * What differs between Node and a web page.
 * @typedef {object} Platform
 * @property {(source: string | URL) => Promise<BufferSource | Response>} read
 * @property {(which: 'stdout' | 'stderr') => (bytes: Uint8Array) => void} output
 * @property {string} programName
 * @property {(cancel: () => boolean) => () => void} onInterrupt Ctrl-C; returns how to stop listening
 * @property {(idle: () => void) => () => void} onIdle nothing outside can happen any more
 * @property {() => () => void} keepAlive
 *
 * @typedef {object} LoadOptions
 * @property {string[]} [args] main's arguments behind the program's name
 * @property {Record<string, string | undefined>} [env]
 * @property {((text: string) => void) | { write(data: any): unknown }} [stdout] default: the process's, or the console
 * @property {((text: string) => void) | { write(data: any): unknown }} [stderr]
 * @property {Record<string, (...args: any[]) => unknown>} [imports] what WIO_IMPORT declares
 * @property {typeof fetch} [fetch] default: the global one
 * @property {AbortSignal} [signal] aborting it cancels every task
 * @property {'real' | 'virtual'} [clock] virtual: time jumps when every task waits
 */

const OPTIONS = ['args', 'env', 'stdout', 'stderr', 'imports', 'fetch', 'signal', 'clock'];

/** @param {LoadOptions} options */
export function checkOptions(options) {
  for (const name of Object.keys(options)) if (!OPTIONS.includes(name)) throw misuse(`load(): unknown option '${name}'; there are ${OPTIONS.join(', ')}`);
  if (options.clock !== undefined && options.clock !== 'real' && options.clock !== 'virtual') throw misuse(`load(): clock is '${options.clock}', not 'real' or 'virtual'`);
  for (const name of /** @type {const} */ (['args', 'env', 'imports'])) if (options[name] !== undefined && typeof options[name] !== 'object') throw misuse(`load(): ${name} is no ${name === 'args' ? 'array' : 'object'}`);
  if (options.fetch !== undefined && typeof options.fetch !== 'function') throw misuse('load(): fetch is no function');
}

/** @param {LoadOptions['stdout']} given @param {(bytes: Uint8Array) => void} otherwise @returns {(bytes: Uint8Array) => void} */
function sink(given, otherwise) {
  if (!given) return otherwise;
  const decoder = new TextDecoder();
  const write = typeof given === 'function' ? given : given.write.bind(given);
  const binary = 'writableHighWaterMark' in given; // a Node stream takes the bytes as they are
  return (bytes) => void write(binary ? bytes : decoder.decode(bytes, { stream: true }));
}

/** A loaded module. @implements {Inside} */
export class App {
  /** Ends everything; set once. @type {WasyncioError | undefined} */
  #dead;
  #closed = false;
  #exited = /** @type {number | undefined} */ (undefined);
  /** @type {{ resolve: (code: number) => void, reject: (error: unknown) => void } | undefined} */
  #main;
  /** @type {(() => void)[]} */
  #cleanups = [];
  /** @type {(() => void) | undefined} */
  #stopIdle;
  /** @type {(() => void) | undefined} */
  #keeping;
  #waiting = /** @type {(() => void)[]} */ ([]);
  #platform;
  #options;
  #depth = 0;
  /** @type {((error: unknown) => number | undefined) | undefined} */
  #isExit;
  /** @type {Map<string, number>} */
  #codes = new Map();
  #interrupted = false;

  /** The module's WIO_EXPORT coroutines, each returning a promise, and its plain C functions. @type {Record<string, (...args: any[]) => any>} */
  exports = {};

  /** @param {WebAssembly.Module} module @param {LoadOptions} options @param {Platform} platform @returns {Promise<App>} */
  static async create(module, options, platform) {
    const app = new App(options, platform);
    await app._instantiate(module);
    return app;
  }

  /** @param {LoadOptions} options @param {Platform} platform @private */
  constructor(options, platform) {
    this.#options = options;
    this.#platform = platform;
    /** @type {Inside} */
    const inside = {
      exports: {},
      memory: /** @type {any} */ (undefined),
      ops: /** @type {any} */ (undefined),
      fetch: options.fetch ?? ((...args) => globalThis.fetch(...args)),
      code: (name) => this.#code(name),
      enter: (run) => this.#enter(run),
      error: (at, status, cause) => this.#error(at, status, cause),
      busy: (on) => this.#keep(on),
    };
    this._inside = inside;
    this._calls = new Calls(inside);
  }

  /** @param {WebAssembly.Module} module @private */
  async _instantiate(module) {
    const declarations = readDeclarations(module);
    const { args = [], env = {}, stdout, stderr, imports = {}, signal, clock } = this.#options;
    const inside = this._inside;
    const out = sink(stdout, this.#platform.output('stdout'));
    const err = sink(stderr, this.#platform.output('stderr'));
    const wasi = needsWasi(module) ? await createWasi({ args: [this.#platform.programName, ...args], env, stdout: out, stderr: err }) : undefined;
    this.#isExit = wasi?.isExit;
    const tick = () => void this.#enter(() => inside.exports.wio__tick());
    this._clock = clock === 'virtual' ? virtualClock(tick, () => inside.ops.size) : realClock(tick);
    const { now, arm, post } = this._clock;
    const instance = await WebAssembly.instantiate(module, {
      wasi_snapshot_preview1: wasi?.imports ?? {},
      env: { emscripten_notify_memory_growth() {} },
      wasyncio: {
        now,
        arm,
        post,
        op_start: (/** @type {number} */ id, /** @type {number} */ kind, /** @type {number} */ request) => inside.ops.start(id >>> 0, kind, request),
        op_cancel: (/** @type {number} */ id) => inside.ops.cancel(id >>> 0),
        log: (/** @type {number} */ at, /** @type {number} */ size) => err(inside.memory.copy(at, size)),
        fault: (/** @type {number} */ at, /** @type {number} */ size) => {
          throw new WasyncioError('EOVERFLOW', inside.memory.textOf(at, size), { code: this.#code('EOVERFLOW') });
        },
        invoke: (/** @type {number} */ number) => this._calls.invoke(number),
        settle: (/** @type {number} */ call, /** @type {number} */ status, /** @type {number} */ error) =>
          call === 0 ? this.#mainEnded(status) : this._calls.settle(call, status, error),
      },
      wasyncio_import: importFunctions(module, declarations.imports, imports, inside),
    });
    inside.exports = /** @type {any} */ (instance.exports);
    inside.memory = new Memory(/** @type {any} */ (instance.exports.memory));
    inside.ops = new Ops(inside);
    wasi?.setInstance(instance);
    this.#enter(() => inside.exports._initialize?.());
    this.#expose(declarations.exports);
    if (signal?.aborted) this.#cancelAll();
    signal?.addEventListener('abort', () => this.#cancelAll(), { once: true });
  }

  /** @param {Map<string, import('./declarations.js').Signature>} declared */
  #expose(declared) {
    const { exports } = this._inside;
    let open = declared.size > 0;
    for (const [name, value] of Object.entries(exports)) {
      const signature = declared.get(name);
      if (signature) this.exports[name] = (...args) => this.#call(signature, args);
      else if (typeof value === 'function' && /^(?!wio_|_|asyncify_|stack|emscripten_|malloc$|free$)/.test(name)) this.exports[name] = this.#plain(name, value);
      else continue;
      open = true;
    }
    Object.freeze(this.exports);
    if (open) exports.wio__listen(1);
  }

  /** @param {import('./declarations.js').Signature} signature @param {unknown[]} args */
  async #call(signature, args) {
    this.#refuseIfOver(`app.exports.${signature.name}()`);
    this.#watchIdle();
    try {
      return await this._calls.start(signature, args);
    } finally {
      this.#quiet();
    }
  }

  /** A C function that is no coroutine: called at once, numbers only, and not on a task's stack. @param {string} name @param {Function} fn */
  #plain(name, fn) {
    return (/** @type {unknown[]} */ ...args) => {
      this.#refuseIfOver(`app.exports.${name}()`);
      const { exports } = this._inside;
      if (this.#depth === 0) return this.#enter(() => this.#entered(exports, fn, args));
      return this.#entered(exports, fn, args);
    };
  }

  /** @param {Record<string, Function>} exports @param {Function} fn @param {unknown[]} args */
  #entered(exports, fn, args) {
    const task = exports.wio__host_enter();
    try {
      return fn(...args);
    } finally {
      exports.wio__host_leave(task);
    }
  }

  /** @param {string} what */
  #refuseIfOver(what) {
    if (this.#dead) throw this.#dead;
    if (this.#closed) throw new WasyncioError('EPERM', `${what} after app.close(): load() the module again`, { code: this.#code('EPERM') });
    if (this.#exited !== undefined) throw new WasyncioError('EPERM', `${what} after the program has called exit(${this.#exited}): load() the module again`);
  }

  /**
   * Runs main(). Resolves with its exit code (or exit()'s; 130 if Ctrl-C ended it), rejects if the program crashed.
   * @returns {Promise<number>}
   */
  async run() {
    this.#refuseIfOver('app.run()');
    if (this.#main) throw new WasyncioError('EBUSY', 'app.run(): main() is running already');
    const { exports } = this._inside;
    if (this.#options.signal?.aborted) throw this.#options.signal.reason;
    const stopListening = this.#platform.onInterrupt(() => {
      const first = !this.#interrupted;
      this.#interrupted = true;
      return first && !!this.#enter(() => exports.wio__cancel_main());
    });
    this.#watchIdle();
    try {
      const code = await new Promise((resolve, reject) => {
        this.#main = { resolve, reject };
        const status = this.#enter(() => this.#start(exports));
        if (status === this.#code('ENOENT')) reject(new WasyncioError('ENOENT', 'app.run(): the module has no main(); call its exports', { code: status }));
        else if (status) reject(new WasyncioError('ENOMEM', 'app.run(): no memory for main()', { code: status }));
      });
      return this.#interrupted && code !== 0 ? 130 : code;
    } finally {
      this.#main = undefined;
      stopListening();
      this.#quiet();
    }
  }

  /** main's argv, in memory that stays main's. @param {Record<string, Function>} exports */
  #start(exports) {
    const { memory } = this._inside;
    const texts = [this.#platform.programName, ...(this.#options.args ?? [])].map((text) => memory.encode(text));
    const size = 4 * (texts.length + 1) + texts.reduce((sum, text) => sum + text.length, 0);
    const table = exports.wio__malloc(size);
    if (!table) return this.#code('ENOMEM');
    let at = table + 4 * (texts.length + 1);
    texts.forEach((text, i) => {
      memory.setU32(table + 4 * i, at);
      memory.write(at, text);
      at += text.length;
    });
    memory.setU32(table + 4 * texts.length, 0);
    return exports.wio__start(texts.length, table);
  }

  /** @param {number} code */
  #mainEnded(code) {
    this.#main?.resolve(code & 0xff);
  }

  /** Live tasks, oldest first. */
  tasks() {
    return this.#dead || this.#exited !== undefined ? [] : listTasks(this._inside.exports, this._inside.memory);
  }

  /** Cancels every task and resolves when all have ended; calls after it are refused. Twice is harmless. */
  async close() {
    this.#closed = true;
    if (this.#dead || this.#exited !== undefined) return;
    this.#enter(() => this._inside.exports.wio__listen(0));
    this.#cancelAll();
    while (this.#busyTasks()) await new Promise((resolve) => this.#waiting.push(() => resolve(undefined)));
    this.#stop();
  }

  #busyTasks() {
    return !this.#dead && this.#exited === undefined && (this._inside.exports.wio__tasks(0, 0) > 0 || this._calls.size > 0);
  }

  #cancelAll() {
    this.#enter(() => this._inside.exports.wio__cancel_all());
  }

  /** @template T @param {() => T} run @returns {T | undefined} */
  #enter(run) {
    if (this.#dead || this.#exited !== undefined) return undefined;
    this.#depth++;
    try {
      return run();
    } catch (error) {
      if (this.#depth > 1) throw error; // through the C frames in between, to the outermost entry
      this.#ended(error);
      return undefined;
    } finally {
      this.#depth--;
      if (this.#depth === 0) {
        this._clock?.settle();
        if (this.#waiting.length && !this.#busyTasks()) for (const wake of this.#waiting.splice(0)) wake();
      }
    }
  }

  /** The module has thrown: exit(), a fault that C found, a trap. @param {any} error */
  #ended(error) {
    const code = this.#isExit?.(error);
    if (code !== undefined) {
      this.#exited = code;
      this.#main?.resolve(code & 0xff);
      this._calls.failAll(new WasyncioError('EPERM', `the program has called exit(${code})`));
    } else {
      this.#dead = error instanceof WasyncioError ? error : this.#trap(error);
      this.#main?.reject(this.#dead);
      this._calls.failAll(this.#dead);
    }
    this.#stop();
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** @param {any} error a WebAssembly trap, or a RangeError when the engine's own stack is exhausted */
  #trap(error) {
    const { exports, memory } = this._inside;
    const task = (exports.wio__current_name && memory.text(exports.wio__current_name())) ?? undefined;
    const size = exports.wio__current_stack?.();
    const who = task ? `task '${task}'` : 'the program';
    const raise = 'Raise it: wio_create_task_with(fn, arg, &(wio_task_options){.stack_size = …}), or wio_set_default_stack_size() for all tasks.';
    if (size) return new WasyncioError('EOVERFLOW', `${who} overflowed its stack of ${size} bytes. ${raise}`, { task, cause: error, code: this.#code('EOVERFLOW') });
    if (error instanceof RangeError)
      return new WasyncioError('EOVERFLOW', `${who} recursed deeper than the JavaScript engine's stack allows (${error.message}); use less recursion`, { task, cause: error, code: this.#code('EOVERFLOW') });
    return new WasyncioError('EFAULT', `${who} crashed: ${error?.message ?? error}`, { task, cause: error });
  }

  #stop() {
    this._clock?.stop();
    this._inside.ops?.stop();
    this.#keep(false);
    this.#stopIdle?.();
    this.#stopIdle = undefined;
    for (const cleanup of this.#cleanups.splice(0)) cleanup();
  }

  /** @param {boolean} on */
  #keep(on) {
    if (on) this.#keeping ??= this.#platform.keepAlive();
    else {
      this.#keeping?.();
      this.#keeping = undefined;
    }
  }

  /** While somebody waits for this app, a process with nothing left to do means that the wait can never end. */
  #watchIdle() {
    this.#stopIdle ??= this.#platform.onIdle(() => this.#enter(() => this._inside.exports.wio__idle()));
  }

  #quiet() {
    if (this.#main || this._calls.size) return;
    this.#stopIdle?.();
    this.#stopIdle = undefined;
  }

  /** @param {string} name */
  #code(name) {
    let code = this.#codes.get(name);
    const { exports, memory } = this._inside;
    for (let n = 1; code === undefined && n < 256; n++) if (memory.text(exports.wio__error_name(n)) === name) code = -n;
    if (code === undefined) return 0;
    this.#codes.set(name, code);
    return code;
  }

  /** @param {number} at @param {number} status @param {unknown} cause */
  #error(at, status, cause) {
    const { memory } = this._inside;
    const [name, message, task, where] = at ? [4, 8, 12, 16].map((offset) => memory.text(memory.u32(at + offset))) : [];
    return new WasyncioError(name ?? 'EUNKNOWN', message ?? `error ${status}`, {
      code: status,
      task: task ?? undefined,
      where: where?.split('\n')[0].split(/[\\/]/).pop() || undefined,
      tasks: this.tasks(),
      cause,
    });
  }
}
