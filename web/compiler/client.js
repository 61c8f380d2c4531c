/**
 * The in-page compiler, as the page sees it: a worker that is started, and fetches its toolchain, at the first edit.
 * @typedef {import('../editor/marks.js').Problem} Problem
 * @typedef {{ module?: ArrayBuffer, output: string, diagnostics: Problem[], took: number }} Built
 * @typedef {{ state: 'none' | 'loading' | 'ready' | 'failed' | 'missing', loaded: number, total: number, words: string, cached: boolean }} State
 */

/** Is there a service worker? */
const controlled = () => !!navigator.serviceWorker?.controller;

export class Compiler extends EventTarget {
  /** @type {State} */
  state;
  /** @type {Worker | undefined} */
  #worker;
  #number = 0;
  /** @type {{ number: number, resolve: (built: Built) => void, reject: (error: Error) => void } | undefined} */
  #job;

  /** @param {number} total bytes of the toolchain; 0: this copy of the page has none */
  constructor(total) {
    super();
    this.state = { state: total ? 'none' : 'missing', loaded: 0, total, words: '', cached: false };
  }

  /** Is it in the cache, from an earlier visit? */
  async look() {
    if (this.state.state !== 'none' || !('caches' in globalThis)) return;
    const found = await caches.has('wasyncio-toolchain').catch(() => false);
    if (found && this.state.state === 'none') this.#set({ cached: true });
  }

  /** @param {Partial<State>} state */
  #set(state) {
    this.state = { ...this.state, ...state };
    this.dispatchEvent(new Event('state'));
  }

  /** @param {Record<string, string>} files @returns {Promise<Built>} rejects if there is no compiler */
  build(files) {
    if (this.state.state === 'missing') return Promise.reject(new Error('This copy of the page was built without a compiler, so only unchanged programs run here. `make web` builds one with it.'));
    this.stop(); // one program at a time
    const number = ++this.#number;
    return new Promise((resolve, reject) => {
      this.#job = { number, resolve, reject };
      this.#start().postMessage({ kind: 'build', number, files, controlled: controlled() });
    });
  }

  /** Fetches the toolchain, if it is not there: what is edited will be run. */
  prepare() {
    if (this.state.state === 'none') this.#start().postMessage({ kind: 'prepare', controlled: controlled() });
  }

  get ready() {
    return this.state.state === 'ready' && !this.#job;
  }

  /** Whatever is being built is of no interest any more; what was loaded stays. */
  stop() {
    const job = this.#job;
    this.#job = undefined;
    job?.reject(new Error('stopped'));
  }

  #start() {
    if (this.#worker) return this.#worker;
    const worker = new Worker('compiler.js');
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#failed(event.message || 'its worker did not load');
    };
    return worker;
  }

  /** @param {string} words */
  #failed(words) {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#set({ state: 'failed', words });
    const job = this.#job;
    this.#job = undefined;
    job?.reject(new Error(words));
  }

  /** @param {import('./worker.js').Said} said */
  #receive(said) {
    if (said.kind === 'progress') this.#set({ state: 'loading', loaded: said.loaded, total: said.total });
    else if (said.kind === 'ready') this.#set({ state: 'ready', cached: said.cached });
    else if (said.kind === 'failed') this.#failed(said.message);
    else if (this.#job?.number === said.number) {
      const { resolve } = this.#job;
      this.#job = undefined;
      resolve(said.built);
    }
  }
}
