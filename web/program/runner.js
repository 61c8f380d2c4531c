/** A program in a worker of its own. Ending the worker ends it, whatever it is doing. */
export class Runner {
  /** @type {Worker | undefined} */
  #worker;

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
  }
}
