/**
 * What one picture of the chart is drawn from.
 * @typedef {object} Scene
 * @property {import('../run/recording.js').Recording} run
 * @property {import('./scale.js').Scale} scale
 * @property {import('./lanes.js').Lanes} lanes
 * @property {import('./palette.js').Palette} palette
 * @property {import('../run/recording.js').Shared[]} tracks counters on show
 * @property {number} track px of a counter
 * @property {number} height px of the chart
 * @property {number} lanesTop px from the top of the chart to where lanes begin to show
 * @property {number} scroll px
 * @property {number} from px that are to be drawn
 * @property {number} to
 * @property {number} top px, of what is to be drawn of the lanes
 * @property {number} bottom
 * @property {number} pointed task that is pointed at, or selected; 0
 * @property {number} hot the same, if the others' arrows recede; 0
 * @property {number} until ms: what can wait for another frame does so from then on
 * @property {boolean} unfinished something waits for another frame
 * @property {number} stuck the event at which nothing could go on; -1
 * @property {(y: number) => number} laneY from px below the first lane's top to px of the chart
 */
import { drawArrows } from './arrows.js';
import { drawGrid } from './axis.js';
import { running, waiting, low } from './bars.js';
import { drawCounters } from './counters.js';
import { drawFields } from './field.js';
import { endMark } from './marks.js';
import { drawThread } from './thread.js';
import { eachSegment, partOf } from './segments.js';
import { RUNNING, READY, CANCELLING, base, isOver } from '../run/states.js';

/** @typedef {import('./palette.js').Colours} Colours */

const NARROW = 4; // px: less has no room for an outline

export const TOP = 8; // px above the first lane
const SLACK = 8; // px that marks and shields stand out of their lane

/** Rows that are to be drawn. @param {Scene} scene @returns {[from: number, to: number]} */
export function visible({ lanes, scroll, lanesTop, top, bottom }) {
  const at = scroll - TOP - lanesTop;
  return [Math.max(0, lanes.after(at + Math.max(top, lanesTop) - SLACK) - 1), lanes.after(at + bottom + SLACK)];
}

/** Everything but the playhead, in ink or in pencil. @param {CanvasRenderingContext2D} g @param {Scene} scene @param {Colours} c */
export function drawScene(g, scene, c) {
  const { scale, height, lanesTop } = scene;
  g.textBaseline = 'middle';
  c.anchor(scene.scroll);
  drawGrid(g, scene, c);
  drawCounters(g, scene, c);
  g.save();
  g.beginPath();
  g.rect(0, lanesTop, scale.width, height - lanesTop);
  g.clip();
  drawBoxes(g, scene, c);
  drawFields(g, scene, c);
  drawLanes(g, scene, c);
  drawEnds(g, scene, c);
  if (scene.stuck >= 0) drawStuck(g, scene, c);
  g.restore();
}

/** Nothing that starts in a group outlives it. @param {CanvasRenderingContext2D} g @param {Scene} scene @param {Colours} c */
function drawBoxes(g, { scale, lanes, laneY, palette, height, lanesTop }, c) {
  for (const { scope, top, bottom } of lanes.boxes) {
    const [y0, y1] = [laneY(top) - 3, laneY(bottom) + 3];
    if (y1 < lanesTop || y0 > height) continue;
    const x0 = scale.after(scope.entered);
    const x1 = scope.left >= 0 ? scale.after(scope.left) : scale.endX + 20;
    if (x1 < -10 || x0 > scale.width + 10) continue;
    const [from, to] = [Math.max(Math.round(x0), -20), Math.min(Math.round(x1), scale.width + 20)]; // canvases dislike what is very far away
    g.beginPath();
    g.roundRect(from, y0, to - from, y1 - y0, 5);
    g.fillStyle = palette.fade('now', 0.035);
    g.fill();
    g.strokeStyle = c['rule-2'];
    g.lineWidth = 1;
    g.beginPath();
    g.roundRect(from + 0.5, Math.round(y0) + 0.5, to - from, Math.round(y1 - y0) - 1, 5);
    g.stroke();
  }
}

