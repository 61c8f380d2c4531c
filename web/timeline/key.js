/** The key below the chart: what each drawing means. */
import { element } from '../dom.js';
import { fit } from './fit.js';
import { running, waiting } from './bars.js';
import { endMark } from './marks.js';
import { CANCELLED, DONE, FAILED, HOST, JOIN, READY, RUNNING, SLEEP, SYNC } from '../run/states.js';

/** @type {[state: number, word: string, shielded?: boolean][]} */
const ENTRIES = [
  [RUNNING, 'running'], [READY, 'ready'], [HOST, 'fetch'], [SYNC, 'semaphore'], [SLEEP, 'sleep'], [SLEEP, 'shielded', true], [JOIN, 'joining'],
  [DONE, 'done'], [FAILED, 'failed'], [CANCELLED, 'cancelled'],
];
const HEIGHT = 14;

export class Key {
  root = element('div', { className: 'tl-key' });
  #canvases = ENTRIES.map(([state, word]) => {
    const canvas = document.createElement('canvas');
    canvas.className = state >= DONE ? 'tl-mark' : state === RUNNING ? 'tl-slice' : '';
    canvas.setAttribute('aria-hidden', 'true');
    this.root.append(element('span', { className: state >= DONE ? 'tl-ends' : '' }, canvas, word));
    return canvas;
  });
  /** @type {import('./palette.js').Palette | undefined} */
  #drawn;

  constructor() {
    this.root.setAttribute('role', 'group');
    this.root.setAttribute('aria-label', 'Key');
  }

  /** @param {import('./palette.js').Palette} palette */
  draw(palette) {
    if (palette === this.#drawn) return;
    this.#drawn = palette;
    const c = palette.ink;
    ENTRIES.forEach(([state, , shielded = false], i) => {
      const width = state >= DONE ? 14 : state === RUNNING ? 10 : 22;
      const g = fit(this.#canvases[i], width, HEIGHT);
      if (state >= DONE) endMark(g, c, state, 7, 7);
      else if (state === RUNNING) running(g, c, 0, 10, 7, 10, 0);
      else if (state === HOST) {
        waiting(g, c, HOST, false, 'queued', 1, 8, 7, 10);
        waiting(g, c, HOST, false, 'head', 7, 15, 7, 10);
        waiting(g, c, HOST, false, 'body', 14, 21, 7, 10);
      } else waiting(g, c, state, shielded, 'head', 1, 21, 7, shielded ? 7 : 10);
    });
  }
}
