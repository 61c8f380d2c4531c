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

/** @param {Results} results @param {Host[]} hosts @param {Workload[]} workloads */
export function measured(results, hosts, workloads) {
  return workloads.flatMap(({ id, title, runners, metrics }) =>
    metrics.map((metric) => {
      const head = ['', ...hosts.flatMap(({ major }) => [`Node ${major}: ${metric.unit}`, 'x'])];
      const rows = runners.map((runner) => {
        const cells = hosts.flatMap((host) => {
          const values = results.values(metric.id, runner.id, host);
          if (!values.length) return ['–', ''];
          const ratio = runner.id === BASE ? undefined : results.ratio(metric.id, runner.id, host);
          return [digits(median(values)) + spread(values), ratio === undefined ? '' : digits(ratio)];
        });
        return [runner.title, ...cells];
      });
      const shown = rows.filter((row) => row.slice(1).some((cell) => cell !== '–' && cell !== ''));
      return shown.length ? `### ${id}: ${metric.title}\n\n${title[0].toUpperCase()}${title.slice(1)}.\n\n${table([head, ...shown])}` : '';
    }),
  ).filter(Boolean).join('\n\n');
}

/** @param {ReturnType<Results['verdicts']>} verdicts */
export function promised(verdicts) {
  const shown = (/** @type {number | undefined} */ value, /** @type {string} */ unit) => (value === undefined ? 'not measured' : `${digits(value)}${unit === 'x' ? 'x' : ` ${unit}`}`);
  const rows = verdicts.map(({ text, host, unit, promise, value, holds }) => [text, `${host.major}`, `${promise}${unit === 'x' ? 'x' : ` ${unit}`}`, shown(value, unit), holds ? 'yes' : '**no**']);
  return table([['figure', 'Node', 'promised', 'measured', 'holds'], ...rows]);
}
