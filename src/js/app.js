import { Memory } from '../host/memory.js';
import { realClock } from '../host/clock.js';
import { WasyncioError, refusal } from './errors.js';
import { loadParts } from './parts.js';
import { listTasks, short } from './tasks.js';

/**
 * What the parts of an app share. Parts that are loaded on demand import nothing of the core: they find it here.
 * @typedef {object} Inside
 * @property {Record<string, Function>} exports of the instance
 * @property {Memory} memory
 * @property {WebAssembly.Memory} [shared] if threads share it
 * @property {import('../host/ops.js').Ops | undefined} ops
 * @property {import('./options.js').Fetch} fetch
 * @property {import('../host/clock.js').Clock} [clock]
 * @property {import('../host/ops.js').Granted} granted
 * @property {import('../host/ops.js').OpsHost['serve']} [serve]
 * @property {(name: string) => number} code negative error code by name
 * @property {<T>(run: () => T) => T | undefined} enter calls into the module; whatever it throws ends the app
 * @property {() => void} check throws if the module has crashed below a JavaScript frame that is still running
 * @property {(what: string) => void} begin somebody waits for the module from now on; throws if the app is over
 * @property {() => void} end of such a wait
 * @property {<T>(what: string, run: () => T) => T | undefined} call enter() for JavaScript's own calls: throws if the app is over, before or after
 * @property {(name: string, message: string, details?: Details) => WasyncioError} error
 * @property {() => import('./tasks.js').TaskInfo[]} tasks
 * @property {(() => () => void) | undefined} keepAlive
 * @property {Setup} setup
 *
 * @typedef {{ code?: number, task?: string, where?: string | null, notes?: string[], tasks?: import('./tasks.js').TaskInfo[], cause?: unknown }} Details
 * @typedef {import('./options.js').LoadOptions} LoadOptions
 *
 * What this instance was made of, for the part that makes others.
 * @typedef {[module: WebAssembly.Module, args: string[], env: NonNullable<LoadOptions['env']>, stdout: (bytes: Uint8Array) => void,
 *   stderr: (bytes: Uint8Array) => void, options: LoadOptions, platform: import('./platform.js').Platform]} Setup
 */

/** A loaded module. */
export class App {
  /** The module's WIO_EXPORT coroutines, each returning a promise, and its plain C functions. @type {Record<string, (...args: any[]) => any>} */
  exports = {};

  /** Why nothing new can be called: after what, or because of a crash. @type {string | WasyncioError | undefined} */
  #over;
  /** The module must not be entered any more. */
  #gone = false;
  /** What the module has thrown, while it is still on its way out through JavaScript frames. @type {{ error: unknown } | undefined} */
  #thrown;
  /** Nested calls into the module. */
  #depth = 0;
  /** @type {{ resolve: (code: number) => void, reject: (error: unknown) => void } | undefined} */
  #main;
  /** Promises that wait for the module. */
  #waiting = 0;
  /** @type {(() => void)[]} what ends with the last of them */
  #watches = [];
  /** @type {Promise<void> | undefined} */
  #closing;
  /** @type {(() => void) | undefined} */
  #joined;
  /** @type {Record<string, number>} */
  #codes = {};
  /** @type {import('./interop.js').Interop | undefined} */
  #interop;
  /** @type {import('../host/clock.js').Clock | undefined} */
  #clock;
  /** libc's side of the host. @type {Awaited<ReturnType<typeof import('./wasi.js').createWasi>> | false | undefined} */
  #system;
  /** @type {import('./watch.js').Watch | undefined} */
  #watch;
  #options;
  #platform;
  /** @type {Inside} */
  #inside;

  /** For load() alone. @private @param {WebAssembly.Module} module @param {LoadOptions} options @param {import('./platform.js').Platform} platform */
  static async create(module, options, platform) {
    const app = new App(options, platform);
    await app.#instantiate(module);
    return app;
  }

  /** @private @param {LoadOptions} options @param {import('./platform.js').Platform} platform */
  constructor(options, platform) {
    this.#options = options;
    this.#platform = platform;
    this.#inside = {
      exports: {},
      memory: /** @type {any} */ (undefined),
      ops: undefined,
      fetch: options.fetch ?? ((url, init) => fetch(url, init)),
      granted: options,
      code: (name) => this.#code(name),
      enter: (run) => this.#enter(run),
      check: () => {
        if (this.#thrown) throw this.#thrown.error;
      },
      begin: (what) => this.#begin(what),
      end: () => this.#end(),
      call: (what, run) => this.#call(what, run),
      error: (name, message, details) => this.#error(name, message, details),
      tasks: () => this.tasks(),
      keepAlive: platform.keepAlive,
      setup: /** @type {any} */ (0),
    };
  }

