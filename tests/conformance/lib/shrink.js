/** Makes a failing program small: every step that leaves it failing is taken, until there is none. */
import { number } from './ops.js';

/** @typedef {import('./ops.js').Program} Program @typedef {import('./ops.js').Statement} Statement */

/** @template T @param {T} value @returns {T} */
const copy = (value) => structuredClone(value);

/**
 * Every list of statements in a program.
 * @param {Program} program @returns {Statement[][]}
 */
function lists(program) {
  /** @type {Statement[][]} */
  const found = [];
  /** @param {Statement[]} block */
  const walk = (block) => {
    found.push(block);
    for (const statement of block) statement[3].forEach(walk);
  };
  program.functions.forEach(walk);
  return found;
}

/** Where an operation's arguments name functions: from, to. @type {Record<string, [number, number]>} */
const FUNCTION_ARGUMENTS = { spawn: [0, 1], call: [0, 1], wait_for: [0, 1], spawn_in: [1, 2], generator_open: [0, 1], generator_for: [0, 1], gather: [1, 99] };

/** Takes out function n; what names it goes too. @param {Program} program @param {number} n */
function withoutFunction(program, n) {
  const smaller = copy(program);
  smaller.functions.splice(n, 1);
  for (const list of lists(smaller)) {
    for (let i = list.length - 1; i >= 0; i--) {
      const [op, , args] = list[i];
      const [from, to] = FUNCTION_ARGUMENTS[op] ?? [0, 0];
      const named = args.slice(from, to);
      if (named.includes(n) && (op !== 'gather' || named.every((f) => f === n))) {
        list.splice(i, 1);
        continue;
      }
      const rest = named.filter((f) => f !== n).map((f) => (f > n ? f - 1 : f));
      if (to) args.splice(from, to - from, ...rest);
    }
  }
  return smaller;
}

/** Programs that are a step smaller, the boldest first. @param {Program} program @returns {Program[]} */
function steps(program) {
  /** @type {Program[]} */
  const found = [];
  for (let n = 1; n < program.functions.length; n++) found.push(withoutFunction(program, n));
  const count = lists(program).length;
  /** @param {(list: Statement[]) => void} change @param {number} at */
  const changed = (change, at) => {
    const smaller = copy(program);
    change(lists(smaller)[at]);
    found.push(smaller);
  };
  for (let at = 0; at < count; at++) {
    const list = lists(program)[at];
    if (list.length > 2) changed((it) => it.splice(0, it.length >> 1), at);
    if (list.length > 2) changed((it) => it.splice(it.length >> 1), at);
    for (let i = 0; i < list.length; i++) changed((it) => it.splice(i, 1), at);
    for (let i = 0; i < list.length; i++) {
      const [, catches, args, blocks] = list[i];
      for (let b = 0; b < blocks.length; b++) changed((it) => it.splice(i, 1, ...it[i][3][b]), at);
      if (catches) changed((it) => (it[i][1] = 0), at);
      if (list[i][0] === 'gather' && args.length > 2) for (let a = 1; a < args.length; a++) changed((it) => it[i][2].splice(a, 1), at);
      for (let a = 0; a < args.length; a++) {
        const [from, to] = FUNCTION_ARGUMENTS[list[i][0]] ?? [0, 0];
        if (a >= from && a < to) continue;
        for (const less of new Set([0, 1, 2, args[a] - 1])) if (less >= 0 && less < args[a]) changed((it) => (it[i][2][a] = less), at);
      }
    }
  }
  return found.map(number);
}

/**
 * @param {Program} program one that fails
 * @param {(programs: Program[]) => Promise<boolean[]>} fail which of them fail
 * @param {number} [most] rounds
 */
export async function shrink(program, fail, most = 60) {
  let best = copy(program);
  for (let round = 0; round < most; round++) {
    const candidates = steps(best);
    let found;
    for (let at = 0; at < candidates.length && !found; at += 64) {
      const some = candidates.slice(at, at + 64);
      const failing = await fail(some);
      found = some.find((_, i) => failing[i]);
    }
    if (!found) break;
    best = found;
  }
  return best;
}
