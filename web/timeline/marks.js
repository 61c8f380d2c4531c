/** End marks and arrow heads. */
import { CANCELLED, CRASHED, DONE, FAILED, STOPPED, SWEPT } from '../run/states.js';

/** @typedef {import('./palette.js').Colours} Colours */

/** How a task ended. @param {CanvasRenderingContext2D} g @param {Colours} c @param {number} state @param {number} x @param {number} y @param {number} [size] 1: 12 px */
export function endMark(g, c, state, x, y, size = 1) {
  g.save();
  g.translate(x, y);
  g.scale(size, size);
  g.lineCap = g.lineJoin = 'round';
  g.lineWidth = 1.6;
  g.setLineDash([]);
  g.beginPath();
  if (state === DONE) {
    g.strokeStyle = c['ink-3'];
    g.moveTo(-4, 0.3);
    g.lineTo(-1.2, 3.1);
    g.lineTo(4.2, -3.2);
  } else if (state === FAILED || state === CRASHED) {
    g.fillStyle = c.fail;
    g.arc(0, 0, 6, 0, 7);
    g.fill();
    g.strokeStyle = c.sheet;
    g.beginPath();
    g.moveTo(-2.2, -2.2);
    g.lineTo(2.2, 2.2);
    g.moveTo(2.2, -2.2);
    g.lineTo(-2.2, 2.2);
  } else if (state === CANCELLED) {
    g.fillStyle = c.sheet;
    g.strokeStyle = c.cancel;
    g.arc(0, 0, 5, 0, 7);
    g.fill();
    g.moveTo(-3.4, 3.4);
    g.lineTo(3.4, -3.4);
  } else if (state === SWEPT || state === STOPPED) {
    g.fillStyle = c.sheet;
    g.strokeStyle = c.cancel;
    g.rect(-4, -4, 8, 8);
    g.fill();
  }
  g.stroke();
  g.restore();
}

/** The tip of an arrow. @param {CanvasRenderingContext2D} g @param {number} x @param {number} y of its point @param {1 | -1} down @param {number} size px of half its width */
export function head(g, x, y, down, size) {
  g.beginPath();
  g.moveTo(x, y);
  g.lineTo(x - size, y - down * size * 1.5);
  g.lineTo(x + size, y - down * size * 1.5);
  g.closePath();
  g.fill();
}
