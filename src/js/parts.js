import { Memory } from '../host/memory.js';
import { createSink } from './options.js';

/** What the imports and exports between the two halves look like; src/core/entry.c says the same number, and core.js knows it. */
const ABI = '5';

/**
 * What a module needs of this package beyond the core: what a program does not use, its page does not load. And what
 * options and platform bring.
 */
export class Parts {
  #core;
  /** @type {import('./more.js').More} */
  more;
  /** @type {import('./app.js').Inside} the core, with what parts find there besides */
  #inside;
  /** @type {string[][]} the section's lines, by their tabs: those of WIO_EXPORT and WIO_IMPORT among them */
  #declarations = [];
  /** @type {import('./interop/interop.js').Interop | undefined} */
  #interop;
  /** libc's side of the host. @type {Awaited<ReturnType<typeof import('./system/wasi.js').createWasi>> | undefined} */
  #system;
  /** @type {import('./debug/watch.js').Watch | undefined} */
  #watching;
  /** @type {typeof import('../host/virtual-clock.js') | undefined} */
  #virtual;
  /** @type {(() => void)[] | undefined} what ends with the last promise that waits for the module */
  #watches;
  /** Calls into the module, and load(), that would throw what it throws. */
  #calling = 1;
  /** What C calls, and the other modules of imports. @type {Record<string, WebAssembly.ImportValue>} */
  entries = {};
  /** @type {Record<string, Record<string, WebAssembly.ImportValue>>} */
  modules = {};
  /** @type {((bytes: Uint8Array) => void)} */
  stderr = () => {};
  /** @type {((task: number) => object) | undefined} of a task, for app.tasks() */
  details;

