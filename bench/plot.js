import { digits } from './table.js';
import { BASE } from './workloads.js';

/** @typedef {import('./results.js').Results} Results */
/** @typedef {import('./results.js').Host} Host */
/** @typedef {import('./workloads.js').Workload} Workload */

const COLOURS = ['#7aa6c2', '#1f5f8b', '#c9985e', '#8a5a1f'];
const [WIDTH, LEFT, RIGHT, TOP] = [860, 260, 60, 76];
const [BAR, GAP, GROUP] = [11, 6, 30];

/** @param {string} text */
export const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** @param {number} x @param {number} y @param {string} text @param {string} [more] attributes */
const label = (x, y, text, more = '') => `<text x="${x.toFixed(1)}" y="${y}" ${more}>${escape(text)}</text>`;

/** @param {Results} results @param {Host[]} hosts @param {Workload[]} workloads */
function groups(results, hosts, workloads) {
  return workloads.filter(({ curve }) => !curve).flatMap(({ runners, metrics, id }) =>
    metrics.map((metric) => ({
      title: `${id}: ${metric.title}`,
      rows: runners
        .filter((runner) => runner.plot && runner.id !== BASE)
        .map(({ id, title }) => ({ title, ratios: hosts.map((host) => results.ratio(metric.id, id, host)) }))
        .filter(({ ratios }) => ratios.some((ratio) => ratio !== undefined)),
    })),
  ).filter(({ rows }) => rows.length);
}

/**
 * A bar chart, as SVG, of how many times as much as wasyncio each peer took; the scale is logarithmic.
 * @param {Results} results @param {Host[]} hosts @param {Workload[]} workloads
 */
export function plot(results, hosts, workloads) {
  const all = groups(results, hosts, workloads);
  const ratios = all.flatMap(({ rows }) => rows.flatMap(({ ratios }) => ratios.filter((ratio) => ratio !== undefined)));
  const low = Math.min(-1, Math.floor(Math.log10(Math.min(...ratios, 1)) * 2) / 2);
  const high = Math.max(1, Math.ceil(Math.log10(Math.max(...ratios, 1))));
  const x = (/** @type {number} */ ratio) => LEFT + ((Math.log10(ratio) - low) / (high - low)) * (WIDTH - LEFT - RIGHT);

  const parts = [];
  let y = TOP;
  for (const { title, rows } of all) {
    parts.push(label(16, y + 4, title, 'font-weight="bold"'));
    y += 12;
    for (const row of rows) {
      const bars = row.ratios.map((ratio, i) => ({ ratio, fill: COLOURS[i % COLOURS.length] })).filter(({ ratio }) => ratio !== undefined);
      parts.push(label(LEFT - 10, y + (bars.length * BAR) / 2 + 4, row.title, 'text-anchor="end"'));
      for (const { ratio = 1, fill } of bars) {
        const [from, to] = [Math.min(x(1), x(ratio)), Math.max(x(1), x(ratio))];
        parts.push(`<rect x="${from.toFixed(1)}" y="${y}" width="${Math.max(to - from, 1).toFixed(1)}" height="${BAR - 1}" fill="${fill}"/>`);
        parts.push(label(to + 4, y + 9, `${digits(ratio)}x`, 'font-size="10"'));
        y += BAR;
      }
      y += GAP;
    }
    y += GROUP - GAP;
  }

  const ticks = Array.from({ length: high - Math.ceil(low) + 1 }, (_, i) => 10 ** (Math.ceil(low) + i));
  const grid = ticks.map((tick) => {
    const line = `<line x1="${x(tick).toFixed(1)}" x2="${x(tick).toFixed(1)}" y1="${TOP - 12}" y2="${y - 12}" stroke="${tick === 1 ? '#333' : '#ddd'}"/>`;
    return line + label(x(tick), TOP - 17, `${tick}x`, 'text-anchor="middle" font-size="10"');
  });
  const legend = hosts.map(({ title }, i) => {
    const at = WIDTH - RIGHT - 100 * (hosts.length - i);
    return `<rect x="${at}" y="15" width="11" height="11" fill="${COLOURS[i % COLOURS.length]}"/>${label(at + 17, 25, title)}`;
  });
  const title = 'Times as much as wasyncio (right of 1x: wasyncio is better)';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" font-family="sans-serif" font-size="12" fill="#222">
<title>${title}</title>
<rect width="100%" height="100%" fill="#fff"/>
${[label(16, 25, title, 'font-size="15" font-weight="bold"'), ...legend, ...grid, ...parts].join('\n')}
</svg>
`;
}
