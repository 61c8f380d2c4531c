import { escape } from './plot.js';
import { digits } from './table.js';
import { BASE, median } from './workloads.js';

/** @typedef {import('./results.js').Results} Results */
/** @typedef {import('./hosts.js').Host} Host */
/** @typedef {import('./workloads.js').Workload} Workload */
/** @typedef {{ name: string, colour: string, dash: string, points: [x: number, y: number][] }} Line */

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [440, 300, 56, 36, 56, 44];
const COLOURS = [['#1f5f8b', '#7aa6c2'], ['#8a5a1f', '#c9985e']]; // wasyncio's and JavaScript's; a darker one for each newer host

/** @param {Results} results @param {Host[]} hosts @param {Workload[]} points @returns {Line[]} */
function lines(results, hosts, points) {
  const on = hosts.filter((host) => results.values(points[0].metrics[0].id, BASE, host).length);
  return points[0].runners.flatMap((runner, r) =>
    on.map((host, h) => ({
      name: `${runner.title}, ${host.title}`,
      colour: COLOURS[r % 2][(on.length - 1 - h) % 2],
      dash: h === on.length - 1 ? '' : '5 3',
      points: points.flatMap(({ numbers, metrics: [{ id }] }) => {
        const values = results.values(id, runner.id, host);
        return values.length ? [/** @type {[number, number]} */ ([numbers[0], median(values)])] : [];
      }),
    })),
  );
}

/** Both axes are logarithmic. @param {string} title @param {string} unit @param {Line[]} drawn @param {number} left */
function chart(title, unit, drawn, left) {
  const all = drawn.flatMap(({ points }) => points);
  const [xs, ys] = [all.map(([x]) => Math.log10(x)), all.map(([, y]) => Math.log10(y))];
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.floor(Math.min(...ys)), Math.ceil(Math.max(...ys))];
  const x = (/** @type {number} */ value) => left + LEFT + ((Math.log10(value) - x0) / (x1 - x0 || 1)) * (WIDTH - LEFT - RIGHT);
  const y = (/** @type {number} */ value) => HEIGHT - BOTTOM - ((Math.log10(value) - y0) / (y1 - y0 || 1)) * (HEIGHT - TOP - BOTTOM);
  const parts = [`<text x="${left + LEFT}" y="${TOP - 16}" font-weight="bold">${escape(`${title}, ${unit}`)}</text>`];
  for (let power = y0; power <= y1; power++) {
    const at = y(10 ** power).toFixed(1);
    parts.push(`<line x1="${left + LEFT}" x2="${left + WIDTH - RIGHT}" y1="${at}" y2="${at}" stroke="#ddd"/>`, `<text x="${left + LEFT - 8}" y="${Number(at) + 4}" text-anchor="end" font-size="10">${digits(10 ** power).replace(/\.0+$/, '')}</text>`);
  }
  for (const tasks of new Set(all.map(([tasks]) => tasks))) {
    parts.push(`<text x="${x(tasks).toFixed(1)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle" font-size="10">${tasks.toLocaleString('en')}</text>`);
  }
  parts.push(`<text x="${left + (LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - BOTTOM + 34}" text-anchor="middle" font-size="11">tasks alive</text>`);
  for (const { colour, dash, points } of drawn) {
    const path = points.map(([tasks, cost]) => `${x(tasks).toFixed(1)},${y(cost).toFixed(1)}`);
    parts.push(`<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"${dash ? ` stroke-dasharray="${dash}"` : ''}/>`);
    parts.push(...path.map((point) => `<circle cx="${point.split(',')[0]}" cy="${point.split(',')[1]}" r="2.5" fill="${colour}"/>`));
  }
  return parts;
}

/** What a task and a switch cost as their number grows, as SVG; undefined where no curve was measured. @param {Results} results @param {Host[]} hosts @param {Workload[]} workloads */
export function plotCurves(results, hosts, workloads) {
  const names = [...new Set(workloads.flatMap(({ curve }) => curve ?? []))];
  if (!names.length) return undefined;
  const charts = names.map((name) => {
    const points = workloads.filter(({ curve }) => curve === name);
    return { name, unit: points[0].metrics[0].unit, drawn: lines(results, hosts, points) };
  });
  const legend = charts[0].drawn.map(({ name, colour, dash }, i) => {
    const [at, y] = [LEFT + (i % 2) * 260, HEIGHT + 6 + Math.floor(i / 2) * 18];
    return `<line x1="${at}" x2="${at + 26}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2"${dash ? ` stroke-dasharray="${dash}"` : ''}/><text x="${at + 34}" y="${y + 4}">${escape(name)}</text>`;
  });
  const [width, height] = [WIDTH * charts.length, HEIGHT + 10 + Math.ceil(legend.length / 2) * 18];
  const title = 'What a task and a switch cost as their number grows';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="sans-serif" font-size="12" fill="#222">
<title>${title}</title>
<rect width="100%" height="100%" fill="#fff"/>
<text x="16" y="22" font-size="15" font-weight="bold">${title}</text>
${[...charts.flatMap(({ name, unit, drawn }, i) => chart(name, unit, drawn, i * WIDTH)), ...legend].join('\n')}
</svg>
`;
}
