/** What is equal, and how a difference is shown. */

/** @typedef {import('./sides.js').Result} Result @typedef {import('./ops.js').Program} Program */

export const EVENT = 5;
const NAMES = ['ok', 'CANCELED', 'TIMEDOUT', 'BROKEN', 'SHUTDOWN', 'EMPTY', 'FULL', 'PERM', 'INVAL', 'DEADLK', 'ALREADY', 'NONE', 'UNKNOWN', 'BUSY'];
const LEFT = ['tasks', 'timers', 'operations'];

/** The same on both sides? @param {number[]} python @param {Result} c */
export const equal = (python, c) => !c.left && python.length === c.trace.length && python.every((each, i) => each === c.trace[i]);

/** @param {number} code */
const codeName = (code) => (code <= -1000 ? `error ${-code - 1000}` : (NAMES[-code] ?? `code ${code}`));

/**
 * An event in words.
 * @param {number[]} event @param {Map<number, string>} names of statements
 */
function words([task, statement, code, value, time], names) {
  const at = `${(time / 4).toFixed(2)} s  task ${task}`;
  const outcome = code === 0 ? (value ? `-> ${value}` : '') : codeName(code);
  if (statement >= 0) return `${at}  #${statement} ${names.get(statement)} ${outcome}`.trimEnd();
  if (statement === -1) return `${at}  starts`;
  if (statement === -2) return `${at}  ends ${outcome}`.trimEnd();
  if (statement === -3) return `${at}  the run ends ${outcome}`.trimEnd();
  const note = ['', 'expired', 'errors in the group', 'of them', 'a result of gather'][code] ?? `note ${code}`;
  return `${at}  ${note}: ${value < 0 ? codeName(value) : value}`;
}

/** @param {number[]} trace */
const events = (trace) => Array.from({ length: Math.ceil(trace.length / EVENT) }, (_, i) => trace.slice(i * EVENT, i * EVENT + EVENT));

/** @param {Program} program */
function statementNames(program) {
  /** @type {Map<number, string>} */
  const names = new Map();
  /** @param {import('./ops.js').Statement[]} block */
  const walk = (block) => {
    for (const [op, , , blocks, number] of block) {
      names.set(number, op);
      blocks.forEach(walk);
    }
  };
  program.functions.forEach(walk);
  return names;
}

/**
 * Both traces side by side; the first difference is marked.
 * @param {Program} program @param {number[]} python @param {Result} c
 */
export function sideBySide(program, python, c) {
  const names = statementNames(program);
  const left = events(python);
  const right = events(c.trace);
  const lines = [`  ${'asyncio'.padEnd(52)}wasyncio`];
  let marked = false;
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const l = left[i] ? words(left[i], names) : '(nothing)';
    const r = right[i] ? words(right[i], names) : '(nothing)';
    const differs = String(left[i]) !== String(right[i]);
    lines.push(`${differs && !marked ? '>' : ' '} ${l.padEnd(52)}${r}`);
    if (differs && marked) {
      lines.push('  …');
      break;
    }
    marked ||= differs;
  }
  if (c.left) lines.push(`  left over in wasyncio: ${LEFT.filter((_, i) => (c.left >> i) & 1).join(', ')}`);
  return lines.join('\n');
}
