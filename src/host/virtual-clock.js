/**
 * Time that passes only when every task waits: it jumps to the next deadline as soon as nothing is ready and no host
 * operation is under way. (trio's MockClock with autojump.)
 * @param {() => void} tick @param {import('./clock.js').Poster} poster
 * @param {() => number} pending operations under way @returns {import('./clock.js').Clock}
 */
export function virtualClock(tick, poster, pending) {
  let time = 0;
  let deadline = Infinity;
  let posted = false;
  let jumping = false;
  let stopped = false;
  const { post, close } = poster(() => {
    if (stopped) return;
    const jump = jumping && !posted;
    posted = jumping = false;
    if (jump && pending() > 0) return;
    if (jump) {
      time = Math.max(time, deadline);
      deadline = Infinity; // gone off, as the module knows
    }
    tick();
  });
  return {
    now: () => time,
    arm(at) {
      deadline = at;
    },
    post() {
      if (!posted && !jumping) post();
      posted = true;
    },
    settle() {
      if (posted || jumping || deadline === Infinity || pending() > 0) return;
      jumping = true;
      post();
    },
    stop() {
      stopped = true;
      close();
    },
  };
}
