/**
 * A recorded run. Events stand in columns, typed arrays that are replaced when they grow, so that a million of them take
 * about 60 MB; tasks, operations, objects and scopes are lists of small objects with indexes into them.
 *
 * Columns, by event: `kind` (events.js), `time` and `until` in ms, `task` that it happens to, `by` whom, `object` (a
 * semaphore's, scope's, operation's number), `value`, `limit`, `waiting`, `text` and `more` (numbers in `texts`), `place` (a
 * number in `texts`), and what is so after it: `after`, the state of `task`; `current`, the task that runs; `alive` tasks.
 *
 *   created  text name, more coroutine, object group, by parent        changed  text what, object, value, limit, waiting
 *   wait     text what, more URL or name, object, until                started  text what, more URL, object operation, value 1: queued
 *   wake     by, value status        cancel  by                         phase    text phase, object operation, value
 *   made     as changed
 *   end      value status, text error, more message                     print    value 0 stdout 1 stderr, limit characters, text
 *   enter, expired, leave            text what, object scope, until     lost     value events
 *   cut      value the state that it ends in
 */
import { CANCEL, CHANGED, CREATED, CUT, END, ENTER, EXPIRED, LEAVE, LOST, MADE, PAUSE, PHASE, PRINT, RUN, STARTED, STRIDE, WAIT, WAKE } from './events.js';
import { grown, Indexes } from './growing.js';
import { CANCELLED, CANCELLING, CRASHED, DONE, FAILED, HOST, NONE, READY, RUNNING, SHIELDED, isOver, isWaiting, stateOf } from './states.js';

/**
 * @typedef {object} Task
 * @property {number} id
 * @property {string} name
 * @property {string} coroutine
 * @property {number} ordinal among those of the same coroutine, from 0
 * @property {number} parent
 * @property {number} group the scope that owns it; 0: none
 * @property {string} place
 * @property {number} created event
 * @property {number} ended event; -1: it has not
 * @property {Indexes} events all that happened to it
 *
 * @typedef {object} Operation
 * @property {number} id
 * @property {string} what
 * @property {string} name a URL
 * @property {number} task
 * @property {number} started event: it is asked for
 * @property {number} sent event: it is given to the host; -1: it is queued, for a permit of its session
 * @property {number} answered event; -1
 * @property {number} status
 * @property {number} bytes of the body so far
 * @property {number} last event that ended it; -1: under way
 * @property {number} seen the last event of it
 *
 * @typedef {object} Shared a semaphore, lock, queue, …
 * @property {number} id
 * @property {string} what
 * @property {number} made event; -1: it was there before, or its bytes were simply zero
 * @property {Indexes} changes events
 * @property {number} limit
 *
 * @typedef {object} Scope
 * @property {number} id
 * @property {string} what
 * @property {number} task
 * @property {string} place
 * @property {number} entered event
 * @property {number} left event; -1
 * @property {number} until
 * @property {number[]} tasks of a group
 */

const FINAL = new Set(['end', 'failed', 'aborted', 'closed']);

export class Recording {
  count = 0;
  kind = new Uint8Array(0);
  after = new Uint8Array(0);
  time = new Float64Array(0);
  until = new Float64Array(0);
  task = new Uint32Array(0);
  by = new Uint32Array(0);
  object = new Uint32Array(0);
  value = new Int32Array(0);
  limit = new Int32Array(0);
  waiting = new Int32Array(0);
  text = new Uint32Array(0);
  more = new Uint32Array(0);
  place = new Uint32Array(0);
  current = new Uint32Array(0);
  alive = new Uint32Array(0);

  /** @type {string[]} */
  texts = [''];
  /** By number; 0 is the host. @type {Task[]} */
  tasks = [];
  /** In order of creation. @type {number[]} */
  order = [];
  /** @type {Map<number, Operation>} */
  operations = new Map();
  /** @type {Map<number, Shared>} */
  shared = new Map();
  /** @type {Map<number, Scope>} */
  scopes = new Map();
  /** Tasks that a wait is for, by event. @type {Map<number, number[]>} */
  awaits = new Map();
  /** Requests that are queued, by the event of the wait for a permit. @type {Map<number, Operation>} */
  queued = new Map();
  /** First event of each instant: of a time that differs from the one before. */
  instants = new Indexes();
  /** Events that one steps through: a wait and the pause behind it are one. */
  steps = new Indexes();
  prints = new Indexes();
  /** Characters printed so far, by print: stdout, stderr. */
  printed = new Float64Array(0);
  switches = 0;
  lost = 0;
  /** Anything that the trace does not tell; set by who knows. */
  ended = false;
  stuck = false;

  /** @type {Uint8Array} state of each task now */
  #state = new Uint8Array(0);
  /** @type {Uint8Array} the state that its wait will be */
  #waitsFor = new Uint8Array(0);
  #shields = new Uint8Array(0);
  #cancelling = new Uint8Array(0);
  /** @type {number[]} */
  #stack = [];
  /** @type {Map<string, number>} */
  #ordinals = new Map();
  #alive = 0;
  /** The request of a task that is queued. @type {Map<number, Operation>} */
  #inLine = new Map();

