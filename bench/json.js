import { BASE, median } from './workloads.js';

/** @typedef {import('./results.js').Results} Results */
/** @typedef {import('./hosts.js').Host} Host */
/** @typedef {import('./workloads.js').Workload} Workload */

/**
 * All that was measured, for programs: a list of { workload, figure, title, unit, host, peers: [{ id, title, values, median, ratio }], best },
 * `ratio` being the median of how many times as much as wasyncio that peer took in the same round, `best` the rival that comes closest.
 * @param {Results} results @param {Host[]} hosts @param {Workload[]} workloads
 */
export function figures(results, hosts, workloads) {
  return workloads.flatMap(({ id, title, numbers, runners, metrics }) =>
    metrics.flatMap((metric) =>
      hosts.flatMap((host) => {
        const peers = runners
          .map((runner) => ({ runner, values: results.values(metric.id, runner.id, host) }))
          .filter(({ values }) => values.length)
          .map(({ runner, values }) => ({ id: runner.id, title: runner.title, values, median: median(values), ratio: runner.id === BASE ? 1 : results.ratio(metric.id, runner.id, host) }));
        if (!peers.some(({ id }) => id === BASE)) return [];
        return [{ workload: id, what: title, numbers, figure: metric.id, title: metric.title, unit: metric.unit, host: host.title, peers, best: results.best(metric.id, runners, host) }];
      }),
    ),
  );
}