  /** @param {import('./core.js').Core} core @param {import('./more.js').More} more */
  constructor(core, more) {
    this.#core = core;
    this.more = more;
    const { options, platform } = core;
    const check = () => {
      if (core.thrown) throw core.thrown.error;
    };
    const call = (/** @type {string} */ what, /** @type {() => any} */ run) => {
      if (core.over) throw more.tooLate(core, what);
      this.#calling++;
      try {
        const result = core.enter(run);
        if (core.gone) throw more.tooLate(core, what);
        return result;
      } finally {
        this.#calling--;
      }
    };
    this.#inside = Object.assign(/** @type {any} */ (core), {
      fetch: options.fetch ?? ((/** @type {string} */ url, /** @type {RequestInit} */ init) => fetch(url, init)),
      granted: options,
      code: more.code,
      error: more.error,
      check,
      call,
      keepAlive: platform.keepAlive,
    });
  }

  /** @param {WebAssembly.Module} module @param {string} declared in the module's sections */
  async load(module, declared) {
    const [core, inside] = [this.#core, this.#inside];
    const { options, platform } = core;
    const { args = [], env = {}, imports = {}, clock } = options;
    const argv = ['app.wasm', ...args];
    const sinks = await Promise.all([this.#sink('stdout'), this.#sink('stderr')]);
    const found = await this.#loadNeeded(module, declared);
    if (found.watch) {
      const watch = (this.#watching = new found.watch.Watch(inside, options, sinks));
      this.details = (task) => watch.details(task);
    }
    const stderr = (this.stderr = sinks[1]);
    const setup = (inside.setup = [module, argv, env, ...sinks, options, platform]);
    const system = (this.#system = found.wasi && (await found.wasi.createWasi(setup, inside.error)));
    const shared = found.sharing && found.sharing.share(inside, this.#declarations, platform);
    if (found.ops) inside.ops = new found.ops.Ops(inside, found.kinds);
    const interop = (this.#interop = found.interop && new found.interop.Interop(inside, module, this.#declarations, imports));
    if (clock && clock !== 'real') this.#virtual = await import('../host/virtual-clock.js');
    this.entries = {
      log: (/** @type {number} */ at, /** @type {number} */ size) => stderr(inside.memory.copy(at, size)),
      fault: (/** @type {number} */ at, /** @type {number} */ size) => {
        throw this.more.fault(core, 'EOVERFLOW', inside.memory.textOf(at, size));
      },
      settle: (/** @type {number} */ call, /** @type {number} */ status, /** @type {number} */ error) =>
        call ? interop?.settle(call >>> 0, status, error) : core.main?.resolve(status & 255),
      ...found.args?.createArgs(inside, argv),
      ...shared,
      ...inside.ops?.entries,
      ...interop?.entries,
    };
    this.modules = {
      wasi_snapshot_preview1: system ? system.imports : {},
      env: { emscripten_notify_memory_growth() {}, ...shared },
      wasyncio_import: interop?.imports ?? {},
    };
  }

  /** @param {WebAssembly.Module} module @param {string} declared */
  async #loadNeeded(module, declared) {
    const { refusal } = this.more;
    if (!WebAssembly.Module.customSections(module, 'wasyncio').length) throw refusal('notOurs');
    this.#declarations = declared.split('\n').map((line) => line.split('\t'));
    const all = (/** @type {string} */ what) => this.#declarations.filter(([kind]) => kind === what).map(([, name]) => name);
    const [abi] = all('abi');
    if (abi !== ABI) throw refusal('otherAbi', abi, ABI);
    const kinds = all('op');
    const known = kinds.length ? { ...(await import('./kinds.js')).KINDS, ...this.#core.platform.kinds } : {};
    for (const kind of kinds) if (!known[kind]) throw refusal('noSuchKind', kind);
    const linked = new Set([...WebAssembly.Module.imports(module), ...WebAssembly.Module.exports(module)].flatMap((entry) => Object.values(entry)));
    const imports = linked.has('wasyncio_import');
    const [ops, interop, wasi, args, watch, sharing, ...loaded] = await Promise.all([
      imports || kinds.length > 0 ? import('../host/ops.js') : undefined,
      imports || linked.has('wio__listen') ? import('./interop/interop.js') : undefined,
      linked.has('wasi_snapshot_preview1') ? import('./system/wasi.js') : undefined,
      linked.has('args') ? import('./system/args.js') : undefined,
      linked.has('wio__trace_start') ? import('./debug/watch.js') : undefined,
      all('memory').length > 0 ? import('./workers/shared.js') : undefined,
      ...kinds.map((kind) => known[kind]()),
    ]);
    return { kinds: loaded, ops, interop, wasi, args, watch, sharing };
  }

  /** @param {'stdout' | 'stderr'} which @returns {Promise<(bytes: Uint8Array) => void>} */
  async #sink(which) {
    const { options, platform } = this.#core;
    const failed = (/** @type {any} */ cause) => this.more.fault(this.#core, 'EIO', `the ${which} function given to load() threw: ${cause?.message ?? cause}`, cause);
    return createSink(options[which], failed) ?? platform.output(which);
  }

  /** @param {() => void} tick */
  clock(tick) {
    const { options, platform } = this.#core;
    return this.#virtual?.virtualClock(tick, platform.poster, () => this.#inside.ops?.size ?? 0, Object(options.clock));
  }

  /** @param {WebAssembly.Instance} instance */
  linked(instance) {
    const { shared } = this.#inside;
    this.#inside.memory = new Memory(shared ?? /** @type {any} */ (instance.exports.memory));
    this.#system?.setInstance(instance, shared);
  }

  /** @param {Record<string, (...args: any[]) => any>} exposed what `app.exports` is */
  expose(exposed) {
    Object.assign(exposed, this.#interop?.expose());
    this.#calling--; // load() is done
  }

  /** Runs main(). @param {() => Promise<number>} main */
  main(main) {
    const core = this.#core;
    const { interruptible } = core.platform;
    return interruptible ? interruptible(main, () => !!core.enter(core.exports.wio__cancel_main), this.#watching) : main();
  }

  /** Files go to where they stay. */
  async save() {
    await this.#system?.save();
  }

  /** Before the module is entered, or looked at. */
  enter() {
    this.#interop?.begin();
  }

  /** The module has returned. */
  left() {
    this.#interop?.left();
    this.#watching?.left();
  }

  /** The module has thrown: exit(), a fault that C found, a trap. @param {any} error */
  crashed(error) {
    const core = this.#core;
    const code = this.#system?.exitCode(error);
    const heard = core.waiting + this.#calling > 0;
    if (code === undefined) {
      this.more.crashed(core, error);
    } else {
      core.over = `the program has called exit(${code})`;
      core.main?.resolve(code & 255);
    }
    const why = this.more.tooLate(core, 'waiting');
    this.#interop?.failAll(why);
    const { over } = core.options;
    if (over) queueMicrotask(() => over(code === undefined ? why : code & 255)); // not before the module has been stopped
    else if (!heard && code === undefined) this.#say(`${why.name}: ${why.message}`);
  }

  /** Nobody else would hear of it. @param {string} words */
  #say(words) {
    try {
      this.stderr(new TextEncoder().encode(`wasyncio: ${words}\n`));
    } catch {
      // and a stderr that throws hears nothing
    }
  }

  /** A promise waits for the module. @param {string} [what] that is refused if the app is over */
  watch(what) {
    const core = this.#core;
    if (what && core.over) throw this.more.tooLate(core, what);
    const { signal } = core.options;
    signal?.throwIfAborted();
    if (this.#watches) return;
    const abort = () => core.cancelAll();
    signal?.addEventListener('abort', abort);
    // A process with nothing left to do: the wait can never end.
    const stop = core.platform.onIdle?.(() => core.enter(() => core.exports.wio__idle?.()));
    this.#watches = [() => signal?.removeEventListener('abort', abort), ...(stop ? [stop] : [])];
  }

  /** None does any more. Later than whoever has awaited this: a loop of calls does not give up its watches each time. */
  rest() {
    const core = this.#core;
    if (this.#watches) queueMicrotask(() => queueMicrotask(() => void (core.waiting || core.isBusy() || this.unwatch())));
  }

  unwatch() {
    for (const stop of this.#watches ?? []) stop();
    this.#watches = undefined;
  }

  stop() {
    this.#inside.ops?.stop();
    this.unwatch();
  }
}
