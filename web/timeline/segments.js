/** The stretches of lanes that are in view: what each task does from where to where. */
import { RUN, WAIT } from '../run/events.js';
import { RUNNING, SHIELDED, base, isOver, isWaiting } from '../run/states.js';

/** @typedef {import('../run/recording.js').Recording} Recording */
/** @typedef {import('./scale.js').Scale} Scale */

/**
 * @typedef {object} Segment
 * @property {number} state without its shield
 * @property {boolean} shielded
 * @property {number} x0
 * @property {number} x1
 * @property {number} from event that began it
 * @property {number} to event that ended it; -1: none did
 * @property {number} wait its wait event; -1
 */

const FINE = 0.75; // px: what is shorter is drawn once for a pixel

/** The first of a task's events whose right edge is behind x. @param {Scale} scale @param {import('../run/growing.js').Indexes} events @param {number} from @param {number} x */
export function behind(scale, { data, length }, from, x) {
  const v = scale.v(x);
  let [low, high] = [from, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (scale.right[data[middle]] <= v) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Calls for each stretch of a task between two x. @param {Recording} run @param {Scale} scale @param {number} task @param {number} left @param {number} right @param {(segment: Segment) => void} found */
export function eachSegment(run, scale, task, left, right, found) {
  const events = run.tasks[task]?.events;
  if (!events) return;
  const { data, length } = events;
  const { kind, after } = run;
  let i = Math.max(0, behind(scale, events, 0, left) - 1);
  while (i > 0 && after[data[i - 1]] === after[data[i]]) i--; // where this state began
  while (i < length) {
    const from = data[i];
    const state = after[from];
    const x0 = base(state) === RUNNING && kind[from] === RUN ? scale.before(from) : scale.after(from);
    if (isOver(state) || x0 > right) return;
    let next = i + 1;
    while (next < length && after[data[next]] === state) next++;
    const to = next < length ? data[next] : -1;
    const x1 = to < 0 ? scale.endX : kind[to] === RUN ? scale.before(to) : scale.after(to);
    found({ state: base(state), shielded: (state & SHIELDED) !== 0, x0, x1, from, to, wait: isWaiting(state) ? waitOf(run, events, i) : -1 });
    if (x1 - x0 < FINE && scale.cell < FINE) {
      const on = behind(scale, events, next, x0 + FINE) - 1;
      next = Math.max(next, on);
      while (next > i + 1 && next < length && after[data[next - 1]] === after[data[next]]) next--;
    }
    i = Math.max(next, i + 1);
  }
}

/** @param {Recording} run @param {import('../run/growing.js').Indexes} events @param {number} i */
function waitOf(run, { data }, i) {
  for (; i >= 0 && run.kind[data[i]] !== RUN; i--) if (run.kind[data[i]] === WAIT) return data[i];
  return -1;
}

/** Which part of a request a wait is for: its turn, the answer, or the rest of it. @typedef {'queued' | 'head' | 'body'} Part */

/** @param {Recording} run @param {number} wait @returns {Part} */
export function partOf(run, wait) {
  if (run.queued.has(wait)) return 'queued';
  return wait >= 0 && run.texts[run.text[wait]].endsWith('body') ? 'body' : 'head';
}
