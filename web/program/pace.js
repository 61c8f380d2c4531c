/** How fast virtual time passes: asked by the clock before each jump, and changed while the program runs. */
export class Pace {
  #speed;
  #started;
  /** The jump under way. @type {{ from: number, to: number, began: number, timer: ReturnType<typeof setTimeout> | undefined, done: (time?: number) => void } | undefined} */
  #jump;

  /** @param {number} speed Infinity: at once @param {(from: number, to: number, speed: number) => void} started a jump that takes a while has begun, in ms */
  constructor(speed, started) {
    this.#speed = speed;
    this.#started = started;
  }

  /** For load()'s `clock`. @type {(from: number, to: number) => void | Promise<number | void>} */
  jump = (from, to) => {
    this.#end();
    if (this.#speed === Infinity) return undefined;
    return new Promise((resolve) => {
      this.#jump = { from: from * 1000, to: to * 1000, began: 0, timer: undefined, done: resolve };
      this.#go();
    });
  };

  /** The time now, in ms, between the events. */
  get time() {
    const jump = this.#jump;
    return jump && Math.min(jump.from + (performance.now() - jump.began) * this.#speed, jump.to);
  }

  #go() {
    const jump = this.#jump;
    if (!jump) return;
    clearTimeout(jump.timer);
    jump.began = performance.now();
    if (this.#speed === Infinity) return this.#end();
    jump.timer = setTimeout(() => this.#end(), Math.min((jump.to - jump.from) / this.#speed, 2 ** 31 - 1));
    this.#started(jump.from, jump.to, this.#speed);
  }

  /** @param {number} [time] in ms: only so far */
  #end(time) {
    const jump = this.#jump;
    this.#jump = undefined;
    clearTimeout(jump?.timer);
    jump?.done(time === undefined ? undefined : time / 1000);
  }

  /** @param {number} speed */
  change(speed) {
    const now = this.time;
    this.#speed = speed;
    if (!this.#jump || now === undefined) return;
    this.#jump.from = now;
    this.#go();
  }

  /** Time moves to now, so that what comes from outside comes then. */
  async interrupt() {
    const now = this.time;
    if (now === undefined) return;
    this.#end(now);
    await new Promise((resolve) => setTimeout(resolve));
  }
}
