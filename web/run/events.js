/**
 * Events of a run, as numbers. The worker packs what load()'s `trace` gives it into batches of typed arrays, which cost
 * nothing to hand over; recording.js takes them apart.
 * @typedef {import('../../src/js/debug/trace-events.js').TraceEvent} TraceEvent
 */

export const CREATED = 1;
export const RUN = 2;
export const PAUSE = 3;
export const WAIT = 4;
export const WAKE = 5;
export const CANCEL = 6;
export const END = 7;
export const ENTER = 8;
export const EXPIRED = 9;
export const LEAVE = 10;
export const CHANGED = 11;
export const STARTED = 12;
export const PHASE = 13;
export const PRINT = 14;
export const LOST = 15;
export const MADE = 16;
/** Not of the trace: how a task ended that never came to an end, as the program crashed or was stopped. */
export const CUT = 17;

/** @type {Record<TraceEvent['type'], number>} */
export const KINDS = {
  created: CREATED,
  run: RUN,
  pause: PAUSE,
  wait: WAIT,
  wake: WAKE,
  cancel: CANCEL,
  end: END,
  enter: ENTER,
  expired: EXPIRED,
  leave: LEAVE,
  changed: CHANGED,
  started: STARTED,
  phase: PHASE,
  print: PRINT,
  lost: LOST,
  made: MADE,
};

/** Numbers of an event in `Batch.numbers`: task, by, object, value, limit, waiting, text, more, place. */
export const STRIDE = 9;

/**
 * @typedef {object} Batch
 * @property {number} count events
 * @property {Uint8Array<ArrayBuffer>} kinds
 * @property {Float64Array<ArrayBuffer>} times pairs: time and until, in ms; until is NaN where there is none
 * @property {Int32Array<ArrayBuffer>} numbers STRIDE of them for each event
 * @property {string[]} texts new ones, numbered on from the batches before; text 0 is none
 * @property {[event: number, tasks: number[]][]} awaits by index in this batch
 */

const PRINTS_QUOTED = 2000;
const QUOTED = 60; // characters

/** Whole nanoseconds, without what adding fractions leaves. @param {number} seconds */
const ms = (seconds) => Math.round(seconds * 1e9) / 1e6;

/** Not every line of a flood is worth keeping twice. */
export class Encoder {
  /** @type {Map<string, number>} */
  #known = new Map();
  #texts = 1;
  #quoted = 0;
  #zero = NaN;
  /** @type {string[]} */
  #fresh = [];

  /** @param {string | null} text */
  #text(text) {
    if (!text) return 0;
    let number = this.#known.get(text);
    if (number === undefined) {
      number = this.#texts++;
      this.#known.set(text, number);
      this.#fresh.push(text);
    }
    return number;
  }

  /** @param {TraceEvent[]} events @returns {Batch} */
  encode(events) {
    const count = events.length;
    const kinds = new Uint8Array(count);
    const times = new Float64Array(2 * count);
    const numbers = new Int32Array(STRIDE * count);
    /** @type {Batch['awaits']} */
    const awaits = [];
    this.#fresh = [];
    for (let i = 0; i < count; i++) {
      const event = /** @type {any} */ (events[i]);
      const at = STRIDE * i;
      if (Number.isNaN(this.#zero)) this.#zero = event.time; // the real clock does not begin at 0
      kinds[i] = KINDS[/** @type {TraceEvent} */ (event).type];
      times[2 * i] = ms(event.time - this.#zero);
      times[2 * i + 1] = event.until == null ? NaN : ms(event.until - this.#zero);
      numbers[at] = event.task ?? 0;
      numbers[at + 1] = event.by ?? 0;
      numbers[at + 2] = event.object ?? event.scope ?? event.operation ?? event.group ?? 0;
      numbers[at + 3] = event.value ?? event.status ?? event.count ?? (event.queued ? 1 : 0);
      numbers[at + 4] = event.limit ?? 0;
      numbers[at + 5] = event.waiting ?? 0;
      numbers[at + 8] = this.#text(event.where);
      if (event.awaits?.length) awaits.push([i, event.awaits]);
      this.#words(event, numbers, at);
    }
    return { count, kinds, times, numbers, texts: this.#fresh, awaits };
  }

  /** @param {any} event @param {Int32Array} numbers @param {number} at */
  #words(event, numbers, at) {
    if (event.type === 'print') {
      numbers[at + 3] = event.stream === 'stderr' ? 1 : 0;
      numbers[at + 4] = event.text.length;
      if (this.#quoted++ < PRINTS_QUOTED) numbers[at + 6] = this.#text(event.text.trimEnd().slice(0, QUOTED));
      return;
    }
    const [text, more] =
      event.type === 'created' ? [event.name, event.coroutine]
      : event.type === 'end' ? [event.error, event.message]
      : [event.what ?? event.phase ?? null, event.name ?? null];
    numbers[at + 6] = this.#text(text);
    numbers[at + 7] = this.#text(more);
  }
}
