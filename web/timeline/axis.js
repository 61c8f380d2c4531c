/** The axis: tints of unfolded instants, grid, numbers, brackets. */

/** @typedef {import('./scene.js').Scene} Scene */
/** @typedef {import('./palette.js').Colours} Colours */

export const AXIS = 26; // px
const TINTED = 3; // steps of an instant
const APART = 56; // px between numbers, at least

/** A step of 1, 2 or 5 times a power of ten. @param {number} perMs px @param {number} width */
export function gridStep(perMs, width) {
  const least = Math.max((width < 420 ? 40 : APART) / Math.max(perMs, 1e-9), 1e-6);
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= least) ?? 10 * power;
}

/** Round times that are in view. @param {Scene} scene @param {(time: number, x: number) => void} found */
function eachLine({ scale, run }, found) {
  if (!run.count) return;
  const step = gridStep(scale.perMs, scale.width);
  const first = scale.position(0).time;
  const last = scale.position(scale.width).time;
  let before = -Infinity;
  for (let time = Math.ceil(first / step - 1e-9) * step; time <= Math.min(last, scale.end) + step / 1000; time += step) {
    const x = Math.round(scale.timeX(time)) + 0.5;
    if (x - before < 24) continue;
    before = x;
    if (x >= -1 && x <= scale.width) found(time, x);
  }
}

/** @param {CanvasRenderingContext2D} g @param {Scene} scene @param {(from: number, to: number, n: number) => void} found instants in view, one for each px at most */
export function eachInstant(g, { scale }, found) {
  let n = Math.max(0, scale.instantsUpTo(0) - 1);
  while (n < scale.instants) {
    const from = scale.x(scale.start[n]);
    if (from > scale.width) return;
    const to = from + scale.band[n] * scale.zoom;
    found(from, to, n);
    n = Math.max(n + 1, to - from < 1 ? scale.instantsUpTo(from + 1) - 1 : 0);
  }
}

/** Behind everything: instants and the grid. @param {CanvasRenderingContext2D} g @param {Scene} scene @param {Colours} c */
export function drawGrid(g, scene, c) {
  const { scale, run, height, lanesTop, palette } = scene;
  g.fillStyle = palette.fade('ink-3', 0.09);
  if (scale.cell >= 1) {
    eachInstant(g, scene, (from, to, n) => {
      const steps = (n + 1 < run.instants.length ? run.steps.upTo(run.instants.data[n + 1] - 1) : run.steps.length) - run.steps.upTo(run.instants.data[n] - 1);
      if (steps >= TINTED) g.fillRect(from, AXIS, to - from, height - AXIS);
    });
  }
  g.strokeStyle = c.rule;
  g.lineWidth = 1;
  g.beginPath();
  eachLine(scene, (_, x) => {
    g.moveTo(x, AXIS - 5);
    g.lineTo(x, height);
  });
  g.moveTo(0, AXIS - 0.5);
  g.lineTo(scale.width, AXIS - 0.5);
  if (lanesTop > AXIS) {
    g.moveTo(0, lanesTop - 0.5);
    g.lineTo(scale.width, lanesTop - 0.5);
  }
  g.stroke();
  g.fillStyle = c['ink-3'];
  eachInstant(g, scene, (from, to) => g.fillRect(from, AXIS - 4, Math.max(2, to - from), 2.5));
}

/** Numbers, where the playhead's label leaves room. @param {CanvasRenderingContext2D} g @param {Scene} scene @param {Colours} c @param {number} headX */
export function drawNumbers(g, scene, c, headX) {
  g.fillStyle = c['ink-3'];
  g.font = scene.palette.font;
  g.textAlign = 'left';
  g.textBaseline = 'middle';
  const { scale } = scene;
  const step = gridStep(scale.perMs, scale.width);
  const seconds = inSeconds(scene);
  const digits = Math.max(0, Math.min(6, -Math.floor(Math.log10((seconds ? step / 1000 : step) * 1.0001))));
  let free = -Infinity;
  eachLine(scene, (time, x) => {
    const text = (seconds ? time / 1000 : time).toFixed(digits);
    const wide = 7 * text.length;
    if (x < free || x + wide > scale.width || (x + 4 < headX + 36 && x + 4 + wide > headX - 36)) return;
    free = x + wide + 8;
    g.fillText(text, x + 3.5, 11);
  });
}

/** @param {Scene} scene */
export const inSeconds = ({ run }) => run.duration >= 2000;
