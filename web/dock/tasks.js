/** The tree of tasks at the playhead. Only the rows in sight are elements, and a row stays the same element while its words change: a click is never lost to a run that goes on. */
import { element, icon, placeLink, symbol } from '../dom.js';
import { labelOf, objectName } from '../run/names.js';
import { glyphOf, wordOfMany } from '../run/states.js';
import { treeOf } from '../run/tree.js';
import { describe } from '../run/words.js';

/** @typedef {import('../run/tree.js').Row} Row */
/** @typedef {{ root: HTMLElement, name: HTMLElement, use: SVGUseElement | undefined, title: HTMLElement, words: HTMLElement, place: HTMLElement, cancel: HTMLElement | undefined, row: Row }} Line */
/** What a row says. @typedef {{ glyph: string, title: string, words: string, place: string }} Words */

const ROW = 24; // px
const MORE = 10; // rows outside of the visible part

/** @param {Row} row */
const keyOf = (row) => (row.kind === 'task' ? `task-${row.task}` : row.kind === 'group' ? `group-${row.scope.id}` : `many-${row.below}-${row.state}`);

export class Tasks {
  #root;
  #view;
  #empty = element('p', { className: 'none' });
  #tree = element('div', { className: 'tree', tabIndex: 0 }); // one stop of the Tab key: rows are told by aria-activedescendant
  #space = element('div');
  /** @type {Row[]} */
  #rows = [];
  /** Of each row: which one of how many below the same. @type {[position: number, of: number][]} */
  #places = [];
  /** Those that are elements, by key. @type {Map<string, Line>} */
  #lines = new Map();
  /** The row that the keys are at. */
  #active = '';

