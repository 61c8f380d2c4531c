/** The card of a task: what it does at the playhead, and who waits for it, innermost first. Shown for a lane that is pointed at, or pinned. */
import { element, icon, symbol } from '../dom.js';
import { labelOf, objectName } from '../run/names.js';
import { base, glyphOf, isOver, toneOf, wordOf, CANCELLED, DONE, FAILED } from '../run/states.js';
import { describe } from '../run/words.js';

const GAP = 4; // px from its lane

export class Card {
  root = element('div', { className: 'tl-pop tl-card', hidden: true });
  #timeline;
  #hovered = 0;
  #glyph = symbol('g-new', 'tl-g');
  #name = element('b');
  #cancel = element('button', { className: 'tl-btn', type: 'button' }, 'Cancel');
  #pin = element('button', { className: 'tl-btn tl-pin', type: 'button' }, icon('pin'));
  #sub = element('p');
  #chain = element('ol');
  #shown = '';

  /** @param {import('./main.js').Timeline} timeline */
  constructor(timeline) {
    this.#timeline = timeline;
    const { view } = timeline;
    this.root.setAttribute('role', 'group');
    this.#chain.setAttribute('aria-label', 'Await chain');
    this.root.append(element('header', {}, this.#glyph, this.#name, this.#cancel, this.#pin), this.#sub, this.#chain);
    this.#cancel.addEventListener('click', () => view.cancel(this.task));
    this.#pin.addEventListener('click', () => {
      const { task } = this;
      const pinned = view.pinned === task;
      view.pinned = 0;
      view.select(task, { pin: !pinned });
    });
    this.root.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      view.pinned = 0;
      view.select(view.selected);
      timeline.gutter.list.focus();
      event.stopPropagation();
    });
  }

  /** The task that it is of; 0: it is not shown. */
  get task() {
    return this.#hovered || this.#timeline.view.pinned;
  }

  /** @param {number} task 0: none */
  hover(task) {
    if (task === this.#hovered) return;
    this.#hovered = task;
    this.#timeline.update();
  }

  draw() {
    const { task } = this;
    const { view, scene, lanes } = this.#timeline;
    const row = lanes.rows[lanes.rowOf(task)];
    this.root.hidden = !task || !row || !scene || !view.run.tasks[task];
    if (this.root.hidden) return;
    this.#fill(task);
    this.#place(lanes.middle(task), row.field ? 12 : row.height);
  }

  /** @param {number} task */
  #fill(task) {
    const { view } = this.#timeline;
    const { moment, run } = view;
    const state = moment.state(task);
    const name = labelOf(run, task);
    this.#glyph.firstElementChild?.setAttribute('href', `#g-${glyphOf(state)}`);
    this.#name.textContent = name;
    this.root.setAttribute('aria-label', name);
    this.#cancel.hidden = !view.live || isOver(state);
    const pinned = view.pinned === task;
    this.#pin.setAttribute('aria-pressed', String(pinned));
    this.#pin.setAttribute('aria-label', pinned ? 'Unpin' : 'Pin');
    this.root.style.setProperty('--tone', `var(--${toneOf(state)})`);
    this.#sub.textContent = this.#what(task, state);
    const chain = isOver(state) ? [] : moment.chain(task);
    const key = chain.map((other) => `${other} ${moment.place(other)}`).join();
    this.#chain.hidden = !chain.length;
    if (key === this.#shown) return;
    this.#shown = key;
    this.#chain.replaceChildren(...chain.map((other, i) => this.#link(other, chain[i - 1])));
  }

  /** @param {number} task @param {number} state */
  #what(task, state) {
    const { moment, run } = this.#timeline.view;
    const { ended } = run.tasks[task];
    if (!isOver(state)) return describe(moment, task);
    const time = `at ${Math.round(run.time[ended])} ms`;
    if (base(state) === CANCELLED) return `cancelled ${time}`;
    if (base(state) === FAILED) return `failed ${time} with -${run.texts[run.text[ended]] || -run.value[ended]}${run.more[ended] ? `, “${run.texts[run.more[ended]].trim()}”` : ''}`;
    return base(state) === DONE ? `returned ${run.value[ended]} ${time}` : `${wordOf(state)} ${time}`;
  }

  /** @param {number} task @param {number | undefined} awaited */
  #link(task, awaited) {
    const { view } = this.#timeline;
    const { run, moment } = view;
    const group = awaited ? run.tasks[awaited].group : 0;
    const name = awaited === undefined ? run.tasks[task].coroutine || labelOf(run, task) : labelOf(run, task);
    const place = moment.place(task) || run.tasks[task].place;
    const link = element('button', { type: 'button', className: 'tl-place' }, place);
    link.addEventListener('click', () => view.show(place));
    return element('li', {}, element('code', {}, group && run.scopes.has(group) ? `${name}, ${objectName(run, group)}` : name), place ? link : '');
  }

  /** Under its lane, or above it; never over it. @param {number} middle @param {number} height */
  #place(middle, height) {
    const { scene, chart, root, gutter } = this.#timeline;
    if (!scene) return;
    const y = Math.max(scene.lanesTop, Math.min(scene.laneY(middle), scene.height));
    const under = chart.offsetTop + y + height / 2 + GAP;
    const above = chart.offsetTop + y - height / 2 - GAP - this.root.offsetHeight;
    const fits = under + this.root.offsetHeight <= root.clientHeight || above < 0;
    this.root.style.left = `${gutter.list.clientWidth + 8}px`;
    this.root.style.top = `${fits ? under : above}px`;
  }
}
