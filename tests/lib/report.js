/** Prints failures as they come, a line for each suite when its last test has ended, and the sum at the end. */
import { label } from './hosts.js';

export class Report {
  passed = 0;
  failed = 0;
  /** @type {Map<string, {units: number, passed: number, failed: number, start: number}>} */
  #suites = new Map();

  /** @param {string} suite @param {number} units */
  expect(suite, units) {
    this.#suites.set(suite, { units, passed: 0, failed: 0, start: Date.now() });
  }

  /** @param {string} suite @param {string} id @param {string} place @param {import('./suite.js').Result[]} results */
  add(suite, id, place, results) {
    const sums = this.#suites.get(suite);
    if (!sums) throw new Error(`no suite ${suite}`);
    for (const { name, ok, detail } of results) {
      if (ok) {
        this.passed++;
        sums.passed++;
        continue;
      }
      this.failed++;
      sums.failed++;
      const [first, ...more] = (detail ?? '').split('\n');
      console.log([`FAIL ${id} [${label(place)}] ${name}: ${first}`, ...more].join('\n       '));
    }
  }

  /** One unit of the suite has ended in all its places. @param {string} suite */
  unitDone(suite) {
    const sums = this.#suites.get(suite);
    if (!sums || --sums.units > 0) return;
    const seconds = ((Date.now() - sums.start) / 1000).toFixed(1);
    console.log(`${suite.padEnd(12)} ${sums.passed} passed, ${sums.failed} failed (${seconds} s)`);
  }

  /** @type {{ what: string, seconds: number }[]} */
  #times = [];

  /** How long it takes is noted. @template T @param {string} what @param {() => Promise<T>} run */
  async timed(what, run) {
    const start = Date.now();
    try {
      return await run();
    } finally {
      this.#times.push({ what, seconds: (Date.now() - start) / 1000 });
    }
  }

  /** The longest ones. */
  showTimes(count = 40) {
    for (const { what, seconds } of this.#times.sort((a, b) => b.seconds - a.seconds).slice(0, count)) console.log(`${seconds.toFixed(1).padStart(7)} s  ${what}`);
  }

  /** The last line. Nothing run is not a success. @returns {number} exit code */
  end() {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    return this.failed || !this.passed ? 1 : 0;
  }
}