  /** ms of the last event */
  get duration() {
    return this.count ? this.time[this.count - 1] : 0;
  }

  /** How many tasks of this coroutine there are. @param {string} coroutine */
  countOf(coroutine) {
    return this.#ordinals.get(coroutine) ?? 0;
  }

  /** @param {import('./events.js').Batch} batch */
  append({ count, kinds, times, numbers, texts, awaits }) {
    const first = this.count;
    for (const text of texts) this.texts.push(text);
    this.#grow(first + count);
    for (const [event, tasks] of awaits) this.awaits.set(first + event, tasks);
    for (let i = 0; i < count; i++) {
      const [event, at] = [first + i, STRIDE * i];
      this.kind[event] = kinds[i];
      this.time[event] = times[2 * i];
      this.until[event] = times[2 * i + 1];
      this.task[event] = numbers[at];
      this.by[event] = numbers[at + 1];
      this.object[event] = numbers[at + 2];
      this.value[event] = numbers[at + 3];
      this.limit[event] = numbers[at + 4];
      this.waiting[event] = numbers[at + 5];
      this.text[event] = numbers[at + 6];
      this.more[event] = numbers[at + 7];
      this.place[event] = numbers[at + 8];
      this.count = event + 1;
      this.#add(event);
    }
  }

  /**
   * What is alive ends with the program, which has crashed or was stopped. The trace cannot tell that any more.
   * @param {number} state of those tasks @param {number} time ms @param {number} [crashed] the task that has done it
   */
  cut(state, time, crashed = 0) {
    const alive = this.order.filter((task) => this.tasks[task].ended < 0).sort((a, b) => Number(b === crashed) - Number(a === crashed));
    const at = Math.max(time, this.duration);
    this.#grow(this.count + alive.length);
    for (const task of alive) {
      const event = this.count++;
      [this.kind[event], this.time[event], this.until[event], this.task[event], this.value[event]] = [CUT, at, NaN, task, task === crashed ? CRASHED : state];
      this.#add(event);
    }
  }

