/** What stopped a run, where it happened: a deadlock as a tree of waits, or a crash in words. */
import { element, glyph, placeLink } from '../dom.js';
import { explainDeadlock } from '../run/deadlock.js';
import { labelOf } from '../run/names.js';
import { duration } from '../run/words.js';
import { glyphOf } from '../run/states.js';

/** @param {string[]} names */
const list = (names) => (names.length > 5 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} others` : names.join(', ').replace(/, ([^,]*)$/, ' and $1'));

/** @param {string} title @returns {HTMLElement} */
const heading = (title) => element('h3', {}, glyph('failed'), element('span', {}, title));

/** @param {number} depth @param {boolean} last */
function indent(depth, last) {
  if (!depth) return [];
  return [element('span', { className: `br ${last ? 'last' : 'mid'} d${Math.min(depth, 6)}` })];
}

/**
 * @param {import('../run/recording.js').Recording} run @param {number} event @param {number} time
 * @param {import('../run/view.js').View} view
 */
export function deadlockReport(run, event, time, view) {
  const { rows, causes, moment } = explainDeadlock(run, event);
  const tree = element('div', { className: 'dt' });
  for (const row of rows) {
    if ('tasks' in row) {
      const labels = row.tasks.map((task) => labelOf(run, task));
      const short = `${labels.length} more, ${labels[0].replace(/^.* (#\d+)$/, '$1')} to ${labels[labels.length - 1].replace(/^.* (#\d+)$/, '$1')}, at the same line`;
      const button = element('button', { className: 'more', type: 'button', title: labels.slice(0, 50).join(', ') }, short);
      button.addEventListener('click', () => view.show(row.place));
      tree.append(element('div', {}, element('span', {}, ...indent(row.depth, row.last), button)));
      continue;
    }
    tree.append(
      element(
        'div',
        {},
        element('span', {}, ...indent(row.depth, row.last), glyph(glyphOf(moment.state(row.task))), element('b', {}, labelOf(run, row.task)), ' ', element('em', {}, row.what)),
        row.place ? placeLink(row.place, view.show) : '',
      ),
    );
  }
  const help = causes.map(({ name, text, holders, place, remedy }) => {
    const taken = holders.length
      ? [' Taken ', ...(place ? ['at ', placeLink(place, view.show), ' '] : []), `by ${list(holders.map(({ label }) => label))}${holders.every(({ over }) => over) ? `, ${holders.length === 1 ? 'which is' : 'which are'} done and never gave it back` : ''}.`]
      : [];
    return element('p', { className: 'help' }, element('code', {}, name), ` ${text}`, ...taken, ' ', remedy);
  });
  const report = element('div', { className: 'dead' }, heading(`Deadlock at ${duration(time)}: no task can ever wake`), tree, ...help);
  report.setAttribute('role', 'alert');
  return report;
}

/** What happened and what helps, by the package's error names. @type {Record<string, string>} */
const REMEDY = {
  EOVERFLOW: 'Large local arrays and deep recursion fill a stack: make them static, allocate them, or give the task more with .stack_size.',
  EFAULT: 'The program read or wrote where nothing is, divided by 0, or reached a trap. The line is the last that the task waited at.',
};

/** @param {string} title @param {string} text @param {number} time @param {(place: string) => void} show @param {string} [last] where the task has waited last, should the text name no place */
export function failureReport(title, text, time, show, last = '') {
  const [first, ...rest] = text.split('\n');
  const place = /\b([\w.-]+\.[ch]\w*:\d+)/.exec(text)?.[1] ?? last;
  const remedy = REMEDY[title];
  const report = element(
    'div',
    { className: 'dead' },
    heading(`${title} at ${duration(time)}`),
    element('p', { className: 'said' }, first, ' ', place ? placeLink(place, show) : ''),
    ...(rest.length ? [element('pre', {}, rest.join('\n'))] : []),
    ...(remedy ? [element('p', { className: 'help' }, remedy)] : []),
  );
  report.setAttribute('role', 'alert');
  return report;
}
