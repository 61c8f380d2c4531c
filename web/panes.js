/** Which pane is in sight: one dock group or two, tabs, and on a phone one view at a time. */
import { byId } from './dom.js';
import { choices } from './shell/popover.js';

/** @typedef {'console' | 'tasks' | 'network' | 'problems'} Tab */

const TABS = /** @type {Tab[]} */ (['console', 'tasks', 'network', 'problems']);
const wide = matchMedia('(min-width: 1400px)');
const phone = matchMedia('(max-width: 959px)');

export class Panes {
  #changed = () => {};
  /** @type {Tab} */
  #tab = 'console';
  #mark = choices(byId('tabs'), 'aria-selected', (tab) => this.show(/** @type {Tab} */ (tab.dataset.tab)));

  /** @param {() => void} changed */
  constructor(changed) {
    for (const query of [wide, phone]) query.addEventListener('change', () => this.#arrange());
    for (const button of document.querySelectorAll('.nav button')) {
      button.addEventListener('click', () => this.view(/** @type {any} */ (button).dataset.view));
    }
    this.#arrange();
    this.#changed = changed;
  }

  get isPhone() {
    return phone.matches;
  }

  get tab() {
    return this.#tab;
  }

  #arrange() {
    const panel = byId('panel-console');
    byId(wide.matches ? 'group-console' : 'group-tabs').append(panel);
    panel.setAttribute('role', wide.matches ? 'log' : 'tabpanel');
    if (wide.matches) panel.removeAttribute('aria-labelledby');
    else panel.setAttribute('aria-labelledby', 'tab-console');
    byId('tab-console').hidden = wide.matches;
    this.show(wide.matches && this.#tab === 'console' ? 'tasks' : this.#tab);
  }

  /** @param {Tab} tab */
  show(tab) {
    if (wide.matches && tab === 'console') tab = this.#tab === 'console' ? 'tasks' : this.#tab;
    this.#tab = tab;
    this.#mark(byId(`tab-${tab}`));
    for (const each of TABS) byId(`panel-${each}`).hidden = each !== tab && !(wide.matches && each === 'console');
    this.#changed();
  }

  /** Matters only where one pane is shown at a time. @param {'code' | 'timeline' | 'output'} view */
  view(view) {
    document.body.dataset.view = view;
    for (const button of document.querySelectorAll('.nav button')) {
      button.setAttribute('aria-pressed', String(/** @type {HTMLElement} */ (button).dataset.view === view));
    }
    this.#changed();
  }

  /** Editor, timeline, dock, and round again. @param {1 | -1} by @param {(pane: 'code' | 'timeline' | 'output') => void} focus */
  cycle(by, focus) {
    const panes = /** @type {const} */ (['code', 'timeline', 'output']);
    const active = document.activeElement;
    const at = byId('program').contains(active) ? 0 : byId('timeline').contains(active) ? 1 : byId('dock').contains(active) ? 2 : by > 0 ? 2 : 0;
    const next = panes[(at + by + 3) % 3];
    if (phone.matches) this.view(next);
    focus(next);
  }
}
