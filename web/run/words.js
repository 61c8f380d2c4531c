/** A task's state in words, for rows, cards and screen readers. */
import { labelOf, objectName, shortUrl } from './names.js';
import { HOST, JOIN, SHIELDED, SLEEP, SYNC, base, wordOf } from './states.js';

/** Kinds of waits that have a better word. @type {Record<string, string>} */
const SAID = { import: 'JavaScript' };

/** @param {number} ms */
export const duration = (ms) => (ms < 9999.5 ? `${round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

/** "254 ms", "17.541 s": with each ms of a long run. @param {number} ms */
export const exact = (ms) => (ms < 9999.5 ? `${round(ms)} ms` : `${(ms / 1000).toFixed(3)} s`);

/** In three or four characters: "99", "4.4k", "12k". @param {number} count */
export const compact = (count) => (count < 1000 ? String(count) : `${(count / 1000).toFixed(count < 9950 ? 1 : 0)}k`);

/** Whole ms, and what is short with a digit behind the point. @param {number} ms */
export const round = (ms) => (ms > 0 && ms < 10 && ms % 1 > 0.05 ? ms.toFixed(1) : String(Math.round(ms)));

/** @param {import('./moment.js').Moment} moment @param {import('./moment.js').Wait} wait */
export function waitsFor({ run }, { what, object, name, tasks }) {
  if (name) return what === 'fetch' || what === 'queued' ? `GET ${shortUrl(name)}` : `${what} of ${shortUrl(name)}`;
  if (object) return objectName(run, object);
  if (tasks.length === 1) return labelOf(run, tasks[0]);
  if (tasks.length) return `${tasks.length} tasks`;
  return Object.hasOwn(SAID, what) ? SAID[what] : what;
}

/** "waits for limit, 262 ms". @param {import('./moment.js').Moment} moment @param {number} task */
export function describe(moment, task) {
  const state = moment.state(task);
  const shielded = state & SHIELDED ? 'shielded, ' : '';
  const wait = moment.wait(task);
  if (!wait) return shielded + wordOf(state);
  const so = duration(moment.time - wait.since);
  if (base(state) === SLEEP) {
    if (Number.isNaN(wait.until)) return `${shielded}sleeps for ever, ${so}`;
    return `${shielded}sleeps, ${round(moment.time - wait.since)} of ${duration(wait.until - wait.since)}`;
  }
  const name = waitsFor(moment, wait);
  if (wait.what === 'queued') return `${shielded}${name}, queued for ${so}`;
  return shielded + (base(state) === HOST && wait.name ? `${name}, ${so}` : `waits for ${name}, ${so}`);
}

/** Without numbers, as a name for an option of the list. @param {import('./moment.js').Moment} moment @param {number} task */
export function inShort(moment, task) {
  const state = moment.state(task);
  const wait = moment.wait(task);
  if (!wait) return wordOf(state);
  const kind = base(state);
  if (kind === SLEEP) return 'sleeps';
  if (wait.what === 'queued') return 'waits to send its request';
  if (kind === HOST && wait.what === 'fetch') return 'waits for an answer';
  return kind === SYNC || kind === JOIN || kind === HOST ? `waits for ${waitsFor(moment, wait)}` : wordOf(state);
}
