/**
 * How many tasks of a field are in which state, by time and by row of pixels: a table for the whole run, one for each fineness
 * that is looked at, so that a drawing costs its pixels and not the run's events. Where the finest is too coarse, the stretches
 * in view are counted. A table of a million events takes a while, so it is made row by row, some in each frame.
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
const LEAST = 256; // buckets
const MOST = 4096;
const PARTS = 4; // of a bucket that are told apart: a state that lasts for less than a bucket counts for less

/** @typedef {{ counts: Uint16Array | Uint32Array, width: number }} Table by row, then time, then state */

/**
 * Makes a table, and stops after each row.
 * @param {Recording} run @param {Scale} scale @param {number[]} tasks @param {number} rows @param {number} width buckets between x of 0 and of the scale's width @returns {Generator<void, Table>}
 */
function* counting(run, scale, tasks, rows, width) {
  const most = Math.ceil(tasks.length / rows + 1) * PARTS; // of a cell
  const counts = most > 0xffff ? new Uint32Array(rows * width * KINDS) : new Uint16Array(rows * width * KINDS);
  const changes = new Int32Array((width + 2) * KINDS);
  for (let row = 0; row < rows; row++) {
    changes.fill(0);
    const [first, last] = rangeOf(row, rows, tasks.length);
    for (let i = first; i < last; i++) countTask(run, scale, run.tasks[tasks[i]].events, changes, width);
    const at = row * width * KINDS;
    for (let k = 0; k < KINDS; k++) {
      let sum = 0;
      for (let b = 0; b < width; b++) counts[at + b * KINDS + k] = sum += changes[b * KINDS + k];
    }
    yield;
  }
  return { counts, width };
}

/** A state begins, or ends, at a part of a bucket: the rest of that bucket, and all of the next. @param {Int32Array} changes @param {number} part @param {number} k @param {1 | -1} by */
function mark(changes, part, k, by) {
  const within = part % PARTS;
  const at = ((part - within) / PARTS) * KINDS + k;
  changes[at] += by * (PARTS - within);
  changes[at + KINDS] += by * within;
}

/** Marks where a task's states begin and end. A part more or less is no matter here. @param {Recording} run @param {Scale} scale @param {import('../run/growing.js').Indexes} events @param {Int32Array} changes @param {number} width */
function countTask({ after }, scale, events, changes, width) {
  const { data, length } = events;
  const { right, count } = scale;
  const parts = width * PARTS;
  const perV = (scale.zoom * parts) / scale.width;
  const shift = (scale.x(0) * parts) / scale.width;
  const end = (scale.endX * parts) / scale.width;
  let i = Math.max(0, behind(scale, events, 0, 0) - 1);
  let k = -1;
  let from = 0;
  for (; i <= length && from < parts; i++) {
    const event = i < length ? data[i] : count;
    const next = i < length ? INDEX[after[event] & 15] : -1;
    if (next === k && i < length) continue;
    const to = Math.max(0, Math.min(parts, Math.round(event < count ? right[event] * perV + shift : end)));
    if (k >= 0 && to > from) {
      mark(changes, from, k, 1);
      mark(changes, to, k, -1);
    }
    [from, k] = [to, next];
  }
}

/** The tasks of a row of pixels. @param {number} row @param {number} rows @param {number} tasks @returns {[first: number, last: number]} */
export function rangeOf(row, rows, tasks) {
  const first = Math.floor((row * tasks) / rows);
  return [first, Math.max(first + 1, Math.floor(((row + 1) * tasks) / rows))];
}

export class Pyramid {
  /** By buckets. @type {Map<number, Table>} */
  #tables = new Map();
  /** @type {{ width: number, rows: Generator<void, Table> } | undefined} */
  #making;
  #run;
  #tasks;
  #rows;

  /** @param {Recording} run @param {number[]} tasks @param {number} rows of pixels */
  constructor(run, tasks, rows) {
    this.#run = run;
    this.#tasks = tasks;
    this.#rows = rows;
  }

  /** Buckets of the table for what is in view; Infinity: none is fine enough. @param {Scale} scale */
  #fineness(scale) {
    for (let width = LEAST; width <= MOST; width *= 2) if ((scale.zoom * scale.width) / width <= 1.5) return width;
    return Infinity;
  }

  /** Works on what eachPixel() needs, until a time. @param {Scale} scale @param {number} until ms @returns {boolean} it has all of it */
  prepare(scale, until) {
    const width = this.#fineness(scale);
    if (width === Infinity || this.#tables.has(width)) return true;
    if (this.#making?.width !== width) this.#making = { width, rows: counting(this.#run, scale, this.#tasks, this.#rows, width) };
    const { zoom, pan } = scale;
    scale.fit();
    let step = this.#making.rows.next();
    while (!step.done && performance.now() < until) step = this.#making.rows.next();
    [scale.zoom, scale.pan] = [zoom, pan];
    if (!step.done) return false;
    this.#tables.set(width, step.value);
    this.#making = undefined;
    return true;
  }

  /**
   * Calls for each pixel with the share of each state in its tasks.
   * @param {Scale} scale @param {number} width px @param {(row: number, x: number, table: Uint16Array | Uint32Array, at: number, whole: number) => void} pixel
   *   `table` from `at` on has the counts, of `whole`
   */
  eachPixel(scale, width, pixel) {
    const rows = this.#rows;
    const tasks = this.#tasks.length;
    const known = this.#tables.get(this.#fineness(scale));
    const table = known ?? all(counting(this.#run, scale, this.#tasks, rows, width));
    const buckets = Int32Array.from({ length: width }, (_, x) => (known ? Math.floor((scale.v(x + 0.5) / scale.width) * table.width) : x));
    for (let row = 0; row < rows; row++) {
      const [first, last] = rangeOf(row, rows, tasks);
      const whole = (last - first) * PARTS;
      for (let x = 0; x < width; x++) {
        const bucket = buckets[x];
        if (bucket >= 0 && bucket < table.width) pixel(row, x, table.counts, (row * table.width + bucket) * KINDS, whole);
      }
    }
  }
}

/** @template T @param {Generator<void, T>} steps @returns {T} */
function all(steps) {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return /** @type {T} */ (value);
  }
}
