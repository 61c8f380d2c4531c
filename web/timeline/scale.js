/**
 * The axis: where each event of a run is drawn. An instant, all that happens at the same time, is unfolded into a band with
 * a cell for each step, and between bands time is linear. What happens outside of any task, such as a group that cancels
 * all its tasks, shares one cell. Zoom multiplies everything.
 */
import { END, PAUSE } from '../run/events.js';
import { grown } from '../run/growing.js';

/** @typedef {import('../run/recording.js').Recording} Recording */
/** @typedef {import('../run/moment.js').Position} Position */

export const LEFT = 10; // px before the first instant
const RIGHT = 24; // px behind the last: an end mark
const STEP = 4.5; // px of a cell, at most, when the whole run is in view
const WIDE = 20; // px of a cell, at most, if there is no time between instants
const BAND = 2.5; // px of an instant, at least, unless there are too many
const UNFOLDED = 0.4; // of the width, at most

export class Scale {
  width = 0;
  zoom = 1;
  pan = 0;
  /** px of a cell at zoom 1 */
  step = STEP;
  /** ms that the axis reaches */
  end = 0;
  /** Right edge of each event, in px at zoom 1. */
  right = new Float64Array(0);
  /** Left edge and width of each instant, in px at zoom 1. */
  start = new Float64Array(0);
  band = new Float64Array(0);
  /** Cells of each instant. */
  #own = new Float64Array(0);
  instants = 0;
  count = 0;
  #perMs = 1;
  #margin = RIGHT;
  /** Cells of each event. */
  #cells = new Float32Array(0);
  /** Up to where, and what it came to so far: what happens outside of tasks is measured again, as more may come.
   * @type {{ run: Recording | undefined, to: number, all: number, next: number }} */
  #measured = { run: undefined, to: 0, all: 0, next: 0 };
  /** @type {Recording | undefined} */
  #run;

