/**
 * When the module's `wio__tick` is called: soon (`post`), or at a deadline (`arm`). One timer, one coalesced post.
 * @typedef {object} Clock
 * @property {() => number} now seconds, never going back
 * @property {(deadline: number) => void} arm replaces the deadline; Infinity: none
 * @property {() => void} post
 * @property {() => void} [settle] of the virtual clock: the host is idle again, nothing runs, and maybe no operation is under way
 * @property {() => void} stop
 * @property {(seconds: number, signal?: AbortSignal | null) => Promise<void>} [after] of the virtual clock: a wait of the host on it
 *
 * Calls back in a macrotask of its own, after the host's events: never a microtask (it would starve them), never
 * setTimeout(0) (4 ms).
 * @typedef {(callback: () => void) => { post: () => void, close: () => void }} Poster
 */

const LONGEST = 2 ** 31 - 1; // milliseconds that setTimeout can hold

/** @param {() => void} tick @param {Poster} poster @returns {Clock} */
export function realClock(tick, poster) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let stopped = false;
  const now = () => performance.now() / 1000;
  const run = () => {
    if (!stopped) tick();
  };
  const { post, close } = poster(run);

  /** @param {number} deadline */
  function arm(deadline) {
    clearTimeout(timer);
    timer = undefined;
    if (deadline === Infinity || stopped) return;
    const ms = Math.min(Math.max(Math.ceil((deadline - now()) * 1000), 0), LONGEST);
    timer = setTimeout(() => {
      timer = undefined;
      if (now() < deadline) arm(deadline); // early by the host's rounding, or a wait too long for one timer
      else run();
    }, ms);
  }

  return {
    now,
    arm,
    post,
    stop() {
      stopped = true;
      clearTimeout(timer);
      close();
    },
  };
}
