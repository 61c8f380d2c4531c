/**
 * Fields: a row of pixels is many tasks, a pixel the mix of their colours. Rare beats common: a failure is always a disc,
 * never averaged away.
 */
import { CANCEL } from '../run/events.js';
import { objectName } from '../run/names.js';
import { CANCELLED, CANCELLING, CRASHED, DONE, FAILED, HOST, READY, RUNNING, SLEEP, STOPPED, SYNC, base, wordOf } from '../run/states.js';
import { midOf } from './bars.js';
import { endMark, head } from './marks.js';
import { channels } from './palette.js';
import { COUNTED, Pyramid } from './pyramid.js';

/** @typedef {import('./scene.js').Scene} Scene */
/** @typedef {import('./palette.js').Colours} Colours */
/** @typedef {import('./lanes.js').Row} Row */

export const MARGIN = 112; // px right of the axis, for counts
const NEAR = 13; // px: discs that are nearer than this are one

/**
 * @typedef {object} Facts
 * @property {number[]} failed places in the field
 * @property {number} done
 * @property {number} cancelled
 * @property {number} cut by a crash or Stop
 * @property {number} how it was
 * @property {{ by: number, event: number, first: number, last: number }[]} cancels
 */

/** @type {WeakMap<number[], { count: number, facts: Facts }>} */
const known = new WeakMap();

/** @param {import('../run/recording.js').Recording} run @param {number[]} tasks @returns {Facts} */
function factsOf(run, tasks) {
  const before = known.get(tasks);
  if (before?.count === run.count) return before.facts;
  /** @type {Facts} */
  const facts = { failed: [], done: 0, cancelled: 0, cut: 0, how: STOPPED, cancels: [] };
  /** @type {Map<string, Facts['cancels'][number]>} */
  const cancels = new Map();
  tasks.forEach((task, i) => {
    const { ended, events } = run.tasks[task];
    const state = ended < 0 ? 0 : base(run.after[ended]);
    if (state === DONE) facts.done++;
    else if (state === FAILED || state === CRASHED) facts.failed.push(i);
    else if (state === CANCELLED) facts.cancelled++;
    else if (state) [facts.cut, facts.how] = [facts.cut + 1, state];
    if (state !== CANCELLED) return;
    for (let e = events.length - 1; e >= 0; e--) {
      const event = events.data[e];
      if (run.kind[event] !== CANCEL || !run.by[event]) continue;
      const key = `${run.by[event]} ${run.time[event]}`;
      const same = cancels.get(key);
      if (same) same.last = i;
      else cancels.set(key, { by: run.by[event], event, first: i, last: i });
      break;
    }
  });
  facts.cancels = [...cancels.values()];
  known.set(tasks, { count: run.count, facts });
  return facts;
}

/**
 * @typedef {object} Picture
 * @property {string} key what is painted
 * @property {HTMLCanvasElement} canvas
 * @property {Pyramid} pyramid
 * @property {string} built from what
 * @property {boolean} late counted, but not painted yet: the frame's time was up
 * @property {number} first event of the picture, and the last; where they stand in it, in px
 * @property {number} last
 * @property {number} from
 * @property {number} to
 */

/** Of fields, by their tasks. @type {WeakMap<number[], Picture>} */
const pictures = new WeakMap();

/** While a new one is in the making, it is the one before. @param {Scene} scene @param {Row & { field: number[] }} row @returns {Picture} */
function pictureOf(scene, row) {
  const { run, scale, palette } = scene;
  const [width, rows] = [Math.ceil(scale.width), Math.max(1, Math.min(Math.round(row.height), row.field.length))];
  const built = `${run.count} ${scale.width} ${rows} ${scale.end}`;
  let found = pictures.get(row.field);
  if (!found || found.built !== built) {
    const { canvas = document.createElement('canvas'), first = 0, last = -1, from = 0, to = 0 } = found ?? {};
    found = { key: '', built, late: false, canvas, pyramid: new Pyramid(run, row.field, rows), first, last, from, to };
    pictures.set(row.field, found);
  }
  const key = `${scale.zoom} ${scale.pan} ${palette.ink.sheet} ${palette.ink.now}`;
  if (found.key === key) return found;
  if (!found.pyramid.prepare(scale, scene.until)) {
    scene.unfinished = true;
    return found;
  }
  if (performance.now() > scene.until && !found.late) {
    found.late = scene.unfinished = true;
    return found;
  }
  found.late = false;
  found.key = key;
  paint(found.canvas, found.pyramid, scene, width, rows);
  found.first = Math.min(scale.eventBehind(0), scale.count - 1);
  found.last = Math.min(scale.eventBehind(width), scale.count - 1);
  [found.from, found.to] = [scale.before(found.first), scale.after(found.last)];
  return found;
}

