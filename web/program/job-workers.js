/**
 * An executor's workers, as the program's worker sees them. The page starts and ends them: in a Firefox that is driven by
 * automation or looked at by a debugger, `new Worker()` inside a worker now and then never returns. Jobs and answers do not
 * pass through the page, which may be busy, but by a port.
 *
 * @typedef {{ kind: 'job-worker', id: number, setup: import('../../src/js/workers/jobs.js').Setup, port: MessagePort } | { kind: 'job-worker-end', id: number }} Wish
 */

export class JobWorkers {
  #made = 0;
  #send;
  /** @type {Map<number, any>} */
  #workers = new Map();

  /** @param {(wish: Wish, transfer?: Transferable[]) => void} send to the page */
  constructor(send) {
    this.#send = send;
  }

  /** What load()'s option `worker` is to return: of a Worker, what src/js/workers/executor.js uses. */
  create = () => {
    const id = ++this.#made;
    const { port1, port2 } = new MessageChannel();
    let started = false;
    const worker = /** @type {any} */ ({
      postMessage: (/** @type {any} */ message, /** @type {Transferable[]} */ transfer = []) => {
        if (started) return port1.postMessage(message, transfer);
        started = true;
        this.#send({ kind: 'job-worker', id, setup: message, port: port2 }, [port2]);
      },
      terminate: () => {
        port1.close();
        this.#workers.delete(id);
        this.#send({ kind: 'job-worker-end', id });
      },
    });
    port1.onmessage = (event) => worker.onmessage(event);
    port1.onmessageerror = (event) => worker.onmessageerror(event);
    this.#workers.set(id, worker);
    return worker;
  };

  /** The page could not start it, or it has thrown. @param {number} id @param {string} message */
  failed(id, message) {
    this.#workers.get(id)?.onerror({ message, preventDefault() {} });
  }
}
