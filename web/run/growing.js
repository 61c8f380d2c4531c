/** Lists of numbers that grow. */

/** @template {Uint8Array | Uint32Array | Int32Array | Float32Array | Float64Array} T @param {T} column @param {number} size @returns {T} */
export function grown(column, size) {
  if (column.length >= size) return column;
  const next = new /** @type {any} */ (column.constructor)(Math.max(size, column.length * 2, 16));
  next.set(column);
  return next;
}

/** Rising numbers of events: what happened to a task, a semaphore, at an instant. */
export class Indexes {
  data = new Uint32Array(4);
  length = 0;

  /** @param {number} value */
  push(value) {
    if (this.length === this.data.length) this.data = grown(this.data, this.length + 1);
    this.data[this.length++] = value;
  }

  /** How many are at most `value`. @param {number} value */
  upTo(value) {
    if (!this.length || this.data[this.length - 1] <= value) return this.length; // the end of a live run, most often
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.data[middle] <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The last that is at most `value`; -1: none. @param {number} value */
  lastUpTo(value) {
    const count = this.upTo(value);
    return count ? this.data[count - 1] : -1;
  }
}
