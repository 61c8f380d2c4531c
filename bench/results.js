import { BASE, claims, median } from './workloads.js';

/** @typedef {import('./workloads.js').Workload} Workload */
/** @typedef {import('./hosts.js').Host} Host */
/** @typedef {import('./workloads.js').Runner} Runner */

/** What came out, by metric, runner and host, in the order of the rounds. What does not run on Node counts for every host. */
export class Results {
  /** @type {Map<string, (number | undefined)[]>} */
  #values = new Map();
  /** @type {string[]} */
  failures = [];

  /** @param {string} metric @param {string} runner @param {Host | undefined} host @param {number} round @param {number | undefined} value */
  add(metric, runner, host, round, value) {
    const key = `${metric} ${runner} ${host?.id ?? ''}`;
    const list = this.#values.get(key) ?? [];
    this.#values.set(key, list);
    list[round] = value;
  }

  /** @param {string} metric @param {string} runner @param {Host} host */
  #rounds(metric, runner, host) {
    return this.#values.get(`${metric} ${runner} ${host.id}`) ?? this.#values.get(`${metric} ${runner} `) ?? [];
  }

  /** @param {string} metric @param {string} runner @param {Host} host @returns {number[]} */
  values(metric, runner, host) {
    return this.#rounds(metric, runner, host).filter((value) => value !== undefined);
  }

  /** The median of how many times as much as wasyncio it took, round by round. @param {string} metric @param {string} runner @param {Host} host */
  ratio(metric, runner, host) {
    return quotient(this.#rounds(metric, runner, host), this.#rounds(metric, BASE, host));
  }

  /** Who comes closest to wasyncio, or is ahead of it, and by how much. @param {string} metric @param {Runner[]} runners @param {Host} host */
  best(metric, runners, host) {
    const rivals = runners.filter(({ id, aside }) => id !== BASE && !aside);
    const ratios = rivals.map(({ id, title }) => ({ id, title, ratio: this.ratio(metric, id, host) ?? Infinity }));
    const best = ratios.reduce((a, b) => (b.ratio < a.ratio ? b : a), { id: '', title: '', ratio: Infinity });
    return best.ratio === Infinity ? undefined : best;
  }

  /** The claims about what was measured. @param {Host[]} hosts @param {Workload[]} measured */
  verdicts(hosts, measured) {
    const metrics = new Set(measured.flatMap(({ metrics }) => metrics.map(({ id }) => id)));
    return claims
      .filter(({ metric, than }) => metrics.has(metric) && (!than || metrics.has(than)))
      .flatMap((claim) =>
        hosts.map((host) => {
          const { text, unit = 'x', least, most } = claim;
          const value = this.#claimed(claim, host);
          const [word, needed] = least ? ['at least', least(host.major)] : ['at most', /** @type {Function} */ (most)(host.major)];
          return { text, host, unit, promise: `${word} ${needed}`, value, holds: value !== undefined && (least ? value >= needed : value <= needed) };
        }),
      );
  }

  /** @param {import('./workloads.js').Claim} claim @param {Host} host */
  #claimed({ metric, runner, than, least }, host) {
    if (than) return quotient(this.#rounds(metric, BASE, host), this.#rounds(than, BASE, host));
    if (runner) return least ? this.ratio(metric, runner, host) : quotient(this.#rounds(metric, BASE, host), this.#rounds(metric, runner, host));
    const values = this.values(metric, BASE, host);
    return values.length ? median(values) : undefined;
  }
}

/** The median of a / b, round by round. @param {(number | undefined)[]} a @param {(number | undefined)[]} b */
function quotient(a, b) {
  const ratios = a.flatMap((value, i) => {
    const other = b[i];
    return value === undefined || other === undefined ? [] : [value / other];
  });
  return ratios.length ? median(ratios) : undefined;
}
