import { fetchOps } from './fetch.js';

/**
 * The operations that C has started, by id. Knows ids and bytes, nothing of tasks.
 * @typedef {object} OpsHost
 * @property {Record<string, Function>} exports
 * @property {import('./memory.js').Memory} memory
 * @property {typeof fetch} fetch
 * @property {(name: string) => number} code negative error code by name
 * @property {(run: () => void) => void} enter calls into the module, guarded
 * @property {(busy: boolean) => void} busy whether any operation is under way: the process must stay alive
 */
export class Ops {
  #host;
  /** @type {Map<number, () => void>} what aborts each operation under way */
  #pending = new Map();
  #kinds;

  /** @param {OpsHost} host */
  constructor(host) {
    this.#host = host;
    const { start, read, cancel } = fetchOps(host, (id, status, bytes) => this.complete(id, status, bytes));
    this.cancelled = cancel;
    /** @type {Record<number, (id: number, request: number) => void>} as wio__op_kind in src/io/op.h */
    this.#kinds = { 1: start, 2: read };
  }

  get size() {
    return this.#pending.size;
  }

  /** @param {number} id @param {() => void} abort */
  add(id, abort) {
    this.#pending.set(id, abort);
    if (this.#pending.size === 1) this.#host.busy(true);
  }

  /** @param {number} id @param {number} kind @param {number} request */
  start(id, kind, request) {
    this.add(id, () => {});
    this.#kinds[kind](id, request);
  }

  /** @param {number} id */
  cancel(id) {
    const abort = this.#pending.get(id);
    this.#remove(id);
    abort?.();
    this.cancelled(id);
  }

  /** @param {number} id */
  #remove(id) {
    if (this.#pending.delete(id) && this.#pending.size === 0) this.#host.busy(false);
  }

  /** Late answers, to operations cancelled meanwhile, are dropped here. @param {number} id @param {number} status @param {Uint8Array} [bytes] */
  complete(id, status, bytes) {
    if (!this.#pending.has(id)) return;
    this.#remove(id);
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
  }
}