/** @param {HTMLCanvasElement} canvas @param {Pyramid} pyramid @param {Scene} scene @param {number} width @param {number} rows */
function paint(canvas, pyramid, { scale, palette }, width, rows) {
  [canvas.width, canvas.height] = [width, rows];
  const g = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const image = g.createImageData(width, rows);
  const c = palette.ink;
  const sheet = channels(c.sheet);
  const mids = COUNTED.map((state) => {
    const line = state === HOST ? c.fetch : midOf(c, state);
    const share = state === READY ? 0.5 : state === SYNC || state === SLEEP ? 0.8 : 1;
    return channels(line).slice(0, 3).map((value, i) => value * share + sheet[i] * (1 - share));
  });
  const { data } = image;
  pyramid.eachPixel(scale, width, (row, x, table, at, whole) => {
    let [red, green, blue, rest] = [0, 0, 0, 1];
    for (let k = 0; k < mids.length; k++) {
      const share = table[at + k] / whole;
      if (share === 0) continue;
      rest -= share;
      red += mids[k][0] * share;
      green += mids[k][1] * share;
      blue += mids[k][2] * share;
    }
    if (rest >= 0.999) return;
    const to = 4 * (row * width + x);
    rest = Math.max(0, rest);
    data[to] = red + sheet[0] * rest;
    data[to + 1] = green + sheet[1] * rest;
    data[to + 2] = blue + sheet[2] * rest;
    data[to + 3] = 255;
  });
  g.putImageData(image, 0, 0);
}

/** Where its events are now, which is not where they were when it was painted, if it is the one before. @param {CanvasRenderingContext2D} g @param {Picture} picture @param {Scene} scene @param {Row} row */
function place(g, { canvas, first, last, from, to }, { scale, laneY }, { top, height }) {
  if (!canvas.width || last < 0 || to <= from) return;
  const [x0, x1] = [scale.before(first), scale.after(last)];
  const by = (x1 - x0) / (to - from);
  g.drawImage(canvas, x0 - from * by, laneY(top), canvas.width * by, height);
}

/** @param {CanvasRenderingContext2D} g @param {Scene} scene @param {Colours} c */
export function drawFields(g, scene, c) {
  const { lanes, laneY, height, lanesTop, palette } = scene;
  for (const row of lanes.rows) {
    if (!row.field || laneY(row.top) > height || laneY(row.top + row.height) < lanesTop) continue;
    const at = /** @type {Row & { field: number[] }} */ (row);
    const picture = pictureOf(scene, at);
    g.globalAlpha = c === palette.ink ? 1 : 0.5;
    g.imageSmoothingEnabled = false;
    place(g, picture, scene, row);
    g.globalAlpha = 1;
    drawWords(g, scene, at);
    drawFacts(g, scene, at);
  }
}

/** Counts at the right edge, failures as discs, a cancel as one stem. @param {CanvasRenderingContext2D} g @param {Scene} scene @param {Row & { field: number[] }} row */
function drawFacts(g, scene, row) {
  const { run, scale, laneY, lanes, palette } = scene;
  const c = palette.ink;
  const facts = factsOf(run, row.field);
  const yOf = (/** @type {number} */ i) => laneY(row.top + ((i + 0.5) / row.field.length) * row.height);
  g.font = palette.font;
  g.textAlign = 'left';
  for (const { by, event, first, last } of facts.cancels) {
    const from = lanes.rowOf(by) >= 0 ? laneY(lanes.middle(by)) : yOf(first);
    const x = scale.after(event);
    g.strokeStyle = g.fillStyle = c.fail;
    g.lineWidth = 1.5;
    g.setLineDash([3, 2]);
    g.beginPath();
    g.moveTo(x, Math.min(from, yOf(first)));
    g.lineTo(x, Math.max(from, yOf(last)));
    g.stroke();
    g.setLineDash([]);
    if (yOf(last) > from) head(g, x, yOf(last), 1, 3.5);
    if (yOf(first) < from) head(g, x, yOf(first), -1, 3.5);
  }
  /** Marks that were drawn, so that words beside them keep clear. @type {{ x: number, y: number, count: number, text: string }[]} */
  const discs = [];
  for (const i of facts.failed) {
    const [x, y] = [scale.after(run.tasks[row.field[i]].ended) + 12, yOf(i)];
    const near = discs.find((disc) => Math.hypot(disc.x - x, disc.y - y) < NEAR);
    if (near) near.count++;
    else discs.push({ x, y, count: 1, text: `#${run.tasks[row.field[i]].ordinal.toLocaleString('en-GB')}` });
  }
  for (const { x, y, count, text } of discs) {
    endMark(g, c, FAILED, x, y);
    g.fillStyle = c['ink-2'];
    if (count > 1 || discs.length < 12) g.fillText(count > 1 ? `${count}` : text, x + 10, y + 0.5);
  }
  const edge = Math.min(scale.endX, scale.width - MARGIN) + 12;
  const counts = /** @type {const} */ ([[DONE, facts.done, 'done'], [CANCELLED, facts.cancelled, 'cancelled'], [facts.how, facts.cut, wordOf(facts.how)]]);
  let y = laneY(row.top) + 12;
  for (const [state, count, word] of counts) {
    if (!count || row.height < 40) continue;
    if (state === facts.how && (facts.done || facts.cancelled)) y += 18;
    if (state === CANCELLED) y = Math.min(laneY(row.top + row.height) - 12, Math.max(y + 18, (yOf(facts.cancels[0]?.first ?? 0) + yOf(facts.cancels.at(-1)?.last ?? 0)) / 2 + 8));
    while (discs.some((disc) => Math.abs(disc.y - y) < 14 && disc.x > edge - 20)) y += 15;
    endMark(g, c, state, edge, y);
    g.fillStyle = c['ink-2'];
    g.fillText(`${count.toLocaleString('en-GB')} ${word}`, edge + 11, y + 0.5);
  }
}

