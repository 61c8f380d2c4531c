/**
 * A program in a worker of its own. Ending the worker ends it, whatever it is doing.
 * @typedef {object} Events
 * @property {(message: import('./worker.js').Message) => void} message
 */
export class Runner {
  /** @type {Worker | undefined} */
  #worker;

  get running() {
    return this.#worker !== undefined;
  }

  /** Ends what runs and starts this. @param {string} url @param {(message: import('./worker.js').Message) => void} receive */
  start(url, receive) {
    this.stop();
    const worker = new Worker('worker.js');
    this.#worker = worker;
    worker.onmessage = ({ data }) => {
      if (worker !== this.#worker) return; // sent before it was ended
      if (data.kind !== 'output') this.stop();
      receive(data);
    };
    worker.onerror = (event) => {
      if (worker !== this.#worker) return;
      this.stop();
      receive({ kind: 'failed', name: 'The program could not run', message: event.message || 'its worker did not load', time: 0 });
    };
    worker.postMessage({ url: new URL(url, location.href).href });
  }

  stop() {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}
