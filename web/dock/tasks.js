/** The tree of tasks at the playhead; while the program runs, each can be cancelled. Rows in sight only. */
import { element, glyph, icon, placeLink } from '../dom.js';
import { labelOf, objectName } from '../run/names.js';
import { glyphOf, wordOf } from '../run/states.js';
import { treeOf } from '../run/tree.js';
import { describe } from '../run/words.js';

const ROW = 24; // px
const MORE = 10; // rows outside of the visible part

export class Tasks {
  #root;
  #view;
  #empty = element('p', { className: 'none' });
  #tree = element('div', { className: 'tree' });
  #space = element('div');
  /** @type {import('../run/tree.js').Row[]} */
  #rows = [];

  /** @param {HTMLElement} root @param {import('../run/view.js').View} view */
  constructor(root, view) {
    this.#root = root;
    this.#view = view;
    this.#tree.setAttribute('role', 'tree');
    this.#tree.setAttribute('aria-label', 'Tasks at the playhead');
    root.append(this.#empty, this.#tree, this.#space);
    root.addEventListener('scroll', () => this.#draw(), { passive: true });
    new ResizeObserver(() => this.#draw()).observe(root);
    root.addEventListener('keydown', (event) => this.#key(event));
  }

  /** The playhead has moved, or the selection is another. */
  show() {
    const { has, moment } = this.#view;
    this.#rows = has ? treeOf(moment) : [];
    this.#empty.hidden = !!this.#rows.length;
    this.#empty.textContent = !has ? 'The tree of tasks appears here while the program runs. Any task can be cancelled with a click.' : this.#view.live ? 'No task is alive.' : 'No task is alive at the playhead: all have ended. Move it back to see who waited for whom.';
    this.#tree.hidden = !this.#rows.length;
    this.#draw();
  }

  #draw() {
    if (!this.#root.offsetParent) return;
    const first = Math.max(0, Math.floor(this.#root.scrollTop / ROW) - MORE);
    const rows = this.#rows.slice(first, first + Math.ceil(this.#root.clientHeight / ROW) + 2 * MORE);
    const focused = this.#root.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.task : undefined;
    this.#tree.style.paddingTop = `${first * ROW}px`;
    this.#space.style.height = `${Math.max(0, this.#rows.length - first - rows.length) * ROW}px`;
    this.#tree.replaceChildren(...rows.map((row) => this.#row(row)));
    if (focused) /** @type {HTMLElement | null} */ (this.#tree.querySelector(`[data-task="${focused}"]`))?.focus({ preventScroll: true });
  }

  /** @param {import('../run/tree.js').Row} row */
  #row(row) {
    const { run, moment, show, live, selected } = this.#view;
    const name = element('span', { className: `in d${Math.min(row.depth, 8)}` });
    const made = element('div', { className: 'r' }, name);
    made.setAttribute('role', 'treeitem');
    made.setAttribute('aria-level', String(row.depth + 1));
    if (row.kind === 'group') {
      const { scope, over } = row;
      name.append(element('b', {}, objectName(run, scope.id)), ' ', element('em', {}, `${over} of ${scope.tasks.filter((task) => run.tasks[task].created <= moment.event).length} over`));
      made.append(placeLink(scope.place, show));
    } else if (row.kind === 'many') {
      name.append(glyph(glyphOf(row.state)), `${row.tasks.length.toLocaleString('en')} tasks `, element('em', {}, wordOf(row.state)));
    } else {
      const { task } = row;
      const [label, place] = [labelOf(run, task), moment.place(task) || run.tasks[task].place];
      name.append(glyph(glyphOf(moment.state(task))), element('span', { className: 'name' }, label), ' ', element('em', {}, describe(moment, task)));
      made.append(place ? placeLink(place, show) : '');
      made.classList.toggle('hot', task === selected);
      made.setAttribute('aria-selected', String(task === selected));
      made.addEventListener('click', () => this.#view.select(task));
      if (live) made.append(this.#cancel(task, label));
    }
    return made;
  }

  /** @param {number} task @param {string} label */
  #cancel(task, label) {
    const button = element('button', { className: 'x', type: 'button', title: 'Cancel this task', data: { task: String(task) } });
    button.setAttribute('aria-label', `Cancel ${label}`);
    button.append(icon('x'));
    button.addEventListener('click', (event) => {
      event.stopPropagation();
      this.#view.cancel(task);
    });
    return button;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const tasks = this.#rows.flatMap((row) => (row.kind === 'task' ? [row.task] : []));
    const at = tasks.indexOf(this.#view.selected);
    const next = tasks[Math.max(0, Math.min(tasks.length - 1, at + by))];
    if (next) this.#view.select(next);
  }
}
