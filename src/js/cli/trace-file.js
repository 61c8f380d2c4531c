import { closeSync, openSync, writeSync } from 'node:fs';
import { ChromeTrace } from '../debug/chrome-trace.js';
import { UsageError } from './usage.js';

const FOOT = '\n]\n';

/**
 * Writes a trace while the program runs. After every batch the file is complete (but for spans that are still open), so that
 * a crash or a second Ctrl-C loses nothing: the end is written, and overwritten by the next batch.
 */
export class TraceFile {
  #file;
  #at = 0;
  #text = '[';
  #first = true;
  #trace = new ChromeTrace((event) => {
    this.#text += `${this.#first ? '\n' : ',\n'}${JSON.stringify(event)}`;
    this.#first = false;
  });

  /** @param {string} path */
  constructor(path) {
    try {
      this.#file = openSync(path, 'w');
    } catch (error) {
      throw new UsageError(`cannot write ${path}: ${/** @type {Error} */ (error).message}`);
    }
    this.#flush();
  }

  /** @param {import('../node.js').TraceEvent[]} events */
  add = (events) => {
    for (const event of events) this.#trace.add(event);
    this.#flush();
  };

  end() {
    this.#trace.end();
    this.#flush();
    closeSync(this.#file);
  }

  #flush() {
    const bytes = Buffer.from(this.#text + FOOT);
    this.#text = '';
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done, bytes.length - done, this.#at + done);
    this.#at += bytes.length - FOOT.length;
  }
}
