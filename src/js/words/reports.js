import { describeCode } from './codes.js';
import { short } from './short.js';
import { REPORTS, WORDS } from './words.js';

/**
 * What C reports in programs built for size, which have no words: the sentences of words.c and report.c, word for word.
 * tests/js/reports.test.js compares what programs say that were built either way.
 * @typedef {(string | number)[]} Texts numbers are of WORDS; 0: NULL
 * @typedef {{ what: number, first: number, number: number, texts: Texts, tasks: import('../tasks.js').TaskInfo[] }} About of wio__host_report()
 */

/** @param {Texts} texts @returns {(string | number | null)[]} */
const withNull = (texts) => texts.map((text) => (text === 0 ? null : text));

/** @param {string | number | null} text */
const word = (text) => (typeof text === 'number' ? WORDS[text] : text);

/** @param {string | number | null} place */
const at = (place) => (place ? ` at ${short(String(place))}` : '');

/** @param {import('../tasks.js').TaskInfo} task */
function line({ name, coroutine, cancelling, state, waitsFor, where, created }) {
  const what = waitsFor ? `waits for ${waitsFor}` : state;
  const place = state !== 'not started' ? at(where) : created ? `, created at ${created}` : '';
  return `  ${name}${coroutine ? ` ${coroutine}` : ''}${cancelling ? ' (cancelling)' : ''}: ${what}${place}\n`;
}

/**
 * @param {About} about @param {Record<string, string>} misuses what was said of misuse, by error and place: C does not keep the
 * words, and the failure that follows has them
 * @returns {string}
 */
export function say({ what, first, number, texts, tasks }, misuses) {
  const [a, b, c, d] = withNull(texts);
  if (what === REPORTS.MISUSE || what === REPORTS.NULL) {
    const said = (misuses[`${first} ${c}`] = `${a}(): ${word(b)}${what === REPORTS.NULL ? ' is NULL' : ''}`);
    return `wasyncio: ${c ? `${short(String(c))}: ` : ''}${said}\n`;
  }
  if (what === REPORTS.DEADLOCK) return `wasyncio: deadlock: no task can ever wake (nothing is ready, no timer, no request)\n${tasks.map(line).join('')}`;
  const [name, text] = describeCode(first);
  const created = d ? `; created${at(d)}` : '';
  return `wasyncio: task '${a ?? `Task-${number}`}' failed and nobody looked: ${name}: ${b ?? (c && misuses[`${first} ${c}`]) ?? text}${at(c)}${created}\n`;
}

/** The engine's own stack has overflowed: what to do. */
export const less = 'recurse less deeply, with a loop or a list of what is still to do; Node has more with `node --stack-size=KIBIBYTES`, if `ulimit -s` is larger';

/** A stack has overflowed. @param {About} about @returns {string} */
export function overflow({ what, first, number, texts }) {
  const [name] = withNull(texts);
  const how = what === REPORTS.STACK ? 'its C stack ran over the lower end' : 'its suspended frames met its C stack';
  return (
    `task '${name ?? (number ? `Task-${number}` : 'main()')}' overflowed its stack of ${first} bytes (${how}). ` +
    `Raise it: wio_create_task_with(fn, arg, &(wio_task_options){.stack_size = ${first * 2}}), or wio_set_default_stack_size() for all tasks.`
  );
}
