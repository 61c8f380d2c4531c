/**
 * The lanes' names: one list box, which is one stop of the Tab key. Only rows that are in view, and ten more, are elements;
 * they are made once and filled anew.
 */
import { element, symbol } from '../dom.js';
import { labelOf, labelParts } from '../run/names.js';
import { glyphOf, isOver } from '../run/states.js';
import { inShort } from '../run/words.js';
import { visible } from './scene.js';

const MORE = 5; // rows above and below
const APART = 18; // px between names

/**
 * @typedef {{ row: HTMLElement, icon: SVGElement, use: SVGUseElement, name: HTMLElement, number: HTMLElement, shown: string }} Line
 */

export class Gutter {
  /** The list box. */
  list = element('div', { className: 'tl-lanes', tabIndex: 0 });
  /** @type {Map<number, Line>} by row */
  #lines = new Map();
  /** @type {Line[]} */
  #spare = [];
  /** Of a task that is selected in a field. @type {Line | undefined} */
  #picked;
  /** @type {HTMLElement[]} */
  #braces = [];
  /** @type {HTMLElement[]} */
  #ticks = [];

  constructor() {
    this.list.setAttribute('role', 'listbox');
    this.list.setAttribute('aria-label', 'Tasks');
  }

  /** @returns {Line} */
  #line() {
    const spare = this.#spare.pop();
    if (spare) return spare;
    const icon = symbol('g-new', 'tl-g');
    const use = /** @type {SVGUseElement} */ (icon.firstElementChild);
    const [name, number] = [element('i', {}), element('b', {})];
    const row = element('div', { className: 'tl-row' }, icon, element('span', {}, name, number));
    row.setAttribute('role', 'option');
    this.list.append(row);
    return { row, icon, use, name, number, shown: '' };
  }

  /** @param {import('./scene.js').Scene} scene @param {import('../run/moment.js').Moment} moment @param {number} selected @param {boolean} short names are numbers only */
  draw(scene, moment, selected, short) {
    const { lanes, laneY, lanesTop, pointed } = scene;
    const [first, last] = visible(scene);
    const [from, to] = [Math.max(0, first - MORE), Math.min(lanes.rows.length, last + MORE)];
    for (const [row, line] of this.#lines) {
      if (row >= from && row < to && !lanes.rows[row].field) continue;
      this.#lines.delete(row);
      this.#spare.push(line);
      line.row.hidden = true;
    }
    let named = -Infinity;
    for (let r = from; r < to; r++) {
      const { task, field, top, height, depth } = lanes.rows[r];
      if (field) continue;
      let line = this.#lines.get(r);
      if (!line) this.#lines.set(r, (line = this.#line()));
      const isHot = task === pointed;
      const quiet = height < APART && !isHot && top - named < APART;
      if (!quiet) named = top;
      const { row } = line;
      row.hidden = false;
      row.style.transform = `translateY(${laneY(top) - lanesTop}px)`;
      const looks = `tl-row${isHot ? ' tl-hot' : ''}${quiet ? ' tl-quiet' : ''}${height < 19 ? ' tl-small' : ''}`;
      this.#fill(line, scene, moment, { task, row: r, looks, height, depth, selected: task === selected, short });
    }
    this.#drawPicked(scene, moment, selected, short);
    this.#drawBraces(scene);
    this.#drawTicks(scene, short);
    const at = selected && lanes.rowOf(selected) >= from && lanes.rowOf(selected) < to ? `lane-${selected}` : '';
    if (at) this.list.setAttribute('aria-activedescendant', at);
    else this.list.removeAttribute('aria-activedescendant');
  }

  /**
   * @param {Line} line @param {import('./scene.js').Scene} scene @param {import('../run/moment.js').Moment} moment
   * @param {{ task: number, row: number, looks: string, height: number, depth: number, selected: boolean, short: boolean }} how
   */
  #fill(line, { run, lanes }, moment, { task, row: at, looks, height, depth, selected, short }) {
    const state = moment.state(task);
    const [name, number] = labelParts(run, task);
    const words = `${labelOf(run, task)}: ${inShort(moment, task)}`;
    const shown = `${task} ${at} ${state} ${words} ${depth} ${height} ${looks} ${selected} ${short} ${lanes.rows.length}`;
    if (line.shown === shown) return;
    line.shown = shown;
    const { row } = line;
    row.id = `lane-${task}`;
    row.className = `${looks}${isOver(state) ? ' tl-over' : ''}`;
    row.style.height = `${height}px`;
    row.style.setProperty('--depth', String(Math.min(depth, 4)));
    line.use.setAttribute('href', `#g-${glyphOf(state)}`);
    line.name.textContent = short && number ? '' : name;
    line.name.className = number ? '' : 'tl-only';
    line.number.textContent = number;
    row.setAttribute('aria-selected', String(selected));
    row.setAttribute('aria-posinset', String(at + 1));
    row.setAttribute('aria-setsize', String(lanes.rows.length));
    row.setAttribute('aria-label', words);
    row.title = words;
  }

  /** A task that is selected in a field has a row too, over the field's numbers. @param {import('./scene.js').Scene} scene @param {import('../run/moment.js').Moment} moment @param {number} selected @param {boolean} short */
  #drawPicked(scene, moment, selected, short) {
    const { lanes, laneY, lanesTop } = scene;
    const at = lanes.rowOf(selected);
    const row = lanes.rows[at];
    if (this.#picked) this.#picked.row.hidden = !selected || !row?.field;
    if (!selected || !row?.field) return;
    this.#picked ??= this.#line();
    this.#picked.row.hidden = false;
    this.#picked.row.style.transform = `translateY(${laneY(lanes.middle(selected)) - lanesTop - 10}px)`;
    this.#fill(this.#picked, scene, moment, { task: selected, row: at, looks: 'tl-row tl-hot tl-picked', height: 20, depth: row.depth, selected: true, short });
  }

  /** @param {import('./scene.js').Scene} scene */
  #drawBraces({ lanes, laneY, lanesTop, height }) {
    const shown = lanes.boxes.filter(({ top, bottom }) => laneY(bottom) > lanesTop && laneY(top) < height);
    while (this.#braces.length < shown.length) {
      const brace = element('div', { className: 'tl-brace' });
      brace.setAttribute('aria-hidden', 'true');
      this.#braces.push(brace);
      this.list.append(brace);
    }
    this.#braces.forEach((brace, i) => {
      brace.hidden = i >= shown.length;
      if (brace.hidden) return;
      const { top, bottom, depth } = shown[i];
      brace.style.transform = `translateY(${laneY(top) - lanesTop}px)`;
      brace.style.height = `${bottom - top}px`;
      brace.style.setProperty('--depth', String(Math.min(depth, 4)));
    });
  }

  /** Numbers beside fields. @param {import('./scene.js').Scene} scene @param {boolean} short */
  #drawTicks(scene, short) {
    const { lanes, laneY, lanesTop, run } = scene;
    const [first, last] = visible(scene);
    /** @type {{ y: number, text: string }[]} */
    const shown = [];
    for (let r = first; r < last; r++) {
      const { field, top, height } = lanes.rows[r];
      if (!field) continue;
      const count = Math.max(1, Math.min(5, Math.floor(height / 60), field.length));
      for (let i = 0; i < count; i++) {
        const at = count === 1 ? 0 : Math.round(((field.length - 1) * i) / (count - 1));
        const [name, number] = labelParts(run, field[at]);
        const y = count === 1 ? top : top + ((height - 20) * i) / (count - 1);
        shown.push({ y: laneY(y) - lanesTop, text: i || (short && number) ? number || name : `${name} ${number}` });
      }
    }
    while (this.#ticks.length < shown.length) {
      const tick = element('div', { className: 'tl-tick' });
      tick.setAttribute('aria-hidden', 'true');
      this.#ticks.push(tick);
      this.list.append(tick);
    }
    this.#ticks.forEach((tick, i) => {
      tick.hidden = i >= shown.length;
      if (tick.hidden) return;
      tick.style.transform = `translateY(${shown[i].y}px)`;
      if (tick.textContent !== shown[i].text) tick.textContent = shown[i].text;
    });
  }
}
