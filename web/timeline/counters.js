/** One track for each semaphore or queue: in use upwards, in line downwards, from one baseline. */
import { objectName } from '../run/names.js';
import { AXIS } from './axis.js';

/** @typedef {import('./scene.js').Scene} Scene */
/** @typedef {import('./palette.js').Colours} Colours */
/** @typedef {import('../run/recording.js').Shared} Shared */

export const SHOWN = 3; // more are folded into a row
const UP = 16;
const DOWN = 14;
const BASE = 25;

/** Those that have a number worth a track. @param {import('../run/recording.js').Recording} run @returns {Shared[]} */
export function tracksOf(run) {
  return [...run.shared.values()].filter(({ what, changes }) => changes.length && (what.startsWith('semaphore') || what.includes('queue')));
}

/** What is in use: of a semaphore what is not free, of a queue what is in it. @param {Shared} shared @param {number} value */
export const used = ({ what, limit }, value) => (what.includes('queue') ? value : Math.max(0, limit - value));

/** @param {import('../run/moment.js').Moment} moment @param {Shared} shared */
export function labelOf(moment, shared) {
  const { value, waiting } = moment.counter(shared.id);
  const limit = shared.limit || 0;
  return { name: objectName(moment.run, shared.id), used: shared.changes.lastUpTo(moment.event) < 0 ? 0 : used(shared, value), limit, waiting };
}

/** @param {CanvasRenderingContext2D} g @param {Scene} scene @param {Colours} c */
export function drawCounters(g, scene, c) {
  scene.tracks.forEach((shared, i) => {
    g.save();
    g.beginPath();
    g.rect(0, AXIS + i * scene.track, scene.scale.width, scene.track);
    g.clip();
    drawTrack(g, scene, c, shared, AXIS + i * scene.track + (scene.track < 46 ? 23 : BASE));
    g.restore();
    if (!i) return;
    g.strokeStyle = c.rule;
    g.lineWidth = 1;
    g.beginPath();
    g.moveTo(0, AXIS + i * scene.track - 0.5);
    g.lineTo(scene.scale.width, AXIS + i * scene.track - 0.5);
    g.stroke();
  });
}

/** @param {CanvasRenderingContext2D} g @param {Scene} scene @param {Colours} c @param {Shared} shared @param {number} base px */
function drawTrack(g, scene, c, shared, base) {
  const { run, scale } = scene;
  const { most, line } = extremes(run, shared);
  const up = UP / Math.max(shared.limit, most, 1);
  const down = Math.min(2, DOWN / Math.max(line, 1));
  const points = pointsOf(scene, shared);
  const stairs = (/** @type {'used' | 'waiting'} */ key, /** @type {number} */ each) => {
    g.beginPath();
    g.moveTo(points[0].x, base);
    let value = 0;
    for (const point of points) {
      g.lineTo(point.x, base + value * each);
      value = point[key];
      g.lineTo(point.x, base + value * each);
    }
    g.lineTo(points[points.length - 1].x, base);
  };
  if (points.length) {
    stairs('used', -up);
    g.fillStyle = c['sema-fill'];
    g.fill();
    g.strokeStyle = c.sema;
    g.lineWidth = c.line;
    g.stroke();
    stairs('waiting', down);
    g.fillStyle = c.queue;
    g.fill();
    g.lineWidth = 1;
    g.stroke();
  }
  if (!shared.limit) return;
  g.strokeStyle = c.edge;
  g.lineWidth = 1;
  g.setLineDash([2, 3]);
  g.beginPath();
  g.moveTo(0, base - UP);
  g.lineTo(scale.width, base - UP);
  g.stroke();
  g.setLineDash([]);
}

/** @type {WeakMap<Shared, { count: number, most: number, line: number }>} */
const seen = new WeakMap();

/** @param {import('../run/recording.js').Recording} run @param {Shared} shared */
function extremes(run, shared) {
  let known = seen.get(shared);
  if (!known) seen.set(shared, (known = { count: 0, most: 0, line: 0 }));
  for (; known.count < shared.changes.length; known.count++) {
    const e = shared.changes.data[known.count];
    known.most = Math.max(known.most, used(shared, run.value[e]));
    known.line = Math.max(known.line, run.waiting[e]);
  }
  return known;
}

/** Changes in view; of those that share a pixel the last. @param {Scene} scene @param {Shared} shared */
function pointsOf({ run, scale }, shared) {
  const { data, length } = shared.changes;
  /** @type {{ x: number, used: number, waiting: number }[]} */
  const points = [];
  const from = scale.eventBehind(-4);
  for (let i = Math.max(0, shared.changes.upTo(from) - 1); i < length; ) {
    const e = data[i];
    const x = scale.after(e);
    points.push({ x, used: used(shared, run.value[e]), waiting: run.waiting[e] });
    if (x > scale.width) return points;
    const next = scale.cell < 0.5 ? shared.changes.upTo(scale.eventBehind(x + 0.5) - 1) : i + 1;
    i = Math.max(i + 1, next > i + 1 ? next - 1 : next);
  }
  const last = points.at(-1);
  if (last) points.push({ ...last, x: scale.endX });
  return points;
}
