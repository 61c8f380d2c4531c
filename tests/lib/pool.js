/**
 * At most `limit` jobs at a time, first come, first served.
 * @param {number} limit
 * @returns {<T>(job: () => Promise<T>) => Promise<T>}
 */
export function pool(limit) {
  let free = limit;
  /** @type {(() => void)[]} */
  const line = [];
  return async (job) => {
    if (free > 0) free--;
    else await new Promise((/** @type {(value?: any) => void} */ resolve) => line.push(resolve));
    try {
      return await job();
    } finally {
      const next = line.shift();
      if (next) next();
      else free++;
    }
  };
}
