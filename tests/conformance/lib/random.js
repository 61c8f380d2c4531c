/** A small seeded generator of random numbers (mulberry32): the same on every engine. */
export class Random {
  #state;

  /** @param {number} seed */
  constructor(seed) {
    this.#state = seed >>> 0;
    this.#next();
  }

  #next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to below n. @param {number} n */
  below(n) {
    return Math.floor(this.#next() * n);
  }

  /** @param {number} probability */
  chance(probability) {
    return this.#next() < probability;
  }

  /** @template T @param {readonly T[]} list @returns {T} */
  pick(list) {
    return list[this.below(list.length)];
  }

  /** One of the keys, each as likely as its weight. @template {string} T @param {readonly (readonly [T, number])[]} weights @returns {T} */
  weighted(weights) {
    let sum = 0;
    for (const [, weight] of weights) sum += weight;
    let left = this.#next() * sum;
    for (const [name, weight] of weights) if ((left -= weight) < 0) return name;
    return weights[weights.length - 1][0];
  }
}
