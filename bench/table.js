import { BASE, median } from './workloads.js';

/** @typedef {import('./results.js').Results} Results */
/** @typedef {import('./results.js').Host} Host */
/** @typedef {import('./workloads.js').Workload} Workload */

/** Three digits that count. @param {number} value */
export function digits(value) {
  const places = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: places, maximumFractionDigits: places });
}

/** A Markdown table, aligned so that it can be read as it is; all but the first column are numbers. @param {string[][]} rows the first is the head */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  const [head, ...body] = rows.map((row) => line(row.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))));
  return [head, rule, ...body].join('\n');
}

/** @param {number[]} values */
function spread(values) {
  const [low, high] = [digits(Math.min(...values)), digits(Math.max(...values))];
  return low === high ? '' : ` (${low}–${high})`;
}

/** @param {string} title */
const sentence = (title) => `${title[0].toUpperCase()}${title.slice(1)}.`;

/** One figure of one workload: a row a peer, two columns a host. @param {Results} results @param {Host[]} all @param {Workload} workload @param {import('./workloads.js').Metric} metric */
function figure(results, all, { id, title, runners }, metric) {
  const hosts = all.filter((host) => results.values(metric.id, BASE, host).length);
  const head = ['', ...hosts.flatMap((host) => [`${host.title}: ${metric.unit}`, 'x'])];
  const best = hosts.map((host) => results.best(metric.id, runners, host)?.id);
  const rows = runners.map((runner) => {
    const cells = hosts.flatMap((host, i) => {
      const values = results.values(metric.id, runner.id, host);
      if (!values.length) return ['–', ''];
      const ratio = runner.id === BASE ? undefined : results.ratio(metric.id, runner.id, host);
      const shown = ratio === undefined ? '' : digits(ratio);
      return [digits(median(values)) + spread(values), runner.id === best[i] ? `**${shown}**` : shown];
    });
    return [runner.title, ...cells];
  });
  const shown = rows.filter((row) => row.slice(1).some((cell) => cell !== '–' && cell !== ''));
  return shown.length ? `### ${id}: ${metric.title}\n\n${sentence(title)}\n\n${table([head, ...shown])}` : '';
}

/** One table for all points of a curve: a row a point. @param {Results} results @param {Host[]} all @param {string} curve @param {Workload[]} points */
function curveTable(results, all, curve, points) {
  const [{ title, runners, metrics }] = points;
  const hosts = all.filter((host) => results.values(metrics[0].id, BASE, host).length);
  const head = ['tasks', ...hosts.flatMap((host) => runners.map((runner) => `${host.title}, ${runner.title}: ${metrics[0].unit}`))];
  const rows = points.map(({ numbers, metrics: [{ id }] }) => {
    const cells = hosts.flatMap((host) => runners.map((runner) => results.values(id, runner.id, host)));
    return [digits(numbers[0]).replace(/\.\d+$/, ''), ...cells.map((values) => (values.length ? digits(median(values)) + spread(values) : '–'))];
  });
  return hosts.length ? `### ${curve}\n\n${sentence(title)}\n\n${table([head, ...rows])}` : '';
}

/** @param {Results} results @param {Host[]} hosts @param {Workload[]} workloads */
export function measured(results, hosts, workloads) {
  const curves = [...new Set(workloads.map(({ curve }) => curve))].map((curve) => /** @type {const} */ ([curve, workloads.filter((each) => each.curve === curve)]));
  return curves
    .flatMap(([curve, points]) => (curve ? [curveTable(results, hosts, curve, points)] : points.flatMap((workload) => workload.metrics.map((metric) => figure(results, hosts, workload, metric)))))
    .filter(Boolean)
    .join('\n\n');
}

/** @param {ReturnType<Results['verdicts']>} verdicts */
export function promised(verdicts) {
  const shown = (/** @type {number | undefined} */ value, /** @type {string} */ unit) => (value === undefined ? 'not measured' : `${digits(value)}${unit === 'x' ? 'x' : ` ${unit}`}`);
  const rows = verdicts.map(({ text, host, unit, promise, value, holds }) => [text, host.title, `${promise}${unit === 'x' ? 'x' : ` ${unit}`}`, shown(value, unit), holds ? 'yes' : '**no**']);
  return table([['figure', 'where', 'promised', 'measured', 'holds'], ...rows]);
}
