/** The host of the timeline, and its zoom buttons. */
import { byId } from './dom.js';
import { mount } from './timeline/main.js';

/** @param {import('./run/view.js').View} view @returns {{ zoom(direction: -1 | 0 | 1): void }} */
export function mountTimeline(view) {
  const host = byId('timeline-host');
  const timeline = mount(host, view);
  byId('zoom').hidden = false;
  byId('zoom').addEventListener('click', (/** @type {MouseEvent} */ event) => {
    const by = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest('[data-zoom]'))?.dataset.zoom;
    if (by) timeline.zoom(/** @type {-1 | 0 | 1} */ (Number(by)));
  });
  return timeline;
}
