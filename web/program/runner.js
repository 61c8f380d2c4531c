/** A program in a worker of its own, and its executors' workers. Ending them ends it, whatever it is doing. */
export class Runner {
  /** @type {Worker | undefined} */
  #worker;
  /** @type {Map<number, Worker>} of its executors */
  #jobWorkers = new Map();

  get running() {
    return this.#worker !== undefined;
  }

  /** Ends what runs and starts this. @param {import('./worker.js').Start} start @param {(message: import('./worker.js').Message) => void} receive */
  start(start, receive) {
    this.stop();
    const worker = new Worker('worker.js');
    this.#worker = worker;
    worker.onmessage = ({ data }) => {
      if (worker !== this.#worker) return; // sent before it was ended
      if (data.kind === 'job-worker') return this.#startJobWorker(worker, data);
      if (data.kind === 'job-worker-end') return this.#endJobWorker(data.id);
      if (data.kind === 'ended' || data.kind === 'failed') this.stop();
      receive(data);
    };
    worker.onerror = (event) => {
      if (worker !== this.#worker) return;
      this.stop();
      receive({ kind: 'failed', name: 'The program could not run', message: event.message || 'its worker did not load', where: null, task: '', time: 0, took: 0 });
    };
    worker.postMessage(typeof start.source === 'string' ? { ...start, source: new URL(start.source, location.href).href } : start);
  }

  /** To the running program. @param {import('./worker.js').Order} order */
  tell(order) {
    this.#worker?.postMessage(order);
  }

  stop() {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const id of this.#jobWorkers.keys()) this.#endJobWorker(id);
  }

  /** @param {Worker} program @param {{ id: number, setup: unknown, port: MessagePort }} wish */
  #startJobWorker(program, { id, setup, port }) {
    const worker = new Worker('executor-worker.js');
    this.#jobWorkers.set(id, worker);
    worker.onerror = (event) => {
      event.preventDefault();
      program.postMessage({ kind: 'job-worker-failed', id, message: event.message || "the script of the executor's workers did not load" });
    };
    worker.postMessage(setup, [port]);
  }

  /** @param {number} id */
  #endJobWorker(id) {
    this.#jobWorkers.get(id)?.terminate();
    this.#jobWorkers.delete(id);
  }
}
