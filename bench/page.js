#!/usr/bin/env node
/** How fast the playground is, in Debian's chromium and firefox-esr: `node bench/page.js --help`. */
import { parseArgs } from 'node:util';
import { openBrowsers } from '../tests/lib/browsers.js';
import { BROWSERS } from '../tests/lib/hosts.js';
import { bigRun, editToOutput, firstOutput } from '../tests/page/figures.js';
import { prepare } from '../tests/page/playground.js';
import { figure, write } from './sections.js';
import { median } from './workloads.js';

const HELP = `usage: node bench/page.js [--rounds N] [--browser NAME] [--json] [--write]

Builds the page with its compiler, serves it on loopback, and measures in both browsers, each round in an empty profile:
opening to the first output, an edit to its output (the first edit fetches the compiler), a run of 10,000 tasks.

  --rounds N       default 3
  --browser NAME   chromium or firefox; both unless given
  --json           figures for programs
  --write          renew the table of docs/performance.md
  --help
`;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' }, browser: { type: 'string', multiple: true }, json: { type: 'boolean' }, write: { type: 'boolean' }, help: { type: 'boolean' } } });

/** What it is, the figure, its unit, what was promised. @typedef {[name: string, figures: number[], unit: string, promise: string, holds: (figure: number) => boolean]} Row */

/** @param {import('../tests/lib/hosts.js').Host} host @param {import('../tests/lib/browsers.js').Browsers} browsers @param {number} rounds */
async function measure(host, browsers, rounds) {
  /** @template T @param {string} what @param {(visit: import('../tests/page/playground.js').Visit) => Promise<T>} run */
  const visit = (what, run) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${host}: ${what} ...`);
    return browsers.visit(host, 300_000, (page, errors) => run({ page, errors, origin: browsers.origin, browser: host }));
  };
  const first = [];
  const cold = [];
  const warm = [];
  const paused = [];
  for (let round = 0; round < rounds; round++) {
    first.push(await visit('first output', firstOutput));
    const [one, , ...more] = await visit('edits', (given) => editToOutput(given, 7)); // the second one is still warming up
    cold.push(one);
    warm.push(...more);
    paused.push(...(await visit('edits with a pause', (given) => editToOutput(given, 5, { pause: 1500 }))).slice(2));
  }
  const big = await visit('10,000 tasks', (given) => bigRun(given, 5));
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  /** @type {Row[]} */
  const rows = [
    ['opening to the first output', first, 'ms', '1,000', (ms) => ms < 1000],
    ['first edit to output, compiler fetched', cold, 'ms', '6,000', (ms) => ms < 6000],
    ['a later edit to output', warm, 'ms', '1,000', (ms) => ms < 1000],
    ['Run to output, 1.5 s after the edit', paused, 'ms', '', () => true],
    [`a frame, ${big.tasks.toLocaleString('en')} tasks, ${big.events.toLocaleString('en')} events (median)`, [big.median], 'ms', '33', (ms) => ms < 1000 / 30],
    ['the same, 95 of 100 frames', [big.worst], 'ms', '', () => true],
    ['the longest that the page did not answer meanwhile', [big.longest], 'ms', '', () => true],
    ['memory of the tab then', [big.memory], 'MB', '600', (mb) => mb < 600],
  ];
  return rows;
}

async function main() {
  if (values.help) return void console.log(HELP);
  const hosts = BROWSERS.filter((host) => !values.browser || values.browser.includes(host));
  if (!hosts.length) throw new Error(`--browser ${values.browser}: one of ${BROWSERS.join(', ')}`);
  const rounds = Number(values.rounds);
  if (!(rounds >= 1)) throw new Error(`--rounds ${values.rounds}: 1 or more`);
  await prepare();
  const browsers = await openBrowsers(hosts);
  /** @type {Record<string, Row[]>} */
  const found = {};
  try {
    for (const host of hosts) found[host] = await measure(host, browsers, rounds);
  } finally {
    await browsers.close();
  }
  const shown = (/** @type {Row} */ [, figures, unit]) => `${Math.round(median(figures)).toLocaleString('en')} ${unit}`;
  if (values.write) {
    const rows = found[hosts[0]].map(([title, , unit, promise], i) => {
      const cells = hosts.map((host) => figure(found[host][i][1]));
      return { title, unit, promise, cells, holds: hosts.every((host, n) => found[host][i][4](cells[n].median)) };
    });
    write('page', `node bench/page.js --rounds ${rounds}`, { hosts, rows });
  }
  if (values.json) return void console.log(JSON.stringify(Object.fromEntries(hosts.map((host) => [host, found[host].map(([name, figures, unit]) => ({ name, median: median(figures), unit, figures }))])), null, 1));
  console.log(`| the page | at most | ${hosts.join(' | ')} | holds |\n|---|--:|${hosts.map(() => '--:').join('|')}|--:|`);
  for (let i = 0; i < found[hosts[0]].length; i++) {
    const [name, , unit, promise] = found[hosts[0]][i];
    const holds = hosts.every((host) => found[host][i][4](median(found[host][i][1])));
    console.log(`| ${name} | ${promise && `${promise} ${unit}`} | ${hosts.map((host) => shown(found[host][i])).join(' | ')} | ${promise && (holds ? 'yes' : 'no')} |`);
  }
}

await main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
