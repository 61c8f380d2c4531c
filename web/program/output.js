/**
 * What a program prints, on its way to the page: in batches, and if there is too much of it, without its middle.
 * @typedef {{ stream: 'stdout' | 'stderr', time: number, start: number, text: string }} Record one line, or the end of one that goes on;
 *   `start` characters of its stream came before it
 */

const EVERY = 50; // ms between batches
const HEAD = 5000; // records that always arrive
const BATCH = 5000; // records a batch may have after those
const LONGEST = 10_000; // characters of a record

export class Output {
  #time;
  #send;
  /** @type {Record[]} */
  #records = [];
  #count = 0;
  #passed = 0; // records sent
  #dropped = 0;
  #sent = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #written = { stdout: 0, stderr: 0 };

  /** @param {() => number} time @param {(records: Record[], dropped: number) => void} send */
  constructor(time, send) {
    this.#time = time;
    this.#send = send;
  }

  /** @param {'stdout' | 'stderr'} stream @param {string} text */
  write(stream, text) {
    const time = this.#time();
    for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) this.#add(stream, time, line);
    const now = performance.now();
    // A program that never lets the loop go on lets no timer go off either.
    if (now - this.#sent >= EVERY) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), EVERY);
  }

  /** @param {'stdout' | 'stderr'} stream @param {number} time @param {string} text */
  #add(stream, time, text) {
    const start = this.#written[stream];
    this.#written[stream] += text.length;
    const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)} … and ${text.length - LONGEST} characters more${text.endsWith('\n') ? '\n' : ''}` : text;
    const last = this.#records.at(-1);
    if (last && last.stream === stream && !last.text.endsWith('\n') && last.text.length < LONGEST) last.text += cut;
    else {
      this.#records.push({ stream, time, start, text: cut });
      this.#count++;
    }
    if (this.#count <= HEAD || this.#records.length < 2 * BATCH) return;
    this.#records.splice(Math.max(0, HEAD - this.#passed), BATCH);
    this.#dropped += BATCH;
  }

  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#records.length) this.#sent = performance.now(); // what else is sent does not hold output back
    this.#send(this.#records, this.#dropped);
    this.#passed += this.#records.length;
    this.#records = [];
    this.#dropped = 0;
  }
}
