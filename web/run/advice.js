/**
 * What the run itself suggests, when it is over.
 * @typedef {{ severity: 'warning' | 'note', message: string, place: string }} Advice
 */
import { CUT, PAUSE, RUN } from './events.js';
import { duration } from './words.js';
import { labelOf, objectName } from './names.js';

const LONG = 50; // ms of one step

/** @param {import('./recording.js').Recording} run @param {boolean} real by the real clock: on the virtual one no step takes time @returns {Advice[]} */
export function adviceOn(run, real) {
  return [...(real ? heldTheLoop(run) : []), ...neverGivenBack(run), ...lost(run)];
}

/** @param {import('./recording.js').Recording} run @returns {Advice[]} */
function heldTheLoop(run) {
  /** @type {Map<number, { longest: number, place: string }>} */
  const held = new Map();
  let began = 0;
  for (let i = 0; i < run.count; i++) {
    if (run.kind[i] === RUN) began = run.time[i];
    const over = run.kind[i] === PAUSE || run.tasks[run.task[i]]?.ended === i;
    if (!over || run.time[i] - began < LONG) continue;
    const longest = Math.max(run.time[i] - began, held.get(run.task[i])?.longest ?? 0);
    held.set(run.task[i], { longest, place: run.texts[run.place[i]] });
  }
  return [...held].slice(0, 20).map(([task, { longest, place }]) => ({
    severity: 'warning',
    message: `${labelOf(run, task)} held the loop for ${duration(longest)}: no other task could run. wio_yield() now and then lets them.`,
    place,
  }));
}

/** @param {import('./recording.js').Recording} run @returns {Advice[]} */
function neverGivenBack(run) {
  if (run.kind[run.count - 1] === CUT) return []; // it was not given the time
  return [...run.shared.values()].flatMap(({ id, what, changes, limit }) => {
    if (what !== 'semaphore' && what !== 'lock') return [];
    if (!changes.length) return [];
    const last = changes.data[changes.length - 1];
    const missing = limit - run.value[last];
    if (missing <= 0) return [];
    const name = objectName(run, id);
    const message = what === 'lock' ? `${name} was never given back.` : `${missing} of ${limit} places of ${name} ${missing === 1 ? 'was' : 'were'} never given back.`;
    return [{ severity: /** @type {const} */ ('warning'), message, place: run.texts[run.place[last]] }];
  });
}

/** @param {import('./recording.js').Recording} run @returns {Advice[]} */
function lost(run) {
  return run.lost ? [{ severity: 'note', message: `${run.lost} events are missing: the program had no memory left for them.`, place: '' }] : [];
}
