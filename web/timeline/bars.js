/** One stretch of one lane: what a task does, told by shape first and by colour second. */
import { CANCELLING, HOST, JOIN, READY, RUNNING, SLEEP, SYNC } from '../run/states.js';

/** @typedef {import('./palette.js').Colours} Colours */
/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import('./segments.js').Part} Part */

/** @param {Context} g @param {number} x @param {number} y @param {number} w @param {number} h @param {number} r */
function box(g, x, y, w, h, r) {
  g.beginPath();
  g.roundRect(x, y, Math.max(w, 0), Math.max(h, 0), r);
}

/** @param {Context} g @param {Colours} c @param {number} x0 @param {number} x1 @param {number} y of its middle @param {number} h @param {number} cell px of a step */
export function running(g, c, x0, x1, y, h, cell) {
  g.globalAlpha = c.alpha;
  g.fillStyle = c.now;
  g.fillRect(x0, y - h / 2 - 2, Math.max(x1 - x0, h < 6 ? 1 : 2), h + 4);
  g.globalAlpha = 1;
  if (cell < 5) return;
  g.fillStyle = c.sheet;
  g.globalAlpha = 0.45;
  for (let x = x0 + cell; x < x1 - 1; x += cell) g.fillRect(x - 0.35, y - h / 2 - 2, 0.7, h + 4);
  g.globalAlpha = 1;
}

/** @param {Context} g @param {Colours} c @param {number} x0 @param {number} x1 @param {number} y @param {number} h */
function ready(g, c, x0, x1, y, h) {
  const w = Math.max(x1 - x0, 1);
  box(g, x0, y - h / 2 + 1, w, h - 2, 2);
  g.fillStyle = c.sheet;
  g.fill();
  g.fillStyle = c.ready;
  g.fill();
  if (w <= 4) return;
  g.strokeStyle = c.now;
  g.globalAlpha = c.alpha < 1 ? 0.78 : 1;
  g.lineWidth = 1;
  box(g, x0 + 0.5, y - h / 2 + 1.5, w - 1, h - 3, 2);
  g.stroke();
  g.globalAlpha = 1;
}

/** @param {Context} g @param {Colours} c @param {number} x0 @param {number} x1 @param {number} y @param {number} h */
function stopping(g, c, x0, x1, y, h) {
  box(g, x0, y - h / 2 + 1, Math.max(x1 - x0, 1), h - 2, 2);
  g.fillStyle = c['cancel-fill'];
  g.fill();
  g.fillStyle = c.stopping;
  g.fill();
}

/** @param {Context} g @param {Colours} c @param {number} x0 @param {number} x1 @param {number} y @param {number} h */
function sleeping(g, c, x0, x1, y, h) {
  box(g, x0 + 0.6, y - h / 2 + 0.6, Math.max(x1 - x0, 1) - 1.2, h - 1.2, h / 2);
  g.fillStyle = c['sleep-fill'];
  g.fill();
  g.strokeStyle = c.sleep;
  g.lineWidth = c.line;
  g.stroke();
  if (x1 - x0 < 15) return;
  g.lineCap = 'round';
  g.lineWidth = 1.8;
  g.setLineDash([0, 6]);
  g.beginPath();
  g.moveTo(x0 + 8, y);
  g.lineTo(x1 - 6, y);
  g.stroke();
  g.setLineDash([]);
  g.lineCap = 'butt';
}

/** @param {Context} g @param {Colours} c @param {number} x0 @param {number} x1 @param {number} y @param {number} h */
function inLine(g, c, x0, x1, y, h) {
  box(g, x0 + 0.6, y - h / 2 + 0.6, Math.max(x1 - x0, 1) - 1.2, h - 1.2, 2);
  g.fillStyle = c['sema-fill'];
  g.fill();
  g.strokeStyle = c.sema;
  g.lineWidth = c.line;
  g.setLineDash([4, 3]);
  g.stroke();
  g.setLineDash([]);
}

