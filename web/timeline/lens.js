/** The lens: a few lanes at full height, from a small frame in a field. */
import { element } from '../dom.js';
import { labelParts, labelOf } from '../run/names.js';
import { RUNNING, base } from '../run/states.js';
import { running, waiting } from './bars.js';
import { fit } from './fit.js';
import { endMark } from './marks.js';
import { eachSegment, partOf } from './segments.js';

/** @typedef {{ x0: number, x1: number, y: number }} Frame px of the chart */

const LANES = 6;
const LANE = 17; // px
const WIDTH = 290; // px
const SHARE = 0.065; // of the chart's width: 300 ms of 4.6 s

export class Lens {
  /** Where it looks; drawn with the playhead. @type {Frame | undefined} */
  frame;
  #timeline;
  #title = element('span');
  #times = element('span', { className: 'tl-dim' });
  #canvas = document.createElement('canvas');

  /** @param {import('./main.js').Timeline} timeline */
  constructor(timeline) {
    this.#timeline = timeline;
    this.#canvas.className = 'tl-lens';
  }

  /** @param {import('./lanes.js').Row} row of a field @param {number} x @param {number} y */
  content(row, x, y) {
    const { scene, view } = this.#timeline;
    const field = row.field;
    if (!scene || !field) return undefined;
    const { run } = view;
    const at = Math.floor(((this.#timeline.lanesY(y) - row.top) / row.height) * field.length);
    const first = Math.max(0, Math.min(field.length - LANES, at - LANES / 2));
    const tasks = field.slice(first, first + LANES);
    const { scale } = scene;
    const half = (SHARE * scale.width) / 2;
    const [x0, x1] = [Math.max(0, x - half), Math.min(scale.width, x + half)];
    return {
      key: 'lens',
      top: y - 8,
      bottom: y + 8,
      lens: { x0, x1, y },
      parts: () => [element('div', { className: 'tl-first' }, this.#title, this.#times), this.#canvas],
      after: () => {
        const [from, to] = [scale.position(x0).time, scale.position(x1).time];
        const [, last] = labelParts(run, tasks[tasks.length - 1]);
        this.#title.textContent = `${labelOf(run, tasks[0])} to ${last || labelOf(run, tasks[tasks.length - 1])}`;
        this.#times.textContent = between(from, to);
        this.#draw(scene, tasks, x0, x1);
      },
    };
  }

  /** @param {import('./scene.js').Scene} scene @param {number[]} tasks @param {number} x0 @param {number} x1 */
  #draw({ scale, palette, run }, tasks, x0, x1) {
    const g = fit(this.#canvas, WIDTH, LANES * LANE);
    const c = palette.ink;
    const [zoom, pan, width] = [scale.zoom, scale.pan, scale.width];
    const from = scale.v(x0);
    scale.zoom *= WIDTH / Math.max(1, x1 - x0);
    scale.width = WIDTH;
    scale.pan = 0;
    scale.pan = scale.x(from);
    tasks.forEach((task, i) => {
      const y = (i + 0.5) * LANE;
      /** @type {import('./segments.js').Segment[]} */
      const slices = [];
      eachSegment(run, scale, task, 0, WIDTH, (segment) => {
        if (segment.state === RUNNING) return void slices.push(segment);
        waiting(g, c, segment.state, segment.shielded, partOf(run, segment.wait), Math.max(segment.x0, -20), Math.min(segment.x1, WIDTH + 20), y, 11);
      });
      for (const slice of slices) running(g, c, slice.x0, slice.x1, y, 11, 0);
      const { ended } = run.tasks[task];
      if (ended >= 0) endMark(g, c, base(run.after[ended]), scale.after(ended) + 10, y);
    });
    const head = scale.headX(this.#timeline.view.position);
    g.fillStyle = c.now;
    if (head >= 0 && head <= WIDTH) g.fillRect(head - 0.75, 0, 1.5, LANES * LANE);
    [scale.zoom, scale.pan, scale.width] = [zoom, pan, width];
  }
}

/** @param {number} from ms @param {number} to */
function between(from, to) {
  return to < 2000 ? `${Math.round(from)} to ${Math.round(to)} ms` : `${(from / 1000).toFixed(2)} to ${(to / 1000).toFixed(2)} s`;
}

/** The frame, over the field. @param {CanvasRenderingContext2D} g @param {import('./palette.js').Colours} c @param {Frame | undefined} frame */
export function drawFrame(g, c, frame) {
  if (!frame) return;
  g.strokeStyle = c.ink;
  g.lineWidth = 1.5;
  g.beginPath();
  g.roundRect(frame.x0, frame.y - 5, frame.x1 - frame.x0, 10, 2);
  g.stroke();
}
