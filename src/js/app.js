/**
 * What the parts of an app share: core.js, and what parts.js adds to it. Parts that are loaded on demand import nothing of
 * the core, since that would no longer be one file then: they find it here.
 * @typedef {object} Inside
 * @property {any} exports of the instance
 * @property {import('../host/memory.js').Memory} memory
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
 * @property {unknown} over why nothing new can be called, if so
 * @property {LoadOptions} options
 * @property {<T>(what: string, run: () => T) => T | undefined} call enter() for JavaScript's own calls: throws if the app is over, before or after
 * @property {(name: string, message: string, details?: Details) => import('./errors.js').WasyncioError} error
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
  #core;

  /** For load() alone. @private @param {import('./core.js').Core} core */
  constructor(core) {
    this.#core = core;
    /** The module's WIO_EXPORT coroutines, each returning a promise, and its plain C functions. @type {Record<string, (...args: any[]) => any>} */
    this.exports = core.exposed;
  }

  /**
   * Runs main(). Resolves with its exit code (or exit()'s; 130 if Ctrl-C ended it), rejects if the program crashed.
   * @returns {Promise<number>}
   */
  run() {
    return this.#core.run();
  }

  /** Live tasks, oldest first. @returns {import('./tasks.js').TaskInfo[]} */
  tasks() {
    return this.#core.tasks();
  }

  /** Cancels a task, as wio_task_cancel() does. False if it is not alive, or the module was built for size. @param {number} id */
  cancel(id) {
    const core = this.#core;
    return !!core.enter(() => core.exports.wio__task_cancel?.(id));
  }

  /** Cancels every task and resolves when all have ended; calls after it are refused. Twice is harmless. @returns {Promise<void>} */
  close() {
    return this.#core.close();
  }
}
