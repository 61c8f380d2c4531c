/** Both sides, and which programs they disagree on. */
import { equal } from './compare.js';
import { cSide, pythonSide } from './sides.js';

/** @typedef {import('./ops.js').Program} Program */
/** @typedef {{program: Program, python: number[] | null, rules: string[], c: import('./sides.js').Result, fails: boolean}} Verdict */

/** @param {import('../../lib/hosts.js').Host} [host] */
export async function openOracle(host) {
  const [python, c] = await Promise.all([pythonSide(), cSide(host)]);
  return {
    /** @param {Program[]} programs @returns {Promise<Verdict[]>} */
    async judge(programs) {
      const [expected, got] = await Promise.all([python.run(programs), c.run(programs)]);
      return programs.map((program, i) => {
        const { trace, rules } = expected[i];
        return { program, python: trace, rules, c: got[i], fails: trace !== null && !equal(trace, got[i]) };
      });
    },
    end() {
      python.end();
      c.end();
    },
  };
}
