/** All tasks over the whole run: how many are in which state, the part that is in view, the playhead. */
import { CANCELLING, HOST, READY, RUNNING, SLEEP, SYNC, base } from '../run/states.js';
import { CREATED } from '../run/events.js';
import { fit } from './fit.js';
import { midOf } from './bars.js';
import { LEFT } from './scale.js';

/** @typedef {import('./scene.js').Scene} Scene */

const ORDER = [RUNNING, READY, CANCELLING, HOST, SLEEP, SYNC]; // from below
const HEIGHT = 33;
const FLOOR = 29;
const TALL = 25;
const SNAPSHOTS = 4096;

/** Counts of states after every so many events: twice as many when there are too many of them. */
export class Census {
  every = 1;
  count = 0;
  #counts = new Uint32Array(16);
  #state = new Uint8Array(0);
  #snapshots = new Uint32Array(2 * SNAPSHOTS * ORDER.length);
  #taken = 0;
  /** Most tasks at once, and those of any time. */
  most = 1;

  /** @param {import('../run/recording.js').Recording} run */
  follow(run) {
    for (; this.count < run.count; this.count++) {
      const e = this.count;
      const task = run.task[e];
      if (task && run.tasks[task]) this.#move(task, base(run.after[e]), run.kind[e] === CREATED);
      if ((e + 1) % this.every === 0) this.#take(run.alive[e]);
    }
  }

  /** @param {number} task @param {number} state @param {boolean} fresh */
  #move(task, state, fresh) {
    if (task >= this.#state.length) {
      const states = new Uint8Array(Math.max(64, 2 * task));
      states.set(this.#state);
      this.#state = states;
    }
    if (!fresh) this.#counts[this.#state[task]]--;
    this.#counts[state]++;
    this.#state[task] = state;
  }

  /** @param {number} alive */
  #take(alive) {
    this.most = Math.max(this.most, alive);
    if (this.#taken === 2 * SNAPSHOTS) {
      for (let i = 0; i < SNAPSHOTS; i++) for (let k = 0; k < ORDER.length; k++) this.#snapshots[i * ORDER.length + k] = this.#snapshots[(2 * i + 1) * ORDER.length + k];
      this.#taken = SNAPSHOTS;
      this.every *= 2;
      if ((this.count + 1) % this.every !== 0) return;
    }
    ORDER.forEach((state, k) => (this.#snapshots[this.#taken * ORDER.length + k] = this.#counts[state]));
    this.#taken++;
  }

  /** How many are in the k-th state of the order. @param {number} event @param {number} k */
  at(event, k) {
    const i = Math.min(this.#taken - 1, Math.floor((event + 1) / this.every) - 1);
    return i < 0 ? 0 : this.#snapshots[i * ORDER.length + k];
  }
}

export class Overview {
  canvas = document.createElement('canvas');
  #areas = document.createElement('canvas');
  #fresh = false;

  spoil() {
    this.#fresh = false;
  }

  /** @param {Scene} scene @param {Census} census @param {number} headV px at zoom 1 */
  draw(scene, census, headV) {
    const { scale, palette } = scene;
    const { width } = scale;
    if (!this.#fresh) this.#drawAreas(fit(this.#areas, width, HEIGHT), scene, census);
    this.#fresh = true;
    const g = fit(this.canvas, width, HEIGHT);
    if (this.#areas.width) g.drawImage(this.#areas, 0, 0, width, HEIGHT);
    const c = palette.ink;
    g.fillStyle = c.now;
    g.fillRect(Math.min(headV, width - 1) - 0.75, 0, 1.5, HEIGHT);
    const [from, to] = bracketsOf(scale);
    g.strokeStyle = c.ink;
    g.lineWidth = 1.5;
    g.beginPath();
    for (const [x, side] of [[from, 1], [to, -1]]) {
      g.moveTo(x + side * 4, 4);
      g.lineTo(x, 4);
      g.lineTo(x, FLOOR);
      g.lineTo(x + side * 4, FLOOR);
    }
    g.stroke();
  }

  /** @param {CanvasRenderingContext2D} g @param {Scene} scene @param {Census} census */
  #drawAreas(g, { scale, palette }, census) {
    if (!scale.count) return;
    const c = palette.ink;
    const unit = TALL / census.most;
    const [zoom, pan] = [scale.zoom, scale.pan];
    scale.fit();
    const end = Math.ceil(scale.endX);
    for (let x = LEFT; x < end; x++) {
      const event = Math.max(0, scale.eventBehind(x + 0.5) - 1);
      let y = FLOOR;
      ORDER.forEach((state, k) => {
        const h = census.at(event, k) * unit;
        if (h <= 0) return;
        g.globalAlpha = state === READY ? 0.5 : 1;
        g.fillStyle = midOf(c, state);
        g.fillRect(x, y - h, 1, h - (h > 3 ? 0.8 : 0));
        y -= h;
      });
      g.globalAlpha = 1;
      if (y >= FLOOR) continue;
      g.fillStyle = c.edge;
      g.fillRect(x, y - 1, 1, 1);
    }
    [scale.zoom, scale.pan] = [zoom, pan];
  }
}

/** Where the brackets stand. @param {import('./scale.js').Scale} scale @returns {[from: number, to: number]} */
export function bracketsOf(scale) {
  return [Math.max(3, scale.v(0) - 6), Math.min(scale.width - 12, scale.v(scale.width))];
}
