import { realClock } from '../host/clock.js';
import { more } from './errors.js';
import { listTasks, textAt } from './tasks.js';

/** @type {import('./options.js').LoadOptions} */
export const NONE = {};

/** What a module says of itself that needs nothing of more.js: the imports and exports between the two halves look like that. */
const ABI = 'abi\t5\n';

/** Of imports and exports: what more.js has. */
const NEEDS = /wasi|env|import"|args|log|fault|op_|wio__(listen|trace_s)/;

/** Of src/host/host.h: what is told of the tasks, and from where on the program cannot go on. */
const [DEADLOCK, STACK] = [2, 4];

/**
 * The inside of an app: calls into the module and out of it, main(), and the end. What else an app may have is in `parts`
 * (src/js/parts.js), if it has any.
 */
export class Core {
  /** Of the instance. @type {any} */
  exports = {};
  /** What `app.exports` is. @type {Record<string, (...args: any[]) => any>} */
  exposed = {};
  /** Why nothing new can be called: after what, or because of a crash. @type {string | import('./errors.js').WasyncioError | undefined} */
  over;
  /** The module must not be entered any more. */
  gone = false;
  /** What the module has thrown, while it is still on its way out through JavaScript frames. @type {{ error: unknown } | undefined} */
  thrown;
  /** Nested calls into the module. */
  #depth = 0;
  /** @type {{ resolve: (code: number) => void, reject: (error: unknown) => void } | undefined} */
  main;
  /** Promises that wait for the module. */
  waiting = 0;
  /** @type {Promise<void> | undefined} */
  #closing;
  /** @type {((nothing?: undefined) => void) | undefined} */
  #joined;
  /** @type {import('../host/clock.js').Clock | undefined} */
  clock;
  /** @type {import('./parts.js').Parts | undefined} */
  parts;
  /** Words that are being looked for. @type {Promise<void> | undefined} */
  #telling;

  /** @param {import('./options.js').LoadOptions} options @param {import('./platform.js').Platform} platform */
  constructor(options, platform) {
    this.options = options;
    this.platform = platform;
  }

  /** @param {WebAssembly.Module} module */
  async start(module) {
    const { customSections, imports, exports } = WebAssembly.Module;
    const declared = customSections(module, 'wasyncio').map((section) => new TextDecoder().decode(section)).join('');
    const { platform } = this;
    if (declared !== ABI || this.options !== NONE || platform.kinds || NEEDS.test(JSON.stringify([imports(module), exports(module)])))
      this.parts = await (await more()).createParts(this, module, declared);
    const { parts } = this;
    const tick = () => void this.enter(this.exports.wio__tick);
    const { now, arm, post } = (this.clock = parts?.clock(tick) ?? realClock(tick, platform.poster));
    try {
      const instance = await WebAssembly.instantiate(module, {
        wasyncio: { now, arm, post, report: this.#report, settle: (/** @type {number} */ _, /** @type {number} */ status) => this.main?.resolve(status & 255), ...parts?.entries },
        ...parts?.modules,
      });
      this.exports = instance.exports;
      parts?.linked(instance);
    } catch (error) {
      throw (await more()).refusal('notLinked', error);
    }
    this.enter(() => this.exports._initialize?.());
    if (this.gone) throw await this.#tooLate('load()');
    parts?.expose(this.exposed);
    Object.freeze(this.exposed);
  }

  async run() {
    if (this.#depth) await undefined; // called by a function that C has called: not on top of that
    if (this.over) throw await this.#tooLate('app.run()');
    this.begin();
    try {
      if (this.main) throw (await more()).refusal('running');
      return await this.#runMain();
    } finally {
      this.end();
    }
  }

  async #runMain() {
    const { parts } = this;
    const main = () =>
      new Promise((/** @type {(code: number) => void} */ resolve, reject) => {
        this.main = { resolve, reject };
        const status = this.enter(this.exports.wio__start);
        if (status) more().then(({ notStarted }) => reject(notStarted(status)));
      });
    try {
      return await (parts ? parts.main(main) : main());
    } finally {
      this.main = undefined;
      await (parts ? parts.save() : this.#telling);
    }
  }

  tasks = () => {
    this.parts?.enter();
    return this.gone ? [] : this.list();
  };

  /** Also after a crash. */
  list() {
    return listTasks(this.exports, this.parts?.details);
  }

  close() {
    return (this.#closing ??= this.#end());
  }

  async #end() {
    this.over ??= 'app.close()';
    this.enter(() => this.exports.wio__listen?.(0));
    this.cancelAll();
    if (this.isBusy()) await new Promise((resolve) => (this.#joined = resolve));
    try {
      await (this.parts ? this.parts.save() : this.#telling);
    } finally {
      this.#stop();
    }
  }

  cancelAll() {
    this.enter(this.exports.wio__cancel_all);
  }

  isBusy() {
    return !this.gone && (this.#depth > 0 || this.exports.wio__next_task(0) !== 0);
  }

  /** Calls into the module; whatever it throws ends the app. @type {<T>(run: () => T) => T | undefined} */
  enter = (run) => {
    if (this.gone) return undefined;
    this.parts?.enter();
    this.#depth++;
    try {
      return run();
    } catch (error) {
      this.thrown ??= { error };
      if (this.#depth > 1) throw error; // through the frames in between, to the outermost entry
      return undefined;
    } finally {
      if (--this.#depth === 0) this.#left();
    }
  };

  #left() {
    const { parts, thrown } = this;
    if (!thrown) this.clock?.settle?.();
    else if (parts) parts.crashed(thrown.error);
    else {
      this.over = 'a crash';
      this.#tell(({ crashed }) => crashed(this, thrown.error));
    }
    if (thrown) this.#stop();
    parts?.left();
    this.#rest();
  }

  /** Somebody waits for the module from now on. Parts, which have the words at once, refuse it if the app is over. @param {string} [what] */
  begin(what) {
    this.parts?.watch(what);
    this.waiting++;
  }

  end() {
    if (--this.waiting === 0) this.#rest();
  }

  /** @param {string} what */
  async #tooLate(what) {
    await this.#telling;
    return (await more()).tooLate(this, what);
  }

  /** Nothing is under way? */
  #rest() {
    if ((this.waiting && !this.#joined) || this.isBusy()) return; // nobody wants to know, or it is not so
    this.#joined?.();
    if (!this.waiting) this.parts?.rest();
  }

  /** From C: something is to be said that takes words (wio__host_report). @param {number} what @param {number} first @param {number} number @param {number[]} texts */
  #report = (what, first, number, ...texts) => {
    const about = { what, first, number, texts: texts.map((at) => /** @type {string | number} */ (at >>> 0 > 1023 ? textAt(this.exports, at) : at)), tasks: what === DEADLOCK ? this.list() : [] };
    if (what >= STACK) throw about;
    this.#tell(({ report }) => report(this, about));
  };

  /** At once, if the words are there. @param {(words: import('./more.js').More) => void | Promise<void>} what */
  #tell(what) {
    if (this.parts) what(this.parts.more);
    else this.#telling = Promise.all([more(), this.#telling]).then(([words]) => what(words)).catch((error) => this.main?.reject(error));
  }

  #stop() {
    this.gone = true;
    this.clock?.stop();
    this.parts?.stop();
    this.#joined?.();
  }
}
