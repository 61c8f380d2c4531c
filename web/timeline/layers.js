/**
 * The chart's pictures. The static one exists twice, in ink and in pencil, each drawn only when it is seen; scrubbing
 * puts the two together at the playhead and draws a line.
 */
import { drawNumbers, inSeconds } from './axis.js';
import { drawFrame } from './lens.js';
import { fit } from './fit.js';
import { drawScene } from './scene.js';

/** @typedef {import('./scene.js').Scene} Scene */

export class Layers {
  picture = document.createElement('canvas');
  head = document.createElement('canvas');
  #layers = { ink: document.createElement('canvas'), pencil: document.createElement('canvas') };
  #fresh = { ink: false, pencil: false };

  /** The picture is not true any more. */
  spoil() {
    this.#fresh = { ink: false, pencil: false };
  }

  /** @param {Scene} scene @param {'ink' | 'pencil'} name */
  #layer(scene, name) {
    const canvas = this.#layers[name];
    if (this.#fresh[name]) return canvas;
    drawScene(fit(canvas, scene.scale.width, scene.height), scene, scene.palette[name]);
    this.#fresh[name] = true;
    return canvas;
  }

  /** @param {Scene} scene @param {number} x the playhead @param {string} label @param {import('./lens.js').Frame} [lens] */
  draw(scene, x, label, lens) {
    const { width } = scene.scale;
    const g = fit(this.picture, width, scene.height);
    g.setTransform(1, 0, 0, 1, 0, 0);
    const at = Math.max(0, Math.min(this.picture.width, Math.round((x * this.picture.width) / width)));
    const rest = this.picture.width - at;
    const h = this.picture.height;
    if (at > 0) g.drawImage(this.#layer(scene, 'ink'), 0, 0, at, h, 0, 0, at, h);
    if (rest > 0) g.drawImage(this.#layer(scene, 'pencil'), at, 0, rest, h, at, 0, rest, h);
    this.#drawHead(scene, x, label, lens);
  }

  /** @param {Scene} scene @param {number} x @param {string} label @param {import('./lens.js').Frame} [lens] */
  #drawHead(scene, x, label, lens) {
    const { scale, palette, height } = scene;
    const c = palette.ink;
    const g = fit(this.head, scale.width, height);
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

/** Of the playhead. @param {Scene} scene @param {number} time ms */
export function headLabel(scene, time) {
  if (inSeconds(scene)) return `${(time / 1000).toFixed(2)} s`;
  return `${time > 0 && scene.run.duration < 20 ? time.toFixed(1) : Math.round(time)} ms`;
}

