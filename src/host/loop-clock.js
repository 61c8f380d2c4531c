/** What a function given as `fetch` finds time by, on either clock. @param {import('./ops.js').OpsHost} host @returns {import('../js/options.js').LoopClock} */
export function loopClock({ clock }) {
  const now = () => clock?.now() ?? 0;
  const after = (/** @type {number} */ seconds, /** @type {AbortSignal | null | undefined} */ signal) =>
    new Promise((/** @type {(value?: undefined) => void} */ resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer = seconds < 2 ** 31 / 1000 ? setTimeout(resolve, seconds * 1000) : undefined;
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    });
  return { now, after: clock?.after ?? after };
}
