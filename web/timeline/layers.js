/**
 * The chart's pictures. The static one exists twice, in ink and in pencil, each drawn only when it is seen; scrubbing
 * puts the two together at the playhead and draws a line.
 */
import { drawArrowsOf } from './arrows.js';
import { drawNumbers, inSeconds } from './axis.js';
import { drawFrame } from './lens.js';
import { fit } from './fit.js';
import { drawScene } from './scene.js';

/** @typedef {import('./scene.js').Scene} Scene */

export class Layers {
  picture = document.createElement('canvas');
  head = document.createElement('canvas');
  #layers = { ink: document.createElement('canvas'), pencil: document.createElement('canvas') };
  /** What of each is true: a picture that moves is drawn only as far as it is seen. */
  #drawn = { ink: { from: 0, to: 0, scroll: 0 }, pencil: { from: 0, to: 0, scroll: 0 } };

  /** The picture is not true any more. */
  spoil() {
    for (const drawn of Object.values(this.#drawn)) drawn.from = drawn.to = 0;
  }

  /** @param {Scene} scene @param {'ink' | 'pencil'} name @param {number} from px that are needed @param {number} to */
  #layer(scene, name, from, to) {
    const canvas = this.#layers[name];
    const drawn = this.#drawn[name];
    const ratio = canvas.height / scene.height;
    if (drawn.from <= from && drawn.to >= to && this.#scroll(canvas, scene, name, Math.round((drawn.scroll - scene.scroll) * ratio) / ratio)) return canvas;
    const again = drawn.to > drawn.from; // the playhead moves
    const { width } = scene.scale;
    [drawn.from, drawn.to] = again ? [0, width] : [from, to];
    drawn.scroll = scene.scroll;
    const g = fit(canvas, width, scene.height);
    [scene.from, scene.to, scene.top, scene.bottom] = [drawn.from, drawn.to, 0, scene.height];
    within(g, drawn.from, 0, drawn.to - drawn.from, scene.height, () => drawScene(g, scene, scene.palette[name]));
    return canvas;
  }

  /** Moves what is there, and draws what comes into view. @param {HTMLCanvasElement} canvas @param {Scene} scene @param {'ink' | 'pencil'} name @param {number} by px @returns {boolean} it could */
  #scroll(canvas, scene, name, by) {
    if (by === 0) return true;
    const { lanesTop, height } = scene;
    const drawn = this.#drawn[name];
    if (Math.abs(by) > (height - lanesTop) / 2) return false;
    const width = drawn.to - drawn.from;
    const g = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    within(g, drawn.from, lanesTop, width, height - lanesTop, () => {
      g.globalCompositeOperation = 'copy';
      g.drawImage(canvas, 0, by, scene.scale.width, height);
    });
    drawn.scroll = scene.scroll;
    const [top, bottom] = by > 0 ? [lanesTop, lanesTop + by + 1] : [height + by - 1, height];
    [scene.from, scene.to, scene.top, scene.bottom] = [drawn.from, drawn.to, top, bottom];
    within(g, drawn.from, top, width, bottom - top, () => {
      g.clearRect(drawn.from, top, width, bottom - top);
      drawScene(g, scene, scene.palette[name]);
    });
    return true;
  }

  /** @param {Scene} scene @param {number} x the playhead @param {string} label @param {import('./lens.js').Frame} [lens] */
  draw(scene, x, label, lens) {
    const { width } = scene.scale;
    const g = fit(this.picture, width, scene.height);
    g.setTransform(1, 0, 0, 1, 0, 0);
    const at = Math.max(0, Math.min(this.picture.width, Math.round((x * this.picture.width) / width)));
    const rest = this.picture.width - at;
    const h = this.picture.height;
    if (at > 0) g.drawImage(this.#layer(scene, 'ink', 0, Math.min(Math.ceil(x) + 1, width)), 0, 0, at, h, 0, 0, at, h);
    if (rest > 0) g.drawImage(this.#layer(scene, 'pencil', Math.max(0, Math.floor(x) - 1), width), at, 0, rest, h, at, 0, rest, h);
    this.#drawHead(scene, x, label, lens);
  }

  /** @param {Scene} scene @param {number} x @param {string} label @param {import('./lens.js').Frame} [lens] */
  #drawHead(scene, x, label, lens) {
    const { scale, palette, height } = scene;
    const c = palette.ink;
    const g = fit(this.head, scale.width, height);
    drawHot(g, scene, c);
    drawNumbers(g, scene, c, x);
    drawFrame(g, c, lens);
    if (x < -1 || x > scale.width + 1 || !scene.run.count) return;
    const at = Math.min(x, scale.width - 1);
    g.strokeStyle = c.now;
    g.lineWidth = 1.5;
    g.beginPath();
    g.moveTo(at, 20);
    g.lineTo(at, height);
    g.stroke();
    g.font = `600 ${palette.font}`;
    const wide = g.measureText(label).width + 12;
    const left = Math.max(2, Math.min(scale.width - wide - 2, at - wide / 2));
    g.fillStyle = c.now;
    g.beginPath();
    g.roundRect(left, 2, wide, 18, 4);
    g.fill();
    g.fillStyle = c['on-now'];
    g.textAlign = 'center';
    g.fillText(label, left + wide / 2, 11.5);
  }
}

/** The lane that is pointed at; of many tasks, only its arrows. @param {CanvasRenderingContext2D} g @param {Scene} scene @param {import('./palette.js').Colours} c */
function drawHot(g, scene, c) {
  const { lanes, pointed, scale, laneY, palette, lanesTop, height } = scene;
  const row = lanes.rows[lanes.rowOf(pointed)];
  if (!pointed || !row) return;
  within(g, 0, lanesTop, scale.width, height - lanesTop, () => {
    g.fillStyle = palette.fade('ink-3', row.field ? 0.8 : 0.1);
    if (row.field) return g.fillRect(0, Math.round(laneY(lanes.middle(pointed))), scale.width, 1);
    g.fillRect(0, laneY(row.top), scale.width, row.height);
    if (pointed !== scene.hot) drawArrowsOf(g, scene, c, pointed);
  });
}

/** @param {CanvasRenderingContext2D} g @param {number} x @param {number} y @param {number} width @param {number} height @param {() => void} draw */
function within(g, x, y, width, height, draw) {
  g.save();
  g.beginPath();
  g.rect(x, y, width, height);
  g.clip();
  draw();
  g.restore();
}

/** Of the playhead. @param {Scene} scene @param {number} time ms */
export function headLabel(scene, time) {
  if (inSeconds(scene)) return `${(time / 1000).toFixed(2)} s`;
  return `${time > 0 && scene.run.duration < 20 ? time.toFixed(1) : Math.round(time)} ms`;
}

