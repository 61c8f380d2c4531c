/**
 * A deadlock, explained from the run: who waits for what, who took it, and what would have given it back.
 * @typedef {{ depth: number, task: number, what: string, place: string, last: boolean }} Row
 * @typedef {{ depth: number, tasks: number[], place: string, last: boolean }} Fold
 */
import { CHANGED } from './events.js';
import { Moment } from './moment.js';
import { labelOf, objectName } from './names.js';
import { treeOf } from './tree.js';
import { waitsFor } from './words.js';
import { isOver } from './states.js';

const SHOWN = 2; // equal tasks, before the others become one row

/** @param {import('./recording.js').Recording} run @param {number} event the print of the report, or the run's last */
export function explainDeadlock(run, event) {
  const moment = new Moment(run, { event, time: run.time[event] ?? 0 });
  /** @type {(Row | Fold)[]} */
  const rows = [];
  /** @type {Map<string, Row[]>} */
  const equal = new Map();
  for (const row of treeOf(moment)) {
    const tasks = row.kind === 'task' ? [row.task] : row.kind === 'many' ? row.tasks : [];
    for (const task of tasks) {
      const wait = moment.wait(task);
      const place = moment.place(task);
      const key = `${row.depth} ${run.tasks[task].coroutine} ${place} ${wait?.object}`;
      const made = { depth: row.depth, task, what: wait ? `waits for ${waitsFor(moment, wait)}` : 'waits', place, last: false };
      const same = equal.get(key);
      if (same) same.push(made);
      else equal.set(key, [made]);
    }
  }
  for (const same of equal.values()) {
    rows.push(...same.slice(0, same.length === SHOWN + 1 ? SHOWN + 1 : SHOWN));
    if (same.length > SHOWN + 1) rows.push({ depth: same[0].depth, tasks: same.slice(SHOWN).map(({ task }) => task), place: same[0].place, last: false });
  }
  rows.forEach((row, i) => (row.last = !rows.slice(i + 1).some((other) => other.depth === row.depth)));
  return { rows, causes: causesOf(moment), moment };
}

/** @param {import('./moment.js').Moment} moment */
function causesOf(moment) {
  const { run } = moment;
  const wanted = new Set(moment.living.map((task) => moment.wait(task)?.object ?? 0).filter((object) => run.shared.has(object)));
  return [...wanted].map((object) => causeOf(moment, object));
}

/** Two sentences: the cause, the remedy. @param {import('./moment.js').Moment} moment @param {number} object */
function causeOf(moment, object) {
  const { run } = moment;
  const { what, changes } = /** @type {import('./recording.js').Shared} */ (run.shared.get(object));
  const name = objectName(run, object);
  const { value, limit, waiting } = moment.counter(object);
  if (what === 'queue') {
    const empty = value === 0;
    return { name, place: '', text: empty ? `is empty, and no task is left that puts something in.` : `is full with ${value} of ${limit}, and no task is left that takes something out.`, remedy: 'wio_queue_shutdown() ends the waits of a queue that is over.', holders: [] };
  }
  if (what !== 'semaphore' && what !== 'lock') return { name, place: '', text: `keeps ${waiting} waiting, and no task is left that ends that.`, remedy: 'Every wait needs somebody who ends it, or a WIO_TIMEOUT.', holders: [] };
  /** @type {Map<number, string>} who has taken more than given back, and where */
  const holders = new Map();
  let before = limit;
  for (let i = 0; i < changes.length && changes.data[i] <= moment.event; i++) {
    const at = changes.data[i];
    const now = run.value[at];
    const task = run.task[at];
    if (run.kind[at] === CHANGED && now < before) holders.set(task, run.texts[run.place[at]]);
    else if (now > before) holders.delete(task);
    before = now;
  }
  const places = new Set(holders.values());
  return {
    name,
    place: places.size === 1 ? [...places][0] : '',
    text: what === 'lock' ? 'is taken.' : `has ${value} of ${limit} places free.`,
    remedy: `${what === 'lock' ? 'WIO_WITH_LOCK' : 'WIO_WITH_SEMAPHORE'}(&${name}) { … } gives ${what === 'lock' ? 'it' : 'a place'} back on every way out.`,
    holders: [...holders.keys()].map((task) => ({ label: labelOf(run, task), over: isOver(moment.state(task)) })),
  };
}