/** @param {CanvasRenderingContext2D} g @param {Scene} scene @param {Colours} c */
function drawLanes(g, scene, c) {
  const { run, scale, lanes, laneY } = scene;
  const [from, to] = visible(scene);
  const { bar } = lanes;
  const isLow = bar < 9;
  /** @type {import('./segments.js').Segment[]} */
  const above = [];
  /** @type {number[]} */
  const heights = [];
  const edge = 40; // bars end out of sight
  for (let r = from; r < to; r++) {
    const row = lanes.rows[r];
    if (row.field) continue;
    const y = laneY(row.top + row.height / 2);
    eachSegment(run, scale, row.task, scene.from, scene.to, (segment) => {
      const { state, shielded, wait } = segment;
      if (state === RUNNING || state === READY || state === CANCELLING) {
        above.push(segment);
        heights.push(y);
        return;
      }
      const [x0, x1] = [Math.max(segment.x0, -edge), Math.min(segment.x1, scale.width + edge)];
      if (isLow || x1 - x0 < NARROW) low(g, c, state, partOf(run, wait), x0, x1, y, bar);
      else waiting(g, c, state, shielded, partOf(run, wait), x0, x1, y, bar);
    });
  }
  above.forEach(({ state, x0, x1 }, i) => {
    if (state === RUNNING) return;
    if (isLow || x1 - x0 < 2) low(g, c, state, 'head', Math.max(x0, -edge), Math.min(x1, scale.width + edge), heights[i], bar);
    else waiting(g, c, state, false, 'head', Math.max(x0, -edge), Math.min(x1, scale.width + edge), heights[i], bar);
  });
  drawThread(g, scene);
  above.forEach(({ state, x0, x1 }, i) => {
    if (state !== RUNNING) return;
    if (isLow) low(g, c, state, 'head', x0, x1, heights[i], bar);
    else running(g, c, x0, x1, heights[i], bar, scale.cell);
  });
  drawArrows(g, scene, c);
}

/** How it ends is the story: at full strength, also in the future. @param {CanvasRenderingContext2D} g @param {Scene} scene @param {Colours} c */
function drawEnds(g, scene, c) {
  const { run, scale, lanes, laneY, palette } = scene;
  const [from, to] = visible(scene);
  const size = lanes.bar < 9 ? 0.5 : lanes.lane < 19 ? 0.85 : 1;
  for (let r = from; r < to; r++) {
    const { task, top, height } = lanes.rows[r];
    const end = task ? run.tasks[task].ended : -1;
    if (end < 0) continue;
    const x = scale.after(end) + 9 * size;
    if (x < -9 || x > scale.width + 9) continue;
    const state = base(run.after[end]);
    if (isOver(state)) endMark(g, palette.ink, state, x, laneY(top + height / 2), size);
  }
}

/** Where the runtime reports a deadlock; what comes after is how it ends the waits. @param {import('../run/recording.js').Recording} run @returns {number} an event; -1 */
export function stuckAt(run) {
  if (!run.stuck) return -1;
  const { data, length } = run.prints;
  for (let i = 0; i < length; i++) if (!run.task[data[i]] && run.texts[run.text[data[i]]].startsWith('wasyncio: deadlock')) return data[i];
  return -1;
}

/** A deadlock is a wall that nothing passes. @param {CanvasRenderingContext2D} g @param {Scene} scene @param {Colours} c */
function drawStuck(g, { scale, lanes, laneY, stuck }, c) {
  const x = Math.round(scale.before(stuck) + 2) + 0.5;
  const [top, bottom] = [laneY(0) + 3, laneY(lanes.height) - 2];
  g.strokeStyle = c.fail;
  g.lineWidth = 1.5;
  g.beginPath();
  g.moveTo(x, top);
  for (let y = top, side = 1; y < bottom; y += 4, side = -side) g.lineTo(x + side * 2.5, Math.min(y + 4, bottom));
  g.stroke();
}
