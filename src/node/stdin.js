import { inputOperations, operations as given } from '../host/stdin.js';

/** The process's standard input. It keeps Node alive only while the program reads. */
class ProcessInput {
  /** @type {import('../host/stream.js').Stream | undefined} */
  stream;
  /** @type {Error | undefined} */
  #error;
  #ended = false;

  constructor() {
    const { stdin } = process;
    stdin.on('readable', () => this.stream?.readable());
    stdin.on('end', () => {
      this.#ended = true;
      this.stream?.readable();
    });
    stdin.on('error', (error) => {
      this.#error = error;
      this.stream?.readable();
    });
    /** @type {any} */ (stdin).unref?.(); // a file has none, and needs none
  }

  take() {
    const bytes = process.stdin.read();
    if (bytes) return typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
    if (this.#error) throw this.#error;
    return this.#ended ? null : undefined;
  }
}

/** Of the process, however many modules read it: each byte goes to one. @type {ProcessInput | undefined} */
let shared;

/** @type {import('../host/ops.js').KindModule['operations']} */
export const operations = (host, complete) =>
  host.granted.stdin === undefined ? inputOperations(host, complete, () => (shared ??= new ProcessInput())) : given(host, complete);
