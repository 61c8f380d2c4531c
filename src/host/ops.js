/**
 * The operations that C has started, by id. Knows ids and bytes, nothing of tasks. What an operation does is the matter
 * of its kind: a module beside this one, loaded only for programs that link the C file which names it.
 * @typedef {object} OpsHost
 * @property {Record<string, Function>} exports
 * @property {import('./memory.js').Memory} memory
 * @property {import('../js/options.js').Fetch} fetch
 * @property {import('./clock.js').Clock} [clock]
 * @property {Granted} granted
 * @property {(name: string) => number} code negative error code by name
 * @property {((call: (id: number, options: { signal: AbortSignal }) => Promise<unknown>) => (request: Request) => Promise<Response>) | undefined} [serve] makes of the export of WIO_SERVE what answers a request
 * @property {(run: () => void) => void} enter calls into the module, guarded
 * @property {(() => () => void) | undefined} keepAlive keeps the process, until its result is called: operations are under way
 *
 * What the program may use of the host, by options of load().
 * @typedef {{ stdin?: unknown, allowRun?: boolean | string[], fetch?: import('../js/options.js').Fetch }} Granted
 *
 * @typedef {(id: number, status: number, bytes?: Uint8Array) => void} Complete
 *
 * What a kind of operations brings: how each is started, by number (wio__op_kind in src/io/op.h), reading its request
 * before it returns (id 0: it is told, not asked, and nothing completes); `cancel`, told of every id that is of no interest any more; and `stop`, when the module is gone.
 * @typedef {{ starts: Record<number, (id: number, request: number) => void>, cancel: (id: number) => void, stop: () => void }} Kind
 * @typedef {{ operations: (host: OpsHost, complete: Complete) => Kind }} KindModule
 */
export class Ops {
  #host;
  /** @type {(() => void) | undefined} */
  #letGo;
  /** @type {Map<number, (() => void) | undefined>} what aborts each operation under way */
  #pending = new Map();
  /** @type {Record<number, (id: number, request: number) => void>} */
  #starts = {};
  /** @type {Kind[]} */
  #kinds;
  /** The operation that is being started: one that is answered at once never was under way. */
  #starting = 0;

  /** @param {OpsHost} host @param {KindModule[]} kinds */
  constructor(host, kinds) {
    this.#host = host;
    this.#kinds = kinds.map(({ operations }) => operations(host, (id, status, bytes) => this.complete(id, status, bytes)));
    for (const { starts } of this.#kinds) Object.assign(this.#starts, starts);
    /** What C calls. */
    this.entries = {
      op_start: (/** @type {number} */ id, /** @type {number} */ kind, /** @type {number} */ request) => {
        id >>>= 0;
        this.#starting = id;
        this.#starts[kind](id, request);
        if (this.#starting) this.add(id);
        this.#starting = 0;
      },
      op_cancel: (/** @type {number} */ id) => this.cancel(id >>> 0),
    };
  }

  get size() {
    return this.#pending.size;
  }

  /** @param {number} id @param {() => void} [abort] */
  add(id, abort) {
    this.#pending.set(id, abort);
    if (this.#pending.size === 1) this.#letGo = this.#host.keepAlive?.();
  }

  /** @param {number} id */
  cancel(id) {
    const abort = this.#pending.get(id);
    this.#remove(id);
    abort?.();
    for (const kind of this.#kinds) kind.cancel(id);
  }

  /** @param {number} id */
  #remove(id) {
    if (this.#pending.delete(id) && this.#pending.size === 0) this.#letGo?.();
  }

  /** Late answers, to operations cancelled meanwhile, are dropped here. @param {number} id @param {number} status @param {Uint8Array} [bytes] */
  complete(id, status, bytes) {
    if (id && id === this.#starting) this.#starting = 0;
    else if (!this.#pending.has(id)) return;
    else this.#remove(id);
    const { exports, memory, code, enter } = this.#host;
    enter(() => {
      const size = bytes?.length ?? 0;
      const at = bytes ? exports.wio__op_alloc(id, size) : 0;
      if (bytes && !at) return exports.wio__op_complete(id, code('ENOMEM'), 0);
      if (bytes) memory.write(at, bytes);
      exports.wio__op_complete(id, status, size);
    });
  }

  /** The module is gone: abort everything, tell nobody. */
  stop() {
    for (const id of [...this.#pending.keys()]) this.cancel(id);
    for (const kind of this.#kinds) kind.stop();
  }
}
