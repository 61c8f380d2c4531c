/** The two lines that can be dragged: between program and run, and above the dock. Their places are kept. */
import { memory } from '../dom.js';

const KEY_STEP = 24; // px

/**
 * @param {HTMLElement} handle @param {string} name what it is remembered by @param {(at: number) => number | undefined} place takes a fraction, gives the one it has set
 * @param {(event: PointerEvent) => number} fraction of a pointer
 */
function divider(handle, name, place, fraction, reset = () => {}) {
  const set = (/** @type {number} */ at) => {
    const done = place(at);
    if (done === undefined) return;
    handle.setAttribute('aria-valuenow', String(Math.round(done * 100)));
    memory.set(name, String(done));
  };
  const kept = Number(memory.get(name));
  if (kept > 0 && kept < 1) place(kept);
  handle.setAttribute('aria-valuemin', '20');
  handle.setAttribute('aria-valuemax', '80');
  handle.setAttribute('aria-valuenow', String(Math.round((kept || 0.5) * 100)));
  handle.addEventListener('pointerdown', (event) => {
    handle.setPointerCapture(event.pointerId);
    event.preventDefault();
    handle.focus();
  });
  handle.addEventListener('pointermove', (event) => {
    if (handle.hasPointerCapture(event.pointerId)) set(fraction(event));
  });
  handle.addEventListener('dblclick', () => {
    memory.set(name, '');
    reset();
  });
  handle.addEventListener('keydown', (event) => {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const box = handle.getBoundingClientRect();
    const across = handle.getAttribute('aria-orientation') === 'vertical';
    const at = /** @type {any} */ ({ clientX: box.left + box.width / 2 + (across ? by * KEY_STEP : 0), clientY: box.top + box.height / 2 + (across ? 0 : by * KEY_STEP) });
    set(fraction(at));
  });
}

/** @param {{ columns: HTMLElement, dock: HTMLElement, work: HTMLElement, right: HTMLElement, changed: () => void }} parts */
export function dividers({ columns, dock, work, right, changed }) {
  const root = document.documentElement;
  divider(
    columns,
    'columns',
    (at) => {
      const kept = Math.min(0.8, Math.max(0.2, at));
      root.style.setProperty('--cols', `minmax(0, ${kept * 100}fr) minmax(0, ${(1 - kept) * 100}fr)`);
      changed();
      return kept;
    },
    (event) => (event.clientX - work.getBoundingClientRect().left) / work.clientWidth,
    () => root.style.removeProperty('--cols'),
  );
  divider(
    dock,
    'dock',
    (at) => {
      const kept = Math.min(0.8, Math.max(0.2, at));
      root.style.setProperty('--timeline', `${kept * 100}%`);
      changed();
      return kept;
    },
    (event) => (event.clientY - right.getBoundingClientRect().top) / right.clientHeight,
    () => root.style.removeProperty('--timeline'),
  );
}
