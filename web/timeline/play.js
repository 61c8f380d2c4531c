/** Plays a recorded run from the playhead: time as it passed, but not so fast that nothing is seen nor so slow that it bores. */

const LEAST = 5000; // ms for the whole run
const MOST = 30_000;

export class Player {
  #timeline;
  #playing = false;
  #last = 0;
  #v = 0;

  /** @param {import('./main.js').Timeline} timeline */
  constructor(timeline) {
    this.#timeline = timeline;
  }

  get playing() {
    return this.#playing;
  }

  stop() {
    this.#playing = false;
  }

  toggle() {
    const { view, scale } = this.#timeline;
    if (view.live || !view.run.count) return;
    if (this.#playing) return this.stop();
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return view.end();
    this.#playing = true;
    this.#last = performance.now();
    const x = scale.headX(view.position);
    this.#v = scale.v(x >= scale.endX - 1 ? scale.x(0) : x);
    requestAnimationFrame(() => this.#step());
  }

  #step() {
    if (!this.#playing) return;
    const { view, scale } = this.#timeline;
    const now = performance.now();
    const whole = Math.max(LEAST, Math.min(view.run.duration, MOST));
    this.#v += ((now - this.#last) / whole) * scale.width;
    this.#last = now;
    const x = scale.x(this.#v);
    if (x >= scale.endX) {
      this.stop();
      return view.end();
    }
    const { event, time } = scale.position(x);
    view.moveTo(event, time);
    requestAnimationFrame(() => this.#step());
  }
}
