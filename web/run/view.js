/**
 * What is on show: a run, one playhead, one selection. Panes listen to it and set it; nothing else connects them.
 * Events: `run`, `grow`, `move`, `select`, `end` (README.md).
 */
import { Moment, positionAt } from './moment.js';
import { Recording } from './recording.js';

const EMPTY = new Recording();

export class View extends EventTarget {
  /** @type {Recording} */
  run = EMPTY;
  /** Is there a run at all? */
  has = false;
  /** Does the program run? */
  live = false;
  /** By which the program goes. @type {'virtual' | 'real'} */
  clock = 'virtual';
  /** Does the playhead ride at the end of a live run? */
  following = true;
  selected = 0;
  pinned = 0;
  hovered = 0;
  /** Shows a place of the source, "main.c:12". @type {(place: string) => void} */
  show = () => {};
  /** Asks the live program to cancel a task. @type {(task: number) => void} */
  cancel = () => {};
  #moment = new Moment(EMPTY, { event: -1, time: 0 });

  get moment() {
    return this.#moment;
  }

  get position() {
    return this.#moment.position;
  }

  /** @param {string} type */
  #tell(type) {
    this.dispatchEvent(new Event(type));
  }

  /** Another run, or none. @param {Recording | undefined} run @param {boolean} [live] */
  open(run, live = false) {
    this.run = run ?? EMPTY;
    this.has = !!run;
    this.live = live;
    this.following = true;
    this.selected = this.pinned = this.hovered = 0;
    this.#moment = new Moment(this.run, { event: this.run.count - 1, time: this.run.duration });
    this.#tell('run');
  }

  /** Events were appended. */
  grown() {
    this.#tell('grow');
    if (this.live && this.following) this.#set(this.run.count - 1, this.run.duration);
  }

  /** The run is over: it is recorded now. */
  finish() {
    this.live = false;
    this.run.ended = true;
    this.#tell('grow');
    if (this.following) this.#set(this.run.count - 1, this.run.duration);
    this.#tell('end');
  }

  /** @param {number} event @param {number} [time] ms */
  moveTo(event, time = this.run.time[event] ?? 0) {
    this.following = this.live && event >= this.run.count - 1;
    this.#set(Math.max(-1, Math.min(event, this.run.count - 1)), time);
  }

  /** @param {number} time ms */
  moveToTime(time) {
    const { event, time: at } = positionAt(this.run, time);
    this.moveTo(event, at);
  }

  /** While a live run waits, time passes without events. @param {number} time ms */
  ride(time) {
    if (this.live && this.following && time > this.position.time) this.#set(this.run.count - 1, time);
  }

  /** @param {number} event @param {number} time */
  #set(event, time) {
    this.#moment = new Moment(this.run, { event, time });
    this.#tell('move');
  }

  /** One step on or back. @param {1 | -1} by */
  step(by) {
    const { steps } = this.run;
    const at = steps.upTo(this.position.event) - 1;
    const inGap = this.#moment.inGap;
    const next = by > 0 ? at + 1 : inGap ? at : at - 1;
    if (steps.length) this.moveTo(steps.data[Math.max(0, Math.min(next, steps.length - 1))]);
  }

  /** To the next instant, or the start of this one or the one before. @param {1 | -1} by */
  stepInstant(by) {
    const { instants, count } = this.run;
    const at = instants.upTo(this.position.event) - 1;
    if (!instants.length) return;
    if (by > 0) return this.moveTo(at + 2 < instants.length ? instants.data[at + 2] - 1 : count - 1);
    const ends = at <= 0 ? instants.data[0] : instants.data[at] - 1;
    this.moveTo(ends);
  }

  /** To the next event of the selected task. @param {1 | -1} by */
  stepTask(by) {
    const events = this.run.tasks[this.selected]?.events;
    if (!events) return;
    const at = events.upTo(this.position.event) - 1;
    const next = by > 0 ? at + 1 : events.data[at] === this.position.event ? at - 1 : at;
    if (next >= 0 && next < events.length) this.moveTo(events.data[next]);
  }

  start() {
    this.moveTo(this.run.count ? 0 : -1);
  }

  end() {
    this.moveTo(this.run.count - 1, this.run.duration);
    this.following = this.live;
  }

  /** @param {number} task @param {{ pin?: boolean }} [how] */
  select(task, { pin = false } = {}) {
    this.selected = task;
    this.pinned = pin ? task : this.pinned === task ? task : 0;
    this.#tell('select');
  }

  /** @param {number} task */
  hover(task) {
    if (task === this.hovered) return;
    this.hovered = task;
    this.#tell('select');
  }

  /** Of the steps: 62 of 79. */
  get progress() {
    return { at: this.run.steps.upTo(this.position.event), of: this.run.steps.length };
  }
}
