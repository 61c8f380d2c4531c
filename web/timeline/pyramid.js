/**
 * How many tasks of a field are in which state, by time and by row of pixels: a table for the whole run, halved per level,
 * so that a drawing costs its pixels and not the run's events. Where it is too coarse, the stretches in view are counted.
 */
import { CANCELLING, HOST, JOIN, READY, RUNNING, SLEEP, SYNC } from '../run/states.js';
import { behind } from './segments.js';

/** @typedef {import('../run/recording.js').Recording} Recording */
/** @typedef {import('./scale.js').Scale} Scale */

/** The states that are counted; a task in none of them is not there yet or over. */
export const COUNTED = [RUNNING, READY, CANCELLING, HOST, SLEEP, SYNC, JOIN];
const KINDS = COUNTED.length;
const INDEX = new Int8Array(16).fill(-1);
COUNTED.forEach((state, k) => (INDEX[state] = k));
const BUCKETS = 4096;

/** @typedef {{ counts: Uint16Array, width: number, rows: number }} Table by row, then time, then state */

/** @param {Recording} run @param {Scale} scale @param {number[]} tasks @param {number} rows @param {number} width buckets between x of 0 and of the scale's width @returns {Table} */
function count(run, scale, tasks, rows, width) {
  const counts = new Uint16Array(rows * width * KINDS);
  const changes = new Int32Array((width + 1) * KINDS);
  for (let row = 0; row < rows; row++) {
    changes.fill(0);
    const [first, last] = rangeOf(row, rows, tasks.length);
    for (let i = first; i < last; i++) countTask(run, scale, run.tasks[tasks[i]].events, changes, width);
    const at = row * width * KINDS;
    for (let k = 0; k < KINDS; k++) {
      let sum = 0;
      for (let b = 0; b < width; b++) counts[at + b * KINDS + k] = sum += changes[b * KINDS + k];
    }
  }
  return { counts, width, rows };
}

/** Marks where a task's states begin and end. A cell more or less is no matter here. @param {Recording} run @param {Scale} scale @param {import('../run/growing.js').Indexes} events @param {Int32Array} changes @param {number} width */
function countTask({ after }, scale, events, changes, width) {
  const { data, length } = events;
  const { right, count } = scale;
  const perV = (scale.zoom * width) / scale.width;
  const shift = (scale.x(0) * width) / scale.width;
  let i = Math.max(0, behind(scale, events, 0, 0) - 1);
  let k = -1;
  let from = 0;
  for (; i <= length && from < width; i++) {
    const event = i < length ? data[i] : count;
    const next = i < length ? INDEX[after[event] & 15] : -1;
    if (next === k && i < length) continue;
    const to = Math.max(0, Math.min(width, Math.round(event < count ? right[event] * perV + shift : (scale.endX * width) / scale.width)));
    if (k >= 0 && to > from) {
      changes[from * KINDS + k]++;
      changes[to * KINDS + k]--;
    }
    [from, k] = [to, next];
  }
}

/** The tasks of a row of pixels. @param {number} row @param {number} rows @param {number} tasks @returns {[first: number, last: number]} */
export function rangeOf(row, rows, tasks) {
  const first = Math.floor((row * tasks) / rows);
  return [first, Math.max(first + 1, Math.floor(((row + 1) * tasks) / rows))];
}

/** Two buckets become one, which keeps their sum. @param {Table} table @returns {Table} */
function halved({ counts, width, rows }) {
  const half = width >> 1;
  const next = new Uint16Array(rows * half * KINDS);
  for (let cell = 0; cell < rows * half; cell++) {
    const from = (Math.floor(cell / half) * width + (cell % half) * 2) * KINDS;
    for (let k = 0; k < KINDS; k++) next[cell * KINDS + k] = counts[from + k] + counts[from + KINDS + k];
  }
  return { counts: next, width: half, rows };
}

export class Pyramid {
  /** @type {Table[]} finest first */
  #levels;
  #run;
  #tasks;
  #rows;

  /** @param {Recording} run @param {Scale} scale @param {number[]} tasks @param {number} rows of pixels */
  constructor(run, scale, tasks, rows) {
    this.#run = run;
    this.#tasks = tasks;
    this.#rows = rows;
    const [zoom, pan] = [scale.zoom, scale.pan];
    scale.fit();
    this.#levels = [count(run, scale, tasks, rows, BUCKETS)];
    [scale.zoom, scale.pan] = [zoom, pan];
    while (this.#levels[this.#levels.length - 1].width > 256) this.#levels.push(halved(this.#levels[this.#levels.length - 1]));
  }

  /**
   * Calls for each pixel with the share of each state in its tasks.
   * @param {Scale} scale @param {number} width px @param {(row: number, x: number, table: Uint16Array, at: number, whole: number) => void} pixel
   *   `table` from `at` on has the counts, of `whole`
   */
  eachPixel(scale, width, pixel) {
    const rows = this.#rows;
    const tasks = this.#tasks.length;
    const level = this.#levels.findLastIndex((table) => (scale.zoom * scale.width) / table.width <= 1.5);
    const exact = level < 0;
    const table = exact ? count(this.#run, scale, this.#tasks, rows, width) : this.#levels[level];
    const shift = exact ? 0 : level;
    const buckets = Int32Array.from({ length: width }, (_, x) => (exact ? x : Math.floor((scale.v(x + 0.5) / scale.width) * table.width)));
    for (let row = 0; row < rows; row++) {
      const [first, last] = rangeOf(row, rows, tasks);
      const whole = (last - first) << shift;
      for (let x = 0; x < width; x++) {
        const bucket = buckets[x];
        if (bucket >= 0 && bucket < table.width) pixel(row, x, table.counts, (row * table.width + bucket) * KINDS, whole);
      }
    }
  }
}
