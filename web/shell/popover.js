/** A button with a box that it opens: Escape and a click elsewhere close it, the focus goes back. */
import { byId } from '../dom.js';

/** @param {HTMLElement} button where the focus goes back to @param {HTMLElement} box @param {() => void} [opening] fills it @param {boolean} [opens] does a click on the button open it? */
export function popover(button, box, opening, opens = true) {
  /** @param {boolean} on */
  function show(on) {
    if (on === (box.hidden === false)) return;
    if (on) opening?.();
    box.hidden = !on;
    button.setAttribute('aria-expanded', String(on));
    // Later: the key that has opened it must not press what then has the focus.
    if (on) setTimeout(() => /** @type {HTMLElement | null} */ ([...box.querySelectorAll('button, input')].find((each) => each instanceof HTMLElement && each.offsetParent))?.focus());
  }
  if (opens) button.addEventListener('click', () => show(box.hidden === true));
  addEventListener('pointerdown', (event) => {
    const target = /** @type {Node} */ (event.target);
    if (!box.contains(target) && !button.contains(target)) show(false);
  });
  box.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !box.contains(relatedTarget) && relatedTarget !== button) show(false); // Tab has left it
  });
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Tab' && box.getAttribute('role') === 'menu') show(false);
  });
  addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || box.hidden) return;
    event.preventDefault();
    event.stopPropagation();
    show(false);
    (button.offsetParent ? button : byId('more')).focus(); // on a phone Share is in the menu
  }, true);
  return show;
}

/** Arrow keys in a menu. @param {HTMLElement} box */
export function menuKeys(box) {
  box.addEventListener('keydown', (event) => {
    const items = /** @type {HTMLElement[]} */ ([...box.querySelectorAll('[role^=menuitem]')].filter((item) => item instanceof HTMLElement && item.offsetParent));
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    items[(to + items.length) % items.length].focus();
  });
}

/** One tab stop, arrow keys between the choices. @param {HTMLElement} group @param {string} attribute aria-checked or aria-selected @param {(choice: HTMLElement) => void} chosen */
export function choices(group, attribute, chosen) {
  const all = () => /** @type {HTMLElement[]} */ ([...group.querySelectorAll('[role=radio], [role=tab]')]).filter((each) => each.offsetParent);
  /** @param {HTMLElement} choice */
  function choose(choice) {
    for (const each of group.querySelectorAll('[role=radio], [role=tab]')) {
      each.setAttribute(attribute, String(each === choice));
      /** @type {HTMLElement} */ (each).tabIndex = each === choice ? 0 : -1;
    }
  }
  group.addEventListener('click', (event) => {
    const choice = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest('[role=radio], [role=tab]'));
    if (!choice) return;
    choose(choice);
    chosen(choice);
  });
  group.addEventListener('keydown', (event) => {
    const list = all();
    const at = list.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? list.length - 1 : by && (at + by + list.length) % list.length;
    if (to === undefined || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    list[to].focus();
    list[to].click();
  });
  return choose;
}