/** A body is dense, what comes before it pale, and what is not even sent empty. @param {Context} g @param {Colours} c @param {number} x0 @param {number} x1 @param {number} y @param {number} h @param {Part} part */
function onTheHost(g, c, x0, x1, y, h, part) {
  box(g, x0 + 0.6, y - h / 2 + 0.6, Math.max(x1 - x0, 1) - 1.2, h - 1.2, 2);
  g.fillStyle = c.sheet;
  g.fill();
  if (part !== 'queued') {
    g.fillStyle = part === 'body' ? c['fetch-body'] : c['fetch-fill'];
    g.fill();
  }
  g.strokeStyle = c.fetch;
  g.lineWidth = c.line;
  g.stroke();
}

/** Rails of ink above and below. @param {Context} g @param {Colours} c @param {number} x0 @param {number} x1 @param {number} y @param {number} h */
function shield(g, c, x0, x1, y, h) {
  g.lineWidth = 1.5;
  g.strokeStyle = c.ink;
  g.beginPath();
  for (const side of [-1, 1]) {
    g.moveTo(x0, y + side * (h / 2 + 2.5));
    g.lineTo(x1, y + side * (h / 2 + 2.5));
  }
  g.stroke();
}

/**
 * Everything but what runs.
 * @param {Context} g @param {Colours} c @param {number} state without its shield @param {boolean} shielded @param {Part} part of a request that the wait is for
 * @param {number} x0 @param {number} x1 @param {number} y of its middle @param {number} h
 */
export function waiting(g, c, state, shielded, part, x0, x1, y, h) {
  if (state === READY) ready(g, c, x0, x1, y, h);
  else if (state === CANCELLING) stopping(g, c, x0, x1, y, h);
  else if (state === SLEEP) sleeping(g, c, x0, x1, y, h);
  else if (state === SYNC) inLine(g, c, x0, x1, y, h);
  else if (state === HOST) onTheHost(g, c, x0, x1, y, h, part);
  else if (state === JOIN) {
    g.strokeStyle = c.join;
    g.lineWidth = 1.5;
    g.beginPath();
    g.moveTo(x0, y);
    g.lineTo(x1, y);
    g.stroke();
  }
  if (shielded && state !== READY && state !== RUNNING) shield(g, c, x0, x1, y, h);
}

/** The colour of a state where it is summed up. @param {Colours} c @param {number} state @param {Part} [part] */
export function midOf(c, state, part) {
  if (state === RUNNING || state === READY) return c.now;
  if (state === SLEEP) return c['sleep-mid'];
  if (state === SYNC) return c['sema-mid'];
  if (state === HOST) return part === 'queued' ? c.sheet : part === 'head' ? c['fetch-fill'] : c['fetch-body'];
  return state === CANCELLING ? c.cancel : c.join;
}

/** @param {Colours} c @param {number} state */
const lineOf = (c, state) => (state === SLEEP ? c.sleep : state === SYNC ? c.sema : state === HOST ? c.fetch : state === CANCELLING ? c.cancel : c.now);

/** In lanes too low for patterns: solid, with a line on top; round, square or with gaps. @param {Context} g @param {Colours} c @param {number} state @param {Part} part @param {number} x0 @param {number} x1 @param {number} y @param {number} h */
export function low(g, c, state, part, x0, x1, y, h) {
  const [top, w] = [y - h / 2, Math.max(x1 - x0, 1)];
  if (state === JOIN) {
    g.fillStyle = c.join;
    return g.fillRect(x0, y - 0.5, w, 1);
  }
  g.globalAlpha = state === READY ? 0.5 * c.alpha : state === RUNNING ? c.alpha : 1;
  g.fillStyle = state === READY ? c.now : midOf(c, state, part);
  if (state === SLEEP && w > h) box(g, x0, top, w, h, h / 2), g.fill();
  else if (state === SYNC && w > 12) for (let x = x0; x < x1; x += 8) g.fillRect(x, top, Math.min(6, x1 - x), h);
  else g.fillRect(x0, state === RUNNING ? top - 1 : top, w, state === RUNNING ? h + 2 : h);
  g.globalAlpha = 1;
  if (state === RUNNING || w < 3 || h < 3) return;
  g.fillStyle = lineOf(c, state);
  g.fillRect(x0 + (state === SLEEP ? h / 2 : 0), top, Math.max(1, w - (state === SLEEP ? h : 0)), 1);
}