  /** @param {WebAssembly.Module} module */
  async #instantiate(module) {
    const { args = [], env = {}, imports = {}, clock } = this.#options;
    const argv = ['app.wasm', ...args];
    const inside = this.#inside;
    const sinks = await Promise.all([this.#sink('stdout'), this.#sink('stderr')]);
    const { declarations, kinds, ops, interop, wasi, args: main, watch, sharing } = await loadParts(module, this.#platform.kinds);
    if (watch) this.#watch = new watch.Watch(inside, this.#options, sinks);
    const setup = (inside.setup = [module, argv, env, ...sinks, this.#options, this.#platform]);
    const stderr = sinks[1];
    const system = (this.#system = wasi && (await wasi.createWasi(setup, inside.error)));
    const shared = sharing && sharing.share(inside, declarations, this.#platform);
    if (ops) inside.ops = new ops.Ops(inside, kinds);
    if (interop) this.#interop = new interop.Interop(inside, module, declarations, imports);
    const tick = () => void this.#enter(() => inside.exports.wio__tick());
    const { poster } = this.#platform;
    const pending = () => inside.ops?.size ?? 0;
    this.#clock = inside.clock =
      clock && clock !== 'real' ? (await import('../host/virtual-clock.js')).virtualClock(tick, poster, pending, Object(clock)) : realClock(tick, poster);
    const { now, arm, post } = this.#clock;
    /** @type {WebAssembly.Instance} */
    let instance;
    try {
      instance = await WebAssembly.instantiate(module, {
        wasi_snapshot_preview1: system ? system.imports : {},
        env: { emscripten_notify_memory_growth() {}, ...shared },
        wasyncio: {
          now,
          arm,
          post,
          log: (/** @type {number} */ at, /** @type {number} */ size) => stderr(inside.memory.copy(at, size)),
          fault: (/** @type {number} */ at, /** @type {number} */ size) => {
            throw this.#fault('EOVERFLOW', inside.memory.textOf(at, size));
          },
          settle: (/** @type {number} */ call, /** @type {number} */ status, /** @type {number} */ error) =>
            call ? this.#interop?.settle(call >>> 0, status, error) : this.#main?.resolve(status & 255),
          ...(main && main.createArgs(inside, argv)),
          ...shared,
          ...inside.ops?.entries,
          ...this.#interop?.entries,
        },
        wasyncio_import: this.#interop?.imports ?? {},
      });
    } catch (error) {
      throw await refusal('notLinked', error);
    }
    inside.exports = /** @type {any} */ (instance.exports);
    inside.memory = new Memory(inside.shared ?? /** @type {any} */ (instance.exports.memory));
    if (system) system.setInstance(instance, inside.shared);
    this.#call('load()', () => inside.exports._initialize?.());
    if (this.#interop) Object.assign(this.exports, this.#interop.expose());
    Object.freeze(this.exports);
  }

  /** @param {'stdout' | 'stderr'} which @returns {Promise<(bytes: Uint8Array) => void>} */
  async #sink(which) {
    const given = this.#options[which];
    const failed = (/** @type {any} */ cause) => this.#fault('EIO', `the ${which} function given to load() threw: ${cause?.message ?? cause}`, cause);
    return (given && (await import('./options.js')).createSink(given, failed)) || this.#platform.output(which);
  }

  /**
   * Runs main(). Resolves with its exit code (or exit()'s; 130 if Ctrl-C ended it), rejects if the program crashed.
   * @returns {Promise<number>}
   */
  async run() {
    if (this.#depth) await undefined; // called by a function that C has called: not on top of that
    this.#begin('app.run()');
    try {
      if (this.#main) throw await this.#refusal('running');
      return await this.#runMain();
    } finally {
      this.#end();
    }
  }

  async #runMain() {
    const { interruptible = (main) => main() } = this.#platform;
    try {
      return await interruptible(
        () => new Promise((resolve, reject) => {
          this.#main = { resolve, reject };
          const status = this.#enter(() => this.#inside.exports.wio__start());
          if (status) this.#refusal(status === this.#code('ENOENT') ? 'noMain' : 'noMemory').then(reject);
        }),
        () => !!this.#enter(() => this.#inside.exports.wio__cancel_main()),
        this.#watch,
      );
    } finally {
      this.#main = undefined;
      if (this.#system) await this.#system.save();
    }
  }

  /** Live tasks, oldest first. */
  tasks() {
    this.#interop?.begin();
    return this.#gone ? [] : listTasks(this.#inside.exports, this.#inside.memory, this.#watch);
  }

  /** Cancels a task, as wio_task_cancel() does. False if it is not alive, or the module was built for size. @param {number} id */
  cancel(id) {
    return !!this.#enter(() => this.#inside.exports.wio__task_cancel?.(id));
  }

  /** Cancels every task and resolves when all have ended; calls after it are refused. Twice is harmless. @returns {Promise<void>} */
  close() {
    return (this.#closing ??= this.#close());
  }

  async #close() {
    this.#over ??= 'app.close()';
    this.#enter(() => this.#inside.exports.wio__listen?.(0));
    this.#cancelAll();
    if (this.#isBusy()) await new Promise((resolve) => (this.#joined = () => resolve(undefined)));
    if (this.#system) await this.#system.save();
    this.#stop();
  }

  #cancelAll() {
    this.#enter(() => this.#inside.exports.wio__cancel_all());
  }

  #isBusy() {
    return !this.#gone && (this.#depth > 0 || this.#inside.exports.wio__next_task(0) !== 0);
  }

  /* ------------------------------------------------------------------------------------------ Into the module --- */

  /** @template T @param {() => T} run @returns {T | undefined} */
  #enter(run) {
    if (this.#gone) return undefined;
    this.#interop?.begin();
    this.#depth++;
    try {
      return run();
    } catch (error) {
      this.#thrown ??= { error };
      if (this.#depth > 1) throw error; // through the frames in between, to the outermost entry
      return undefined;
    } finally {
      if (--this.#depth === 0) this.#left();
    }
  }

  #left() {
    if (this.#thrown) this.#crashed(this.#thrown.error);
    else this.#clock?.settle();
    this.#interop?.left();
    this.#watch?.left();
    this.#rest();
  }

  /** @param {string} what */
  #tooLate(what) {
    return this.#over instanceof WasyncioError ? this.#over : this.#error('EPERM', `${what} after ${this.#over}: load() the module again`);
  }

  /** @template T @param {string} what @param {() => T} run @returns {T | undefined} */
  #call(what, run) {
    if (this.#over) throw this.#tooLate(what);
    const result = this.#enter(run);
    if (this.#gone) throw this.#tooLate(what);
    return result;
  }

  /** @param {string} what */
  #begin(what) {
    if (this.#over) throw this.#tooLate(what);
    const { signal } = this.#options;
    signal?.throwIfAborted();
    if (!this.#watches.length) {
      const abort = () => this.#cancelAll();
      signal?.addEventListener('abort', abort);
      this.#watches.push(() => signal?.removeEventListener('abort', abort));
      // A process with nothing left to do: the wait can never end.
      const stop = this.#platform.onIdle?.(() => this.#enter(() => this.#inside.exports.wio__idle?.()));
      if (stop) this.#watches.push(stop);
    }
    this.#waiting++;
  }

  #end() {
    if (--this.#waiting === 0) this.#rest();
  }

  /** Nothing is under way? */
  #rest() {
    if ((this.#waiting && !this.#joined) || this.#isBusy()) return; // nobody wants to know, or it is not so
    this.#joined?.();
    // Later than whoever has awaited this: a loop of calls does not give up its watches each time.
    if (!this.#waiting && this.#watches.length) queueMicrotask(() => void (this.#waiting || this.#isBusy() || this.#unwatch()));
  }

  #unwatch() {
    for (const stop of this.#watches.splice(0)) stop();
  }

  /** The module has thrown: exit(), a fault that C found, a trap. @param {any} error */
  #crashed(error) {
    const code = this.#system ? this.#system.exitCode(error) : undefined;
    if (code !== undefined) {
      this.#over = `the program has called exit(${code})`;
      this.#main?.resolve(code & 255);
    } else {
      this.#over = error instanceof WasyncioError ? error : this.#trap(error);
      this.#main?.reject(this.#over);
    }
    this.#interop?.failAll(this.#tooLate('waiting'));
    this.#stop();
  }

  /** @param {any} cause a WebAssembly trap, or a RangeError when the engine's own stack is exhausted */
  #trap(cause) {
    try {
      this.#inside.exports.wio__check(/unreachable/.test(cause?.message));
    } catch (overflow) {
      if (overflow instanceof WasyncioError) return overflow;
    }
    const message = this.#inside.exports.wio__has_aborted?.() ? 'it called abort()' : (cause?.message ?? cause);
    if (cause instanceof RangeError || /recursion/.test(cause?.message)) return this.#fault('EOVERFLOW', `recursed deeper than the JavaScript engine allows (${message})`, cause, true);
    return this.#fault('EFAULT', `crashed: ${message}`, cause, true);
  }

  /** The module cannot go on. @param {string} name @param {string} message @param {unknown} [cause] @param {boolean} [who] the message says what somebody has done */
  #fault(name, message, cause, who) {
    /** @type {import('./tasks.js').TaskInfo[]} */
    let tasks = [];
    try {
      tasks = this.tasks();
    } catch {
      // its memory is no longer what it was
    }
    const running = tasks.find(({ state }) => state === 'running');
    if (who) message = `${running ? `task '${running.name}'` : 'the program'} ${message}`;
    return this.#error(name, message, { task: running?.name, where: running?.where, tasks, cause });
  }

  /** @param {string} name @param {string} message @param {Details} [details] */
  #error(name, message, details) {
    return new WasyncioError(name, message, { code: this.#code(name), ...details, where: short(details?.where) ?? undefined });
  }

  /** @param {'running' | 'noMain' | 'noMemory'} what */
  async #refusal(what) {
    const error = await refusal(what);
    error.code = this.#code(error.name);
    return error;
  }

  /** @param {string} name */
  #code(name) {
    const { exports, memory } = this.#inside;
    if (!memory) return 0; // nothing is loaded yet
    for (let n = 1; !(name in this.#codes); n++) if (n > 255 || memory.text(exports.wio__error_name(n)) === name) this.#codes[name] = n > 255 ? 0 : -n;
    return this.#codes[name];
  }

  #stop() {
    this.#gone = true;
    this.#clock?.stop();
    this.#inside.ops?.stop();
    this.#unwatch();
    this.#joined?.();
  }
}