  /** @param {HTMLElement} root @param {import('../run/view.js').View} view */
  constructor(root, view) {
    this.#root = root;
    this.#view = view;
    this.#tree.setAttribute('role', 'tree');
    this.#tree.setAttribute('aria-label', 'Tasks at the playhead');
    root.append(this.#empty, this.#tree, this.#space);
    root.addEventListener('scroll', () => this.#draw(), { passive: true });
    root.addEventListener('focus', () => this.#tree.hidden || this.#tree.focus({ preventScroll: true }));
    new ResizeObserver(() => this.#draw()).observe(root);
    this.#tree.addEventListener('keydown', (event) => this.#key(event));
    this.#tree.addEventListener('focus', () => {
      if (this.#rows.some((row) => keyOf(row) === this.#active)) return;
      this.#activate(this.#rows.find((row) => row.kind === 'task' && row.task === view.selected) ?? this.#rows[0]);
    });
  }

  /** The playhead has moved, or the selection is another. */
  show() {
    const { has, live, moment } = this.#view;
    this.#rows = has ? treeOf(moment) : [];
    this.#places = placesOf(this.#rows);
    const none = !this.#rows.length;
    const focused = document.activeElement === this.#tree;
    this.#empty.hidden = !none;
    this.#empty.textContent = !has ? 'The tree of tasks appears here while the program runs. Any task can be cancelled with a click.' : live ? 'No task is alive.' : 'No task is alive at the playhead: all have ended. Move it back to see who waited for whom.';
    this.#tree.hidden = none;
    this.#root.tabIndex = none ? 0 : -1;
    if (none && focused) this.#root.focus({ preventScroll: true });
    this.#draw();
  }

  #draw() {
    if (!this.#root.offsetParent) return;
    const first = Math.max(0, Math.floor(this.#root.scrollTop / ROW) - MORE);
    const rows = this.#rows.slice(first, first + Math.ceil(this.#root.clientHeight / ROW) + 2 * MORE);
    this.#tree.style.paddingTop = `${first * ROW}px`;
    this.#space.style.height = `${Math.max(0, this.#rows.length - first - rows.length) * ROW}px`;
    /** @type {Map<string, Line>} */
    const lines = new Map();
    rows.forEach((row, i) => {
      const key = keyOf(row);
      const line = this.#lines.get(key) ?? this.#line(key, row);
      line.row = row;
      this.#fill(line, this.#places[first + i]);
      lines.set(key, line);
    });
    this.#lines = lines;
    const shown = [...lines.values()].map(({ root }) => root);
    if (shown.length !== this.#tree.childElementCount || shown.some((root, i) => this.#tree.children[i] !== root)) this.#tree.replaceChildren(...shown);
    if (lines.has(this.#active)) this.#tree.setAttribute('aria-activedescendant', `row-${this.#active}`);
    else this.#tree.removeAttribute('aria-activedescendant');
  }

  /** @param {string} key @param {Row} row @returns {Line} */
  #line(key, row) {
    const svg = row.kind === 'group' ? undefined : symbol('g-new', 'g');
    const title = element(row.kind === 'group' ? 'b' : 'span', { className: row.kind === 'task' ? 'name' : '' });
    const words = element('em');
    const name = element('span', { className: 'in' }, ...(svg ? [svg] : []), title, ' ', words);
    const place = byMouse(placeLink('', () => this.#view.show(place.textContent ?? '')));
    const root = element('div', { className: 'r', id: `row-${key}` }, name, place);
    root.setAttribute('role', 'treeitem');
    /** @type {Line} */
    const line = { root, name, use: /** @type {SVGUseElement | undefined} */ (svg?.firstElementChild ?? undefined), title, words, place, cancel: undefined, row };
    root.addEventListener('click', () => this.#activate(line.row));
    if (row.kind === 'task') {
      const { task } = row;
      line.cancel = byMouse(element('button', { className: 'x', type: 'button', title: 'Cancel this task (X)' }, icon('x')));
      line.cancel.addEventListener('click', (event) => {
        event.stopPropagation();
        this.#view.cancel(task);
      });
      root.append(line.cancel);
    }
    return line;
  }

  /** @param {Line} line @param {[position: number, of: number]} place */
  #fill({ root, name, use, title, words, place, cancel, row }, [position, of]) {
    const { live, selected } = this.#view;
    const said = this.#words(row);
    set(title, said.title);
    set(words, said.words);
    set(place, said.place);
    place.hidden = !said.place;
    use?.setAttribute('href', `#g-${said.glyph}`);
    name.className = `in d${Math.min(row.depth, 8)}`;
    root.classList.toggle('active', keyOf(row) === this.#active);
    root.setAttribute('aria-level', String(row.depth + 1));
    root.setAttribute('aria-posinset', String(position));
    root.setAttribute('aria-setsize', String(of));
    if (!cancel || row.kind !== 'task') return;
    root.classList.toggle('hot', row.task === selected);
    root.setAttribute('aria-selected', String(row.task === selected));
    cancel.hidden = !live;
    cancel.setAttribute('aria-label', `Cancel ${said.title}`);
  }

  /** @param {Row} row @returns {Words} */
  #words(row) {
    const { run, moment } = this.#view;
    if (row.kind === 'many') {
      const { coroutine } = run.tasks[row.tasks[0]];
      const alike = row.tasks.every((task) => run.tasks[task].coroutine === coroutine);
      return { glyph: glyphOf(row.state), title: `${row.tasks.length.toLocaleString('en')} ${alike && coroutine ? coroutine : 'tasks'}`, words: wordOfMany(row.state), place: '' };
    }
    if (row.kind === 'task') return { glyph: glyphOf(moment.state(row.task)), title: labelOf(run, row.task), words: describe(moment, row.task), place: moment.place(row.task) || run.tasks[row.task].place };
    return { glyph: '', title: objectName(run, row.scope.id), words: `${row.over.toLocaleString('en')} of ${row.created.toLocaleString('en')} over`, place: row.scope.place };
  }

  /** @param {Row | undefined} row */
  #activate(row) {
    if (!row) return;
    this.#active = keyOf(row);
    const top = this.#rows.findIndex((each) => keyOf(each) === this.#active) * ROW;
    const { scrollTop, clientHeight } = this.#root;
    if (top < scrollTop) this.#root.scrollTop = top;
    else if (top + 2 * ROW > scrollTop + clientHeight) this.#root.scrollTop = top + 2 * ROW - clientHeight;
    if (row.kind === 'task' && row.task !== this.#view.selected) this.#view.select(row.task);
    this.#draw();
  }

  /** Up and down; left to what a row stands below, right to the first below it. @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = this.#rows;
    const at = rows.findIndex((row) => keyOf(row) === this.#active);
    const above = () => rows.findLastIndex((row, i) => i < at && row.depth < rows[at].depth);
    const inner = () => (rows[at + 1]?.depth > rows[at]?.depth ? at + 1 : at);
    /** @type {Record<string, () => number>} */
    const keys = { ArrowDown: () => at + 1, ArrowUp: () => at - 1, ArrowLeft: above, ArrowRight: inner };
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    this.#activate(rows[Math.max(0, Math.min(rows.length - 1, keys[event.key]()))]);
  }
}

/** @param {HTMLElement} element @param {string} text */
function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Enter and X do the same for the row that the keys are at. @template {HTMLElement} T @param {T} button */
function byMouse(button) {
  button.tabIndex = -1;
  return button;
}

/** @param {Row[]} rows @returns {[position: number, of: number][]} */
function placesOf(rows) {
  /** By depth, where the list goes on. @type {number[][]} */
  const open = [];
  /** @type {[number, number][]} */
  const places = rows.map(() => [1, 1]);
  const close = (/** @type {number} */ depth) => {
    for (const same of open.splice(depth)) same.forEach((row, i) => (places[row] = [i + 1, same.length]));
  };
  rows.forEach(({ depth }, i) => {
    close(depth + 1);
    while (open.length <= depth) open.push([]);
    open[depth].push(i);
  });
  close(0);
  return places;
}
