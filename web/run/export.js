/** A recording as the events that it was made of, for the package's Chrome trace. */
import { CHANGED, CREATED, CUT, END, KINDS, MADE, PHASE, PRINT, STARTED, WAIT } from './events.js';
import { wordOf } from './states.js';

const TYPES = Object.fromEntries(Object.entries(KINDS).map(([type, kind]) => [kind, type]));

/** @param {import('./recording.js').Recording} run @returns {Generator<import('../../src/js/debug/trace-events.js').TraceEvent>} */
export function* eventsOf(run) {
  for (let i = 0; i < run.count; i++) {
    const kind = run.kind[i];
    const [text, more, where] = [run.texts[run.text[i]], run.texts[run.more[i]] || null, run.texts[run.place[i]] || null];
    const [task, by, object, value] = [run.task[i], run.by[i], run.object[i], run.value[i]];
    const until = Number.isNaN(run.until[i]) ? null : run.until[i] / 1000;
    if (kind === CUT) {
      yield /** @type {any} */ ({ type: 'end', time: run.time[i] / 1000, task, by, where, until, status: -1, error: null, message: wordOf(value) });
      continue;
    }
    /** @type {any} */
    const event = { type: TYPES[kind], time: run.time[i] / 1000, task, by, where, until };
    if (kind === CREATED) Object.assign(event, { name: text, coroutine: more, group: object || null });
    else if (kind === WAIT) Object.assign(event, { what: text, name: more, object: object || null, awaits: run.awaits.get(i) ?? [] });
    else if (kind === END) Object.assign(event, { status: value, error: text || null, message: more });
    else if (kind === CHANGED || kind === MADE) Object.assign(event, { what: text, object, value, limit: run.limit[i], waiting: run.waiting[i] });
    else if (kind === STARTED) Object.assign(event, { what: text, name: more, operation: object, queued: value === 1 });
    else if (kind === PHASE) Object.assign(event, { phase: text, operation: object, value });
    else if (kind === PRINT) Object.assign(event, { stream: value ? 'stderr' : 'stdout', text });
    else Object.assign(event, { what: text, scope: object, status: value, count: value });
    yield event;
  }
}