  /** @param {Recording} run @param {number} width px @param {number} end ms that must be on it @param {number} [margin] px behind the last instant */
  build(run, width, end, margin = RIGHT) {
    this.#margin = margin;
    this.#run = run;
    this.width = width;
    this.count = run.count;
    this.instants = run.instants.length;
    this.end = Math.max(end, run.duration);
    if (this.right.length < run.count) this.right = grown(this.right, run.count);
    if (this.#cells.length < run.count) this.#cells = grown(this.#cells, this.right.length);
    if (this.start.length < this.instants) {
      this.start = grown(this.start, this.instants);
      this.band = new Float64Array(this.start.length);
      this.#own = new Float64Array(this.start.length);
    }
    this.#place(run, this.#measure(run));
    this.clamp();
  }

  /** Gives each event its cells; goes on where it was, if the run has only grown. @param {Recording} run @returns {number} all of them */
  #measure(run) {
    const { kind, time, current, steps, count } = run;
    const cells = this.#cells;
    const measured = this.#measured.run === run ? this.#measured : { run, to: 0, all: 0, next: 0 };
    let { all, next } = measured;
    let outside = -1;
    const close = (/** @type {number} */ to) => {
      let shared = 0;
      for (let e = outside; e < to; e++) shared += cells[e];
      if (shared > 1) for (let e = outside; e < to; e++) cells[e] /= shared;
      all += Math.min(shared, 1);
      outside = -1;
    };
    for (let e = measured.to; e < count; e++) {
      const isStep = steps.data[next] === e && next < steps.length;
      if (isStep) next++;
      const ends = kind[e] === PAUSE || kind[e] === END;
      const owner = ends && e > 0 ? current[e - 1] : current[e];
      if (outside >= 0 && (owner !== 0 || time[e] !== time[outside])) close(e);
      cells[e] = isStep ? 1 : 0;
      if (owner !== 0) all += cells[e];
      else if (outside < 0) [outside, this.#measured] = [e, { run, to: e, all, next: isStep ? next - 1 : next }];
    }
    if (outside >= 0) close(count);
    else this.#measured = { run, to: count, all, next };
    return all;
  }

  /** @param {Recording} run @param {number} all cells */
  #place(run, all) {
    const { instants, time, count } = run;
    const { right, start, band } = this;
    const [cells, own] = [this.#cells, this.#own];
    const room = Math.max(40, this.width - LEFT - this.#margin);
    // A run that takes no time at all has the whole width for its order.
    this.step = this.end > 0 ? Math.min(STEP, (UNFOLDED * room) / Math.max(all, 1)) : Math.min(WIDE, room / Math.max(all, 1));
    const least = Math.min(BAND, (0.15 * room) / Math.max(instants.length, 1));
    let bands = 0;
    for (let n = 0; n < instants.length; n++) {
      const to = n + 1 < instants.length ? instants.data[n + 1] : count;
      let sum = 0;
      for (let e = instants.data[n]; e < to; e++) sum += cells[e];
      own[n] = sum;
      bands += band[n] = Math.max(sum * this.step, least);
    }
    this.#perMs = this.end > 0 ? Math.max(0, room - bands) / this.end : 0;
    let x = LEFT;
    for (let n = 0; n < instants.length; n++) {
      const from = instants.data[n];
      const to = n + 1 < instants.length ? instants.data[n + 1] : count;
      x += (time[from] - (from ? time[from - 1] : 0)) * this.#perMs;
      start[n] = x;
      const each = own[n] ? band[n] / own[n] : 0;
      let at = x;
      for (let e = from; e < to; e++) right[e] = at += cells[e] * each;
      x += band[n];
      if (to > from) right[to - 1] = x;
    }
  }

  /* ------------------------------------------------------------------------------------- Run to screen --- */

  /** From px at zoom 1. @param {number} v */
  x(v) {
    return LEFT + (v - LEFT) * this.zoom - this.pan;
  }

  /** To px at zoom 1. @param {number} x */
  v(x) {
    return LEFT + (x - LEFT + this.pan) / this.zoom;
  }

  /** Where what an event brings begins; of one that came since the axis was laid out, its end. @param {number} event */
  after(event) {
    if (event >= this.count) return this.endX;
    return this.x(this.right[event]);
  }

  /** The left edge of its cell. @param {number} event */
  before(event) {
    const run = this.#run;
    if (!run || event < 0) return this.x(LEFT);
    if (event >= this.count) return this.endX;
    if (event > 0 && run.time[event] === run.time[event - 1]) return this.x(this.right[event - 1]);
    return this.x(this.start[run.instants.upTo(event) - 1]);
  }

  /** px of a cell as it is drawn */
  get cell() {
    return this.step * this.zoom;
  }

  /** px of a ms between instants */
  get perMs() {
    return this.#perMs * this.zoom;
  }

  /** Of a time: at the start of its instant, if it is one. @param {number} time ms */
  timeX(time) {
    const n = this.#instantAt(time);
    if (n < 0) return this.x(LEFT + time * this.#perMs);
    const run = /** @type {Recording} */ (this.#run);
    const began = run.time[run.instants.data[n]];
    return this.x(time === began ? this.start[n] : this.start[n] + this.band[n] + (time - began) * this.#perMs);
  }

  /** The last instant that is not after a time. @param {number} time */
  #instantAt(time) {
    const run = this.#run;
    if (!run) return -1;
    let [low, high] = [0, this.instants];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (run.time[run.instants.data[middle]] <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** @param {Position} position */
  headX({ event, time }) {
    if (event < 0) return this.x(LEFT);
    if (event >= this.count) return this.endX; // it came since the axis was laid out
    if (this.#run && time > this.#run.time[event]) return Math.min(this.timeX(time), this.endX);
    return this.after(event);
  }


  /** The right edge of all that there is. */
  get endX() {
    const last = this.instants - 1;
    const duration = this.#run?.duration ?? 0;
    if (last < 0) return this.x(LEFT);
    return this.x(this.start[last] + this.band[last] + Math.max(0, this.end - duration) * this.#perMs);
  }

  /* ------------------------------------------------------------------------------------- Screen to run --- */

  /** How many of the run's instants begin at or before x. @param {number} x */
  instantsUpTo(x) {
    const v = this.v(x);
    let [low, high] = [0, this.instants];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.start[middle] <= v) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first event whose right edge is behind x; the count, if there is none. @param {number} x */
  eventBehind(x) {
    const v = this.v(x);
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.right[middle] <= v) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** In a band a step, between bands a time. @param {number} x @returns {Position} */
  position(x) {
    const run = this.#run;
    const n = this.instantsUpTo(x) - 1;
    if (!run || this.count === 0 || n < 0) return { event: this.count ? 0 : -1, time: 0 };
    const v = this.v(x);
    const last = (n + 1 < this.instants ? run.instants.data[n + 1] : this.count) - 1;
    const behind = v - this.start[n] - this.band[n];
    if (behind > 0) {
      const until = n + 1 < this.instants ? run.time[run.instants.data[n + 1]] : Math.max(this.end, run.time[last]);
      const time = run.time[last] + behind / (this.#perMs || 1);
      return { event: last, time: Math.min(time, Math.max(until - 0.001, run.time[last])) };
    }
    let event = Math.min(this.eventBehind(x), last);
    const { steps } = run;
    const at = steps.upTo(event) - 1;
    if (at >= 0 && steps.data[at] !== event && at + 1 < steps.length && steps.data[at + 1] <= last) event = steps.data[at + 1];
    return { event, time: run.time[event] };
  }

  /* ------------------------------------------------------------------------------------------------ Zoom --- */

  get most() {
    return Math.max(24, 18 / Math.max(this.step, 1e-9));
  }

  /** @param {number} factor @param {number} x what stays where it is */
  zoomBy(factor, x) {
    const v = this.v(x);
    this.zoom = Math.min(this.most, Math.max(1, this.zoom * factor));
    this.pan = LEFT + (v - LEFT) * this.zoom - x;
    this.clamp();
  }

  /** @param {number} from px at zoom 1 @param {number} to */
  show(from, to) {
    this.zoom = Math.min(this.most, Math.max(1, this.width / Math.max(to - from, 1e-6)));
    this.pan = LEFT + (from - LEFT) * this.zoom;
    this.clamp();
  }

  clamp() {
    this.zoom = Math.min(this.most, Math.max(1, this.zoom));
    this.pan = Math.max(0, Math.min(this.pan, (this.width - LEFT) * (this.zoom - 1)));
  }

  fit() {
    this.zoom = 1;
    this.pan = 0;
  }
}
