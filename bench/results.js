import { BASE, claims, median } from './workloads.js';

/** @typedef {import('./workloads.js').Workload} Workload */
/** @typedef {{ path: string, version: string, major: number, jspi: boolean }} Host */

/** What came out, by metric, runner and host, in the order of the rounds. What does not run on Node counts for every host. */
export class Results {
  /** @type {Map<string, (number | undefined)[]>} */
  #values = new Map();
  /** @type {string[]} */
  failures = [];

  /** @param {string} metric @param {string} runner @param {Host | undefined} host @param {number} round @param {number | undefined} value */
  add(metric, runner, host, round, value) {
    const key = `${metric} ${runner} ${host?.path ?? ''}`;
    const list = this.#values.get(key) ?? [];
    this.#values.set(key, list);
    list[round] = value;
  }

  /** @param {string} metric @param {string} runner @param {Host} host */
  #rounds(metric, runner, host) {
    return this.#values.get(`${metric} ${runner} ${host.path}`) ?? this.#values.get(`${metric} ${runner} `) ?? [];
  }

  /** @param {string} metric @param {string} runner @param {Host} host @returns {number[]} */
  values(metric, runner, host) {
    return this.#rounds(metric, runner, host).filter((value) => value !== undefined);
  }

  /** The median of how many times as much as wasyncio it took, round by round. @param {string} metric @param {string} runner @param {Host} host */
  ratio(metric, runner, host) {
    const [base, other] = [this.#rounds(metric, BASE, host), this.#rounds(metric, runner, host)];
    const ratios = other.flatMap((value, i) => (value === undefined || base[i] === undefined ? [] : [value / base[i]]));
    return ratios.length ? median(ratios) : undefined;
  }

  /** The claims about what was to be measured. @param {Host[]} hosts @param {Workload[]} measured */
  verdicts(hosts, measured) {
    const metrics = new Set(measured.flatMap(({ metrics }) => metrics.map(({ id }) => id)));
    return claims
      .filter(({ metric }) => metrics.has(metric))
      .flatMap(({ text, metric, runner, times }) =>
        hosts.map((host) => {
          const [needed, ratio] = [times(host.major), this.ratio(metric, runner, host)];
          return { text, host, needed, ratio, holds: ratio !== undefined && ratio >= needed };
        }),
      );
  }
}
