/**
 * How many tasks of a field are in which state, by time and by row of pixels: a table for the whole run, halved per level,
 * so that a drawing costs its pixels and not the run's events. Where it is too coarse, the stretches in view are counted.
 */
import { CANCELLING, HOST, JOIN, READY, RUNNING, SLEEP, SYNC } from '../run/states.js';
import { eachSegment } from './segments.js';

/** @typedef {import('../run/recording.js').Recording} Recording */
/** @typedef {import('./scale.js').Scale} Scale */

/** The states that are counted; a task in none of them is not there yet or over. */
export const COUNTED = [RUNNING, READY, CANCELLING, HOST, SLEEP, SYNC, JOIN];
const KINDS = COUNTED.length;
const INDEX = new Int8Array(16).fill(-1);
COUNTED.forEach((state, k) => (INDEX[state] = k));
const BUCKETS = 2048;

/** @typedef {{ counts: Uint16Array, width: number, rows: number }} Table by row, then time, then state */

/** @param {Recording} run @param {Scale} scale @param {number[]} tasks @param {number} rows @param {number} width buckets between x of 0 and of the scale's width @returns {Table} */
function count(run, scale, tasks, rows, width) {
  const counts = new Uint16Array(rows * width * KINDS);
  const changes = new Int32Array((width + 1) * KINDS);
  const perPx = width / scale.width;
  for (let row = 0; row < rows; row++) {
    changes.fill(0);
    const [first, last] = rangeOf(row, rows, tasks.length);
    for (let i = first; i < last; i++) {
      eachSegment(run, scale, tasks[i], 0, scale.width, ({ state, x0, x1 }) => {
        const k = INDEX[state];
        const from = Math.max(0, Math.round(x0 * perPx));
        const to = Math.min(width, Math.round(x1 * perPx));
        if (k < 0 || from >= to) return;
        changes[from * KINDS + k]++;
        changes[to * KINDS + k]--;
      });
    }
    const at = row * width * KINDS;
    for (let k = 0; k < KINDS; k++) {
      let sum = 0;
      for (let b = 0; b < width; b++) counts[at + b * KINDS + k] = sum += changes[b * KINDS + k];
    }
  }
  return { counts, width, rows };
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
    for (let row = 0; row < rows; row++) {
      const [first, last] = rangeOf(row, rows, tasks);
      const whole = (last - first) << shift;
      for (let x = 0; x < width; x++) {
        const bucket = exact ? x : Math.floor((scale.v(x + 0.5) / scale.width) * table.width);
        if (bucket < 0 || bucket >= table.width) continue;
        pixel(row, x, table.counts, (row * table.width + bucket) * KINDS, whole);
      }
    }
  }
}