  /** To grow all columns at once would be a long copy, so each grows by itself before it must. @param {number} size */
  #grow(size) {
    let early = this.count >> 12; // so many events, and a copy is too short to be seen
    for (const name of /** @type {const} */ (['kind', 'after', 'time', 'until', 'task', 'by', 'object', 'value', 'limit', 'waiting', 'text', 'more', 'place', 'current', 'alive'])) {
      const column = this[name];
      const soon = early > 0 && column.length < size * 1.3;
      if (soon) early = 0;
      if (soon || column.length < size) /** @type {any} */ (this)[name] = grown(column, Math.max(size, column.length + 1));
    }
  }

  /** @param {number} event */
  #add(event) {
    const kind = this.kind[event];
    if (event === 0 || this.time[event] !== this.time[event - 1]) this.instants.push(event);
    if (kind !== WAIT && kind !== STARTED && kind !== LOST) this.steps.push(event);
    if (kind === PHASE) this.#phase(event);
    if (kind === PRINT) this.#print(event);
    if (kind === LOST) this.lost += this.value[event];
    if (kind === CREATED) this.#created(event);
    const task = this.task[event];
    if (task && this.tasks[task]) {
      this.#move(event, kind, task);
      this.after[event] = this.#state[task] | (this.#shields[task] ? SHIELDED : 0);
      this.tasks[task].events.push(event);
    }
    if (kind === ENTER || kind === LEAVE || kind === EXPIRED) this.#scope(event, kind);
    if (kind === MADE) this.#made(event);
    if (kind === CHANGED) this.#changed(event);
    if (kind === STARTED) this.#started(event);
    this.current[event] = this.#stack.at(-1) ?? 0;
    this.alive[event] = this.#alive;
  }

  /* -------------------------------------------------------------------------------------------------- Tasks --- */

  /** @param {number} event */
  #created(event) {
    const id = this.task[event];
    const coroutine = this.texts[this.more[event]];
    const ordinal = this.countOf(coroutine);
    this.#ordinals.set(coroutine, ordinal + 1);
    this.tasks[id] = {
      id,
      name: this.texts[this.text[event]],
      coroutine,
      ordinal,
      parent: this.by[event],
      group: this.object[event],
      place: this.texts[this.place[event]],
      created: event,
      ended: -1,
      events: new Indexes(),
    };
    this.order.push(id);
    this.scopes.get(this.object[event])?.tasks.push(id);
    this.#state = grown(this.#state, id + 1);
    this.#waitsFor = grown(this.#waitsFor, id + 1);
    this.#shields = grown(this.#shields, id + 1);
    this.#cancelling = grown(this.#cancelling, id + 1);
    this.#state[id] = READY;
    this.#alive++;
  }

  /** The task's state after an event. @param {number} event @param {number} kind @param {number} task */
  #move(event, kind, task) {
    const state = this.#state[task];
    switch (kind) {
      case RUN:
        this.#state[task] = RUNNING;
        this.#cancelling[task] = 0;
        this.#stack.push(task);
        this.switches++;
        break;
      case WAIT:
        this.#wait(event, task);
        break;
      case PAUSE:
        this.#state[task] = this.#waitsFor[task] || (this.#cancelling[task] ? CANCELLING : READY);
        this.#waitsFor[task] = NONE;
        this.#leave(task);
        break;
      case WAKE:
        this.#waitsFor[task] = NONE; // before its step was over
        if (isWaiting(state)) this.#state[task] = this.#cancelling[task] ? CANCELLING : READY;
        break;
      case CANCEL:
        this.#cancelling[task] = 1;
        if (state === READY) this.#state[task] = CANCELLING;
        break;
      case END:
      case CUT:
        if (isOver(state)) break;
        this.#state[task] = kind === CUT ? this.value[event] : this.value[event] >= 0 ? DONE : this.texts[this.text[event]] === 'ECANCELED' ? CANCELLED : FAILED;
        this.tasks[task].ended = event;
        this.#alive--;
        this.#leave(task);
        break;
    }
  }

  /** A request that is queued is the host's already, although its task waits for a permit. @param {number} event @param {number} task */
  #wait(event, task) {
    const request = this.#inLine.get(task);
    if (request) this.queued.set(event, request);
    this.#waitsFor[task] = this.stateOfWait(event);
  }

  /** @param {number} event of a wait */
  stateOfWait(event) {
    return this.queued.has(event) ? HOST : stateOf(this.texts[this.text[event]]);
  }

  /** @param {number} task */
  #leave(task) {
    const at = this.#stack.lastIndexOf(task);
    if (at >= 0) this.#stack.splice(at, 1);
  }

  /* --------------------------------------------------------------------------- Scopes, objects, operations --- */

  /** @param {number} event @param {number} kind */
  #scope(event, kind) {
    const [id, what, task] = [this.object[event], this.texts[this.text[event]], this.task[event]];
    if (kind === ENTER) {
      this.scopes.set(id, { id, what, task, place: this.texts[this.place[event]], entered: event, left: -1, until: this.until[event], tasks: [] });
      if (what === 'shield' && this.tasks[task]) this.#shields[task]++;
      return;
    }
    const scope = this.scopes.get(id);
    if (kind !== LEAVE || !scope || scope.left >= 0) return;
    scope.left = event;
    if (what === 'shield' && this.#shields[task]) this.#shields[task]--;
  }

  /** @param {number} event */
  #made(event) {
    const [id, what] = [this.object[event], this.texts[this.text[event]]];
    this.shared.set(id, { id, what, made: event, changes: new Indexes(), limit: this.limit[event] || (what === 'semaphore' ? this.value[event] : 0) });
  }

  /** @param {number} event */
  #changed(event) {
    const id = this.object[event];
    let found = this.shared.get(id);
    if (!found) this.shared.set(id, (found = { id, what: this.texts[this.text[event]], made: -1, changes: new Indexes(), limit: 0 }));
    found.changes.push(event);
    // A semaphore that is not bounded tells no limit: it had as many places as were ever free, and one more at the first taking.
    const free = this.value[event] + (found.made < 0 && found.changes.length === 1 && found.what === 'semaphore' ? 1 : 0);
    found.limit = Math.max(found.limit, this.limit[event], this.limit[event] ? 0 : free);
  }

  /** @param {number} event */
  #started(event) {
    const id = this.object[event];
    const [what, name] = [this.texts[this.text[event]], this.texts[this.more[event]]];
    const queued = this.value[event] === 1;
    /** @type {Operation} */
    const operation = { id, what, name, task: this.task[event], started: event, sent: queued ? -1 : event, answered: -1, status: 0, bytes: 0, last: -1, seen: event };
    this.operations.set(id, operation);
    if (queued) this.#inLine.set(operation.task, operation);
  }

  /** @param {number} event */
  #phase(event) {
    const operation = this.operations.get(this.object[event]);
    if (!operation) return;
    const phase = this.texts[this.text[event]];
    this.task[event] = operation.task;
    operation.seen = event;
    if (phase === 'sent') operation.sent = event;
    if (phase === 'sent' || FINAL.has(phase)) this.#inLine.delete(operation.task);
    if (phase === 'answered') [operation.answered, operation.status] = [event, this.value[event]];
    if (phase === 'body') operation.bytes += this.value[event];
    if (FINAL.has(phase) && operation.last < 0) operation.last = event;
  }

  /** @param {number} event */
  #print(event) {
    this.task[event] = this.#stack.at(-1) ?? 0;
    const at = 2 * this.prints.length;
    this.printed = grown(this.printed, at + 2);
    const [stdout, stderr] = at ? [this.printed[at - 2], this.printed[at - 1]] : [0, 0];
    this.printed[at] = stdout + (this.value[event] ? 0 : this.limit[event]);
    this.printed[at + 1] = stderr + (this.value[event] ? this.limit[event] : 0);
    this.prints.push(event);
  }
}
