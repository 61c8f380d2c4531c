/**
 * Everything at one position of a run: the only function between a recording and what the page shows of it.
 * @typedef {import('./recording.js').Recording} Recording
 * @typedef {{ event: number, time: number }} Position the last event that has happened, and the time in ms, maybe later
 *
 * @typedef {object} Wait
 * @property {string} what the kind; "queued": a request for a permit of its session
 * @property {number} object
 * @property {string} name
 * @property {number} until ms; NaN
 * @property {number} since ms
 * @property {string} place
 * @property {number[]} tasks that it waits for
 */
import { CUT, ENTER, PAUSE, RUN, WAIT } from './events.js';
import { NONE, base, isOver, isWaiting } from './states.js';

/** @type {number[]} */
const NOBODY = [];

export class Moment {
  run;
  position;
  /** @type {Map<string, number[]> | undefined} */
  #lines;
  /** @type {number[] | undefined} */
  #living;

  /** @param {Recording} run @param {Position} position */
  constructor(run, position) {
    this.run = run;
    this.position = position;
  }

  get event() {
    return this.position.event;
  }

  get time() {
    return this.position.time;
  }

  /** Between two events nothing runs. */
  get inGap() {
    return this.event < 0 || this.time > this.run.time[this.event];
  }

  /** The task that runs; 0: none. */
  get current() {
    return this.inGap ? 0 : this.run.current[this.event];
  }

  get alive() {
    return this.event < 0 ? 0 : this.run.alive[this.event];
  }

  /** @param {number} task */
  #last(task) {
    return this.run.tasks[task]?.events.lastUpTo(this.event) ?? -1;
  }

  /** @param {number} task @returns {number} NONE: it does not exist yet */
  state(task) {
    const last = this.#last(task);
    return last < 0 ? NONE : this.run.after[last];
  }

  /** Since when it is in this state, in ms. @param {number} task */
  since(task) {
    const { run } = this;
    const events = run.tasks[task]?.events;
    if (!events) return 0;
    let i = events.upTo(this.event) - 1;
    if (i < 0) return 0;
    const state = run.after[events.data[i]];
    while (i > 0 && run.after[events.data[i - 1]] === state) i--;
    return run.time[events.data[i]];
  }

  /** The last event of a kind of this task so far; -1. @param {number} task @param {(kind: number) => boolean} wanted */
  #lastOf(task, wanted) {
    const { run } = this;
    const events = run.tasks[task]?.events;
    if (!events) return -1;
    for (let i = events.upTo(this.event) - 1; i >= 0; i--) if (wanted(run.kind[events.data[i]])) return events.data[i];
    return -1;
  }

  /** Where it stands: "main.c:12"; empty before its first step. @param {number} task */
  place(task) {
    const { run } = this;
    const at = this.#lastOf(task, (kind) => kind === WAIT || kind === PAUSE || kind === ENTER);
    return at < 0 ? '' : run.texts[run.place[at]];
  }

  /** @param {number} task @returns {Wait | undefined} */
  wait(task) {
    const { run } = this;
    if (!isWaiting(this.state(task))) return undefined;
    const at = this.#lastOf(task, (kind) => kind === WAIT || kind === RUN);
    if (at < 0 || run.kind[at] !== WAIT) return undefined;
    const request = run.queued.get(at);
    return {
      what: request ? 'queued' : run.texts[run.text[at]],
      object: run.object[at],
      name: request ? request.name : run.texts[run.more[at]],
      until: run.until[at],
      since: run.time[at],
      place: run.texts[run.place[at]],
      tasks: run.awaits.get(at) ?? NOBODY,
    };
  }

  /** Numbers of the tasks alive, in order of creation. Those that a crash or Stop has ended stay where they stood. */
  get living() {
    return (this.#living ??= this.run.order.filter((task) => {
      const { created, ended } = this.run.tasks[task];
      return created <= this.event && (ended < 0 || ended > this.event || this.run.kind[ended] === CUT);
    }));
  }

  /** Tasks by the line that they stand on. @returns {Map<string, number[]>} */
  get lines() {
    if (this.#lines) return this.#lines;
    const lines = (this.#lines = new Map());
    for (const task of this.living) {
      const place = this.place(task);
      if (!place) continue;
      const tasks = lines.get(place);
      if (tasks) tasks.push(task);
      else lines.set(place, [task]);
    }
    return lines;
  }

  /** How many tasks are in each state (without its shield). */
  get counts() {
    /** @type {number[]} */
    const counts = Array(16).fill(0);
    for (const task of this.run.order) if (this.run.tasks[task].created <= this.event) counts[base(this.state(task))]++;
    return counts;
  }

  /** @param {number} object @returns {{ value: number, limit: number, waiting: number }} */
  counter(object) {
    const { run } = this;
    const shared = run.shared.get(object);
    const at = shared?.changes.lastUpTo(this.event) ?? -1;
    if (!shared || at < 0) return { value: shared && shared.what !== 'queue' ? shared.limit : 0, limit: shared?.limit ?? 0, waiting: 0 };
    return { value: run.value[at], limit: shared.limit, waiting: run.waiting[at] };
  }

  /** Characters printed so far: stdout, stderr. @returns {[number, number]} */
  get printed() {
    const prints = this.run.prints.upTo(this.event);
    return prints ? [this.run.printed[2 * prints - 2], this.run.printed[2 * prints - 1]] : [0, 0];
  }

  /** Whom it waits for, outwards: itself, then the task that awaits it, to the main task. @param {number} task */
  chain(task) {
    const chain = [task];
    for (let next = this.#awaiter(task); next && !chain.includes(next); next = this.#awaiter(next)) chain.push(next);
    return chain;
  }

  /** @param {number} task */
  #awaiter(task) {
    const { run } = this;
    const { parent, group } = run.tasks[task] ?? {};
    if (group) return run.scopes.get(group)?.task ?? 0;
    if (parent && run.tasks[parent] && this.state(parent) !== NONE && !isOver(this.state(parent))) return parent;
    return 0;
  }
}

/** The position at a time in ms, after all that happens then. @param {Recording} run @param {number} time @returns {Position} */
export function positionAt(run, time) {
  let [low, high] = [0, run.count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (run.time[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return { event: low - 1, time: Math.min(Math.max(time, 0), run.duration) };
}

