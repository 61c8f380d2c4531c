/** A difference for people: the program as data, Python and C, both traces. */
import { sideBySide } from './compare.js';
import { toC } from './print-c.js';
import { toPython } from './print-python.js';
import { shrink } from './shrink.js';

/** @typedef {import('./oracle.js').Verdict} Verdict */

/** @param {Verdict} verdict */
export function explainDifference({ program, python, c, fails }) {
  const said = fails && c.said ? c.said.trimEnd().replace(/^/gm, '  stderr: ') : '';
  return [
    '-------- Python, for CPython 3.14',
    toPython(program),
    '-------- C, for wasyncio run --virtual-time',
    toC(program),
    '-------- what happens (times in virtual seconds)',
    sideBySide(program, python ?? [], c),
    said,
    '-------- as data, for tests/conformance/cases',
    JSON.stringify(program),
  ]
    .filter(Boolean)
    .join('\n');
}

/**
 * The smallest program that still differs.
 * @param {{judge(programs: import('./ops.js').Program[]): Promise<Verdict[]>}} oracle @param {Verdict} verdict
 */
export async function shrunk(oracle, verdict) {
  const program = await shrink(verdict.program, async (programs) => (await oracle.judge(programs)).map((each) => each.fails));
  return (await oracle.judge([program]))[0];
}
