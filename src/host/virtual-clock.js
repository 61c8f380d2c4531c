/**
 * Time that passes only when every task waits: it jumps to the next deadline as soon as nothing is ready and no host
 * operation is under way but those that wait for this clock themselves. (trio's MockClock with autojump.)
 *
 * @typedef {object} VirtualClockOptions
 * @property {(from: number, to: number) => void | number | PromiseLike<void | number>} [jump] asked before time jumps, both in
 *   seconds: it jumps once the promise is fulfilled, and only to the number that it is fulfilled with, if that comes before.
 *   Asked anew whenever the next deadline is another one meanwhile
 *
 * @typedef {{ at: number, go: () => void }} Wait
 *
 * @param {() => void} tick @param {import('./clock.js').Poster} poster
 * @param {() => number} pending operations under way
 * @param {VirtualClockOptions} [options]
 * @returns {import('./clock.js').Clock}
 */
export function virtualClock(tick, poster, pending, { jump } = {}) {
  let time = 0;
  let deadline = Infinity;
  let posted = false;
  let jumping = false;
  let stopped = false;
  /** What the host waits for, by its time. @type {Wait[]} */
  const waits = [];
  /** The latest question to `jump`, and where it leads. */
  let asked = 0;
  let towards = NaN;

  const next = () => Math.min(deadline, waits[0]?.at ?? Infinity);
  const busy = () => next() === Infinity || pending() > waits.length;

  /** @param {number} to */
  function goTo(to) {
    time = Math.max(time, to);
    while (waits.length && waits[0].at <= time) waits.shift()?.go();
    if (deadline > time) return Promise.resolve().then(settle).then(() => undefined);
    deadline = Infinity; // gone off, as the module knows
    tick();
  }

  const { post, close } = poster(() => {
    if (stopped) return;
    const jumps = jumping && !posted;
    posted = jumping = false;
    if (!jumps) tick();
    else if (!busy()) goTo(next());
  });

  function settle() {
    if (stopped || posted || jumping || busy()) return;
    const to = next();
    if (jump && to > time) return void (to !== towards && ask(jump, to));
    jumping = true;
    post();
  }

  /** @param {NonNullable<typeof jump>} jump @param {number} to */
  async function ask(jump, to) {
    const question = ++asked;
    towards = to;
    const given = await jump(time, to);
    if (question !== asked) return;
    towards = NaN;
    if (stopped || posted || busy()) return; // asked again when all of them wait
    goTo(typeof given === 'number' ? Math.min(given, next()) : next());
  }

  return {
    now: () => time,
    arm(at) {
      deadline = at;
    },
    post() {
      if (!posted && !jumping) post();
      posted = true;
    },
    settle,
    after: (seconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const at = time + Math.max(seconds, 0);
        const abort = () => {
          waits.splice(waits.indexOf(wait), 1);
          reject(signal?.reason);
        };
        const wait = {
          at,
          go() {
            signal?.removeEventListener('abort', abort);
            resolve();
          },
        };
        let place = waits.length;
        while (place && waits[place - 1].at > at) place--;
        if (at < Infinity || signal) waits.splice(place, 0, wait);
        signal?.addEventListener('abort', abort);
        Promise.resolve().then(settle); // if this is outside the module
      }),
    stop() {
      stopped = true;
      close();
    },
  };
}