/* --------------------------------------------------------------------------------------------------- Words --- */

const [ACROSS, DOWN] = [24, 12];

/** What large areas are. @param {CanvasRenderingContext2D} g @param {Scene} scene @param {Row & { field: number[] }} row */
function drawWords(g, scene, row) {
  const { run, scale, laneY, palette } = scene;
  const c = palette.ink;
  const cells = new Int8Array(ACROSS * DOWN);
  for (let j = 0; j < DOWN; j++) {
    const tasks = [0.15, 0.5, 0.85].map((part) => row.field[Math.floor(((j + part) / DOWN) * row.field.length)]);
    for (let i = 0; i < ACROSS; i++) {
      const [first, ...others] = tasks.map((task) => stateAt(scene, task, ((i + 0.5) / ACROSS) * scale.width));
      cells[j * ACROSS + i] = others.every((state) => state === first) ? first : 0;
    }
  }
  g.font = `500 ${palette.font.replace('11px', '12px')}`;
  g.textAlign = 'left';
  const synced = [...run.shared.values()].filter(({ changes }) => changes.length > 2);
  /** @type {[number, string, string][]} */
  const words = [[SYNC, synced.length === 1 ? `wait for ${objectName(run, synced[0].id)}` : 'wait in line', c.ink], [SLEEP, 'sleep', c.ink], [HOST, 'wait for answers', c.sheet], [DONE, 'done', c['ink-3']]];
  for (const [state, word, colour] of words) {
    const area = largest(cells, state);
    if (!area) continue;
    const [i, j, across, down] = area;
    const [w, h] = [(across / ACROSS) * scale.width, (down / DOWN) * row.height];
    if (w < 110 || h < 36) continue;
    g.fillStyle = colour;
    g.fillText(word, (i / ACROSS) * scale.width + Math.min(20, w / 8), laneY(row.top + ((j + 0.5) / DOWN) * row.height + h / 2 - row.height / DOWN / 2));
  }
}

/** @param {Scene} scene @param {number} task @param {number} x */
function stateAt({ run, scale }, task, x) {
  const event = run.tasks[task].events.lastUpTo(scale.eventBehind(x) - 1);
  const state = event < 0 ? 0 : base(run.after[event]);
  return x > scale.endX || state === RUNNING || state === CANCELLING ? 0 : state;
}

/** The largest rectangle of one state. @param {Int8Array} cells @param {number} state @returns {[i: number, j: number, across: number, down: number] | undefined} */
function largest(cells, state) {
  let most = 0;
  /** @type {[number, number, number, number] | undefined} */
  let found;
  const heights = new Int8Array(ACROSS);
  for (let j = 0; j < DOWN; j++) {
    for (let i = 0; i < ACROSS; i++) heights[i] = cells[j * ACROSS + i] === state ? heights[i] + 1 : 0;
    for (let i = 0; i < ACROSS; i++) {
      let low = heights[i];
      for (let to = i; to < ACROSS && low; to++) {
        low = Math.min(low, heights[to]);
        const area = low * (to - i + 1);
        if (area <= most) continue;
        most = area;
        found = [i, j - low + 1, to - i + 1, low];
      }
    }
  }
  return found;
}
