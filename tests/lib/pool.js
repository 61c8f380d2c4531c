/**
 * At most `limit` jobs at a time: the most urgent that waits, and among equals who came first.
 * @param {number} limit
 * @returns {<T>(job: () => Promise<T>, urgency?: number) => Promise<T>}
 */
export function pool(limit) {
  let free = limit;
  /** @type {{ urgency: number, begin: () => void }[]} */
  const line = [];
  return async (job, urgency = 0) => {
    if (free > 0) free--;
    else
      await new Promise((/** @type {(value?: any) => void} */ begin) => {
        const behind = line.findIndex((other) => other.urgency < urgency);
        line.splice(behind < 0 ? line.length : behind, 0, { urgency, begin });
      });
    try {
      return await job();
    } finally {
      const next = line.shift();
      if (next) next.begin();
      else free++;
    }
  };
}
