/** The formatter, as the page sees it: a worker, started and fetched when a program is first formatted. */

/** There is no formatter: no network, and no earlier visit that used it. */
export class NoFormatter extends Error {}

export class Formatter {
  /** @type {Worker | undefined} */
  #worker;
  /** @type {{ resolve: (text: string) => void, reject: (error: Error) => void } | undefined} */
  #job;
  #progress;

  /** @param {(loaded: number, total: number) => void} progress bytes, while it is fetched */
  constructor(progress) {
    this.#progress = progress;
  }

  /** One text at a time: an earlier one is left. @param {string} name of the file @param {string} text @returns {Promise<string>} */
  format(name, text) {
    if (this.#job) this.#end(new Error('left for another'));
    return new Promise((resolve, reject) => {
      this.#job = { resolve, reject };
      this.#start().postMessage({ name, text });
    });
  }

  #start() {
    if (this.#worker) return this.#worker;
    const worker = new Worker('formatter.js');
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end(event.message ? new Error(`The formatter has crashed: ${event.message}`) : new NoFormatter('its worker did not load'));
    };
    return (this.#worker = worker);
  }

  /** The next time with a worker of its own. @param {Error} error */
  #end(error) {
    this.#worker?.terminate();
    this.#worker = undefined;
    const job = this.#job;
    this.#job = undefined;
    job?.reject(error);
  }

  /** @param {import('./worker.js').Said} said */
  #receive(said) {
    if (said.kind === 'progress') return this.#progress(said.loaded, said.total);
    if (said.kind === 'missing') return this.#end(new NoFormatter(said.message));
    if (said.kind === 'refused') return this.#end(new Error(said.text));
    const job = this.#job;
    this.#job = undefined;
    job?.resolve(said.text);
  }
}
