/**
 * When the module's tick comes that a call of JavaScript has asked for: at the end of this turn of the event loop, in a
 * microtask, so that a call which only yields is over when the caller's turn is. An await of such calls in a loop must not
 * keep the event loop from its turn: after so long, or so many, the tick waits for it, as every other one does.
 */
const LONGEST = 0.008; // seconds, as long as a tick
const MOST = 1000; // where the clock stands still

const atOnce = Promise.resolve();

export class Soon {
  #inside;
  #urgent = false;
  /** When the module last asked for the time. */
  #now = 0;
  /** When the event loop last had its turn, as far as is known, and ticks since then; -1: nobody has looked. */
  #since = 0;
  #ticks = -1;
  /** What waits for that, and who waits for it. @type {{ tick: () => void, done: () => void }[]} */
  #later = [];
  /** @type {{ post: () => void, close: () => void } | undefined} */
  #turn;

  /** @param {import('../app.js').Inside} inside */
  constructor(inside) {
    this.#inside = inside;
    const tick = () => void inside.enter(() => inside.exports.wio__tick());
    /** What C calls, in place of the clock's own. */
    this.entries = {
      now: () => (this.#now = /** @type {import('../../host/clock.js').Clock} */ (inside.clock).now()),
      post: () => {
        if (this.#urgent) this.run(tick);
        else inside.clock?.post();
      },
    };
  }

  /** A tick, or what includes one. @param {() => void} tick @returns {Promise<void>} it is over, or the module is gone */
  run(tick) {
    if (this.#ticks < 0) {
      this.#ticks = 0;
      this.#since = this.#now;
      const [, , , , , , platform] = this.#inside.setup;
      this.#turn ??= platform.poster(() => this.#turned());
      this.#turn.post();
    }
    if (++this.#ticks < MOST && this.#now - this.#since < LONGEST) return atOnce.then(tick);
    return new Promise((done) => void this.#later.push({ tick, done }));
  }

  /** The event loop has had its turn. */
  #turned() {
    this.#ticks = -1;
    for (const { tick, done } of this.#later.splice(0)) {
      tick();
      done();
    }
  }

  /** JavaScript, which calls into the module here, waits for what it wakes. @template T @param {() => T} run @returns {T} */
  urgently(run) {
    const before = this.#urgent;
    this.#urgent = true;
    try {
      return run();
    } finally {
      this.#urgent = before;
    }
  }

  /** The module is gone. */
  stop() {
    this.#turn?.close();
    for (const { done } of this.#later.splice(0)) done();
  }
}
