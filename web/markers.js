/** Where the tasks stand, in the editor: a mark beside each line, and a chip for those out of sight. */
import { byId, glyph, icon } from './dom.js';
import { labelOf } from './run/names.js';
import { MOST_ACTIVE, SHIELDED, SYNC, RUNNING, base, glyphOf, toneOf, wordOf } from './run/states.js';

const EVERY = 50; // ms: no more than 20 a second
const NAMED = 12; // tasks in a tooltip

/**
 * @param {import('./run/view.js').View} view @param {import('./editor/editor.js').Editor} editor
 * @param {import('./editor/editor.js').Twin} twin @param {import('./editor/pairs.js').Pairs} pairs
 */
export function markers(view, editor, twin, pairs) {
  let drawn = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const chip = byId('below');
  let line = 0;
  chip.addEventListener('click', () => editor.reveal(line));

  /** @param {(file: string, line: number) => number | undefined} lineOf where a place is on show @returns {import('./editor/marks.js').TaskMark[]} */
  function marks(lineOf) {
    const { moment, run } = view;
    /** @type {Map<number, number[]>} */
    const byLine = new Map();
    for (const [place, tasks] of moment.lines) {
      const [file, number] = place.split(':');
      const at = lineOf(file, Number(number));
      if (at !== undefined) byLine.set(at, [...(byLine.get(at) ?? []), ...tasks]);
    }
    return [...byLine].sort(([a], [b]) => a - b).map(([at, tasks]) => {
      const states = tasks.map((task) => moment.state(task));
      const top = MOST_ACTIVE.map((wanted) => states.find((state) => base(state) === wanted)).find((state) => state !== undefined) ?? states[0];
      const named = tasks.slice(0, NAMED).map((task) => labelOf(run, task)).join(', ');
      return {
        line: at,
        tone: toneOf(top),
        glyph: glyphOf(top),
        dashed: base(top) === SYNC && !(top & SHIELDED),
        solid: base(top) === RUNNING,
        title: `${named}${tasks.length > NAMED ? ` and ${tasks.length - NAMED} more` : ''}: ${wordOf(top)}`,
        tasks,
      };
    });
  }

  /** In the twin: beside the line that says the same. @param {string} file @param {number} number */
  function twinLine(file, number) {
    const state = editor.state(file);
    return state && pairs.mate(state, number);
  }

  /** @param {import('./editor/marks.js').TaskMark[]} found */
  function below(found) {
    const [first, last] = editor.visible;
    const hidden = found.find((mark) => mark.line > last) ?? found.find((mark) => mark.line < first);
    chip.hidden = !hidden || !view.has;
    if (!hidden) return;
    line = hidden.line;
    const label = hidden.tasks.length > 2 ? `${hidden.tasks.length} tasks` : hidden.tasks.map((task) => labelOf(view.run, task)).join(', ');
    chip.replaceChildren(glyph(hidden.glyph), `${label} at line ${line}`, icon('down'));
  }

  /** @type {import('./editor/marks.js').TaskMark[]} */
  let current = [];
  function draw() {
    timer = undefined;
    drawn = performance.now();
    current = view.has ? marks((file, number) => (file === editor.current ? number : undefined)) : [];
    editor.showTasks(current);
    if (!byId('twin').hidden) twin.showTasks(view.has ? marks(twinLine) : []);
    below(current);
  }

  return {
    show() {
      const wait = drawn + EVERY - performance.now();
      if (wait <= 0) draw();
      else timer ??= setTimeout(draw, wait);
    },
    scrolled: () => below(current),
  };
}
