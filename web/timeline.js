/** The host of the timeline. Until there is a drawing, the pane lists the tasks, which is true as well. */
import { coalesced } from './dom.js';
import { Tasks } from './dock/tasks.js';

/** @param {HTMLElement} host @param {import('./run/view.js').View} view @returns {{ zoom(direction: -1 | 0 | 1): void } | undefined} */
export function mountTimeline(host, view) {
  const list = new Tasks(host, view);
  const show = coalesced(() => list.show());
  for (const type of ['run', 'grow', 'move', 'select', 'end']) view.addEventListener(type, show);
  return undefined;
}
