/**
 * What watches a module that has the parts for development (built with anything but -Os and -Oz): traces, seeds, debug
 * mode, and the details of app.tasks(). Loaded for such modules alone.
 *
 * @typedef {import('./trace-events.js').TraceEvent} TraceEvent
 * @typedef {(bytes: Uint8Array) => void} Sink
 *
 * @typedef {object} TaskDetails what app.tasks() tells of a task besides, unless the module was built for size
 * @property {number} age seconds since it was created, by the loop's clock
 * @property {number} waiting seconds in its current wait; 0 if it does not wait
 * @property {string | null} object the state of what it waits for ("0 of 10 free, 3 in line", "held by 'main'"), or its URL
 * @property {number[]} awaits ids of the tasks that it waits for
 * @property {string | null} cancelledBy "'main' at app.c:12"
 */

import { describeCode } from '../words/codes.js';
import { given } from '../options.js';
import { short } from '../words/short.js';

/** asyncio's slow_callback_duration. */
const SLOW = 0.1;

/** WIO_TRACE_… of src/wasyncio/debug.h, from 1. */
const CREATED = 1;
const WAIT = 4;
const AWAITS = 5;
const TYPES = /** @type {const} */ (['', 'created', 'run', 'pause', 'wait', '', 'wake', 'cancel', 'end', 'enter', 'expired', 'leave', 'changed', 'started', 'phase', 'lost', 'made']);

/** src/debug/trace_host.c says the same. */
const RECORD = 64;

const decoder = new TextDecoder();

export class Watch {
  #inside;
  #options;
  /** @type {TraceEvent[]} */
  #events = [];
  #begun = false;
  /** @type {Map<number, string | null>} constants */
  #texts = new Map();

  /** @param {import('../app.js').Inside} inside @param {import('../options.js').LoadOptions} options @param {Sink[]} sinks stdout and stderr; replaced if need be */
  constructor(inside, options, sinks) {
    this.#inside = inside;
    this.#options = options;
    if (options.trace) sinks.forEach((sink, i) => (sinks[i] = this.#listen(sink, i ? 'stderr' : 'stdout')));
  }

  /** Output is an event too, in its place among the others. @param {Sink} sink @param {'stdout' | 'stderr'} stream @returns {Sink} */
  #listen(sink, stream) {
    const decoder = new TextDecoder();
    return (bytes) => {
      const text = decoder.decode(bytes, { stream: true });
      if (text && this.#begun) {
        this.#take();
        const last = this.#events.at(-1);
        if (last?.type === 'print' && last.stream === stream) last.text += text; // libc writes a line in pieces
        else this.#events.push({ type: 'print', time: this.#inside.exports.wio__now(), stream, text });
      }
      sink(bytes);
    };
  }

  /** The module is there, and nothing of it has run but constructors. */
  #begin() {
    this.#begun = true;
    const { seed, trace, debug = given(this.#options.env?.WASYNCIODEBUG) } = this.#options;
    const { exports } = this.#inside;
    if (seed !== undefined) exports.wio__seed(seed);
    if (debug !== false) exports.wio__debug(debug === true ? SLOW : debug);
    if (trace) exports.wio__trace_start();
  }

  /** The module has returned, for the first time from its constructors, or has crashed: what has happened goes to the trace function. */
  left() {
    if (!this.#begun) this.#begin();
    const { trace } = this.#options;
    if (!trace) return;
    this.#take();
    const events = this.#events;
    if (!events.length) return;
    this.#events = [];
    try {
      trace(events);
    } catch (error) {
      queueMicrotask(() => {
        throw error; // the program has nothing to do with it
      });
    }
  }

  /** The tree of tasks, to stderr. */
  print() {
    this.#inside.enter(() => this.#inside.exports.wio__print());
  }

  /** @param {number} at a task @returns {TaskDetails} */
  details(at) {
    const { exports, memory } = this.#inside;
    const found = exports.wio__task_details(at); // details in src/debug/details.c
    const [age, waiting] = new Float64Array(memory.copy(found, 16).buffer);
    const [object, cancelledBy] = [16, 20].map((offset) => memory.text(memory.u32(found + offset)));
    /** @type {number[]} */
    const awaits = [];
    for (let id = exports.wio__task_awaits(at); id; id = exports.wio__task_awaits(0)) awaits.push(id);
    return { age, waiting, object, awaits, cancelledBy };
  }

  /* ------------------------------------------------------------------------------------------------- Events --- */

  #take() {
    const { exports, memory } = this.#inside;
    try {
      const batch = exports.wio__trace_take();
      const size = memory.u32(batch + 4);
      if (size) this.#read(memory.copy(memory.u32(batch), size));
    } catch {
      // the module is no longer what it was
    }
  }

  /** @param {Uint8Array} bytes */
  #read(bytes) {
    const view = new DataView(bytes.buffer);
    const u32 = (/** @type {number} */ offset) => view.getUint32(offset, true);
    for (let at = 0; at < bytes.length; ) {
      const size = u32(at + 52);
      const text = size ? decoder.decode(bytes.subarray(at + RECORD, at + RECORD + size)) : '';
      const kind = u32(at);
      if (kind === AWAITS) /** @type {any} */ (this.#events.at(-1)).awaits.push(u32(at + 8));
      else this.#events.push(this.#event(kind, view, at, text));
      at += RECORD + ((size + 7) & ~7);
    }
  }

  /** Every kind has the fields that mean something to it, in a fixed order. @param {number} kind @param {DataView} view @param {number} at @param {string} text @returns {TraceEvent} */
  #event(kind, view, at, text) {
    const u32 = (/** @type {number} */ offset) => view.getUint32(at + offset, true);
    const type = TYPES[kind];
    const [time, until] = [32, 40].map((offset) => view.getFloat64(at + offset, true));
    const [task, by, object, what, place] = [4, 8, 12, 48, 56].map(u32);
    const [value, limit, waiting] = [16, 20, 24].map((offset) => view.getInt32(at + offset, true));
    const where = () => short(this.#text(place));
    switch (type) {
      case 'created': {
        const coroutine = this.#text(place)?.split('\n')[1]?.split(/[,(]/)[0] ?? null;
        return { type, time, task, by, name: text, coroutine, group: object || null, where: where() };
      }
      case 'wait':
        return { type, time, task, what: this.#text(what) ?? '', object: object || null, name: text || null, until: until || null, awaits: [], where: where() };
      case 'pause':
        return { type, time, task, where: where() };
      case 'wake':
        return { type, time, task, by, status: value };
      case 'cancel':
        return { type, time, task, by, where: where() };
      case 'end':
        return { type, time, task, status: value, error: value < 0 ? describeCode(value)[0] : null, message: text || null };
      case 'enter':
      case 'expired':
      case 'leave':
        return { type, time, task, what: this.#text(what) ?? '', scope: object, until: until || null, where: where() };
      case 'made':
      case 'changed':
        return { type, time, task, what: this.#text(what) ?? '', object, value, limit, waiting, where: where() };
      case 'started':
        return { type, time, task, what: this.#text(what) ?? '', operation: object, name: text || null, queued: value === 1 };
      case 'phase':
        return { type, time, operation: object, phase: this.#text(what) ?? '', value };
      case 'lost':
        return { type, time, count: value };
      default:
        return { type: 'run', time, task };
    }
  }

  /** @param {number} at */
  #text(at) {
    if (!this.#texts.has(at)) this.#texts.set(at, this.#inside.memory.text(at));
    return this.#texts.get(at) ?? null;
  }
}
