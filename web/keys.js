/** Keys. Those without Ctrl or Alt act only while the timeline or the dock has the focus, never in a field. */
import { byId, element } from './dom.js';

/** Shown by ?. @type {[keys: string, does: string][]} */
const TABLE = [
  ['Ctrl/Cmd Enter', 'run'],
  ['Ctrl/Cmd .', 'stop'],
  ['Alt Enter', 'try other orders'],
  ['Alt Shift F', 'format'],
  ['F6, Shift F6', 'next, previous pane'],
  ['F8', 'next problem in the editor'],
  ['Esc, then Tab', 'leave the editor'],
  [', .', 'one event back, on'],
  ['[ ]', 'one instant back, on'],
  ['Shift , Shift .', 'previous, next event of the selected task'],
  ['Home End', 'start, end of the run'],
  ['Space', 'play or pause'],
  ['Up Down', 'select a task: a lane, or a row of the tree'],
  ['Left Right', 'fold and unfold equal lanes; out and into the tree'],
  ['Enter', 'pin the task; again: go to its line'],
  ['X', 'cancel the selected task'],
  ['+ - 0', 'zoom in, out, fit'],
  ['Alt 1 to 4', 'dock tabs'],
  ['?', 'this table'],
];

export function fillTable() {
  const rows = TABLE.map(([keys, does]) => element('tr', {}, element('td', {}, element('kbd', {}, keys)), element('td', {}, does)));
  byId('keysbox').replaceChildren(element('h2', {}, 'Keyboard'), element('table', {}, element('tbody', {}, ...rows)));
}

/**
 * @typedef {Record<'run' | 'stop' | 'explore' | 'format' | 'problem' | 'play' | 'help', () => void> & {
 *   pane: (by: 1 | -1) => void, tab: (number: number) => void, zoom: (by: -1 | 0 | 1) => void, view: import('./run/view.js').View }} Acts
 */

/** @param {KeyboardEvent} event @param {Acts} acts */
function anywhere(event, acts) {
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key === 'Enter') return acts.run();
  if (command && event.key === '.') return acts.stop();
  if (event.altKey && event.key === 'Enter') return acts.explore();
  if (event.altKey && event.shiftKey && event.code === 'KeyF') return acts.format();
  if (event.altKey && /^Digit[1-4]$/.test(event.code)) return acts.tab(Number(event.code.slice(5)));
  if (event.key === 'F6') return acts.pane(event.shiftKey ? -1 : 1);
  if (event.key === 'F8') return acts.problem();
  return false;
}

/** @param {KeyboardEvent} event @param {Acts} acts */
function inRun(event, acts) {
  const { view } = acts;
  switch (event.key) {
    case ',': return view.step(-1);
    case '.': return view.step(1);
    case '[': return view.stepInstant(-1);
    case ']': return view.stepInstant(1);
    case '<':
    case ';': return view.stepTask(-1);
    case '>':
    case ':': return view.stepTask(1);
    case 'Home': return view.start();
    case 'End': return view.end();
    case ' ': return acts.play();
    case 'x':
    case 'X': return view.selected && view.live ? view.cancel(view.selected) : undefined;
    case '+':
    case '=': return acts.zoom(1);
    case '-': return acts.zoom(-1);
    case '0': return acts.zoom(0);
    case '?': return acts.help();
    case 'Enter': {
      if (!view.selected) return false;
      if (view.pinned !== view.selected) return view.select(view.selected, { pin: true });
      return view.show(view.moment.place(view.selected));
    }
    default: return false;
  }
}

/** @param {Acts} acts */
export function listenToKeys(acts) {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented) return;
    if (anywhere(event, acts) !== false) return event.preventDefault();
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, textarea, select, .cm-editor')) return;
    const onRun = !!target.closest('#timeline, #dock, #peek') || target === document.body;
    if (!onRun || ((event.key === ' ' || event.key === 'Enter') && target.closest('button, a, [role=separator]'))) return;
    if (inRun(event, acts) !== false) event.preventDefault();
  }, true);
}
