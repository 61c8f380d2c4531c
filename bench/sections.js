/**
 * docs/performance.md's tables that are not bench/run.js's: each measurement with --write leaves what it found in
 * bench/record/NAME.json, with date and commit, and the tables are made of those files. No figure is typed by hand.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digits, table } from './table.js';
import { median } from './workloads.js';

/** @typedef {{ command: string, date: string, commit: string, machine: string, load: number, data: any }} Entry */
/** @typedef {{ median: number, least: number, most: number }} Figure */

const here = dirname(fileURLToPath(import.meta.url));
export const PAGE = join(here, '../docs/performance.md');
const fileOf = (/** @type {string} */ name) => join(here, `record/${name}.json`);

/** Of the machine, when it was asked for: measuring makes it busy. */
const before = loadavg()[0];

/** @param {number[]} values @returns {Figure} */
export const figure = (values) => ({ median: median(values), least: Math.min(...values), most: Math.max(...values) });

/** @param {Figure} figure */
const spread = ({ median, least, most }) => `${digits(median)} (${digits(least)}–${digits(most)})`;

/** @param {string} name @param {string} command @param {unknown} data */
export function write(name, command, data) {
  const git = (/** @type {string[]} */ ...args) => spawnSync('git', args, { cwd: here, encoding: 'utf8' }).stdout?.trim() ?? '';
  const changed = git('status', '--porcelain', '--', '../src', '../emsdk-config') ? ' with changes' : '';
  /** @type {Entry} */
  const entry = { command, date: new Date().toISOString().slice(0, 10), commit: `${git('rev-parse', '--short', 'HEAD')}${changed}`, machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`, load: before, data };
  writeFileSync(fileOf(name), `${JSON.stringify(entry, undefined, 1)}\n`);
  writeFileSync(PAGE, renewed(readFileSync(PAGE, 'utf8')));
}

/** @param {string} name @returns {Entry | undefined} */
const read = (name) => (existsSync(fileOf(name)) ? JSON.parse(readFileSync(fileOf(name), 'utf8')) : undefined);

/** @param {Entry} entry */
const facts = ({ command, date, commit, machine, load }) => `\`${command}\` on ${date}, commit ${commit}; ${machine}; load before ${load.toFixed(2)}.`;
const yes = (/** @type {boolean} */ holds) => (holds ? 'yes' : '**no**');

/** @type {Record<string, string>} */
const BESIDE = { fetch: '`fetch`', same: 'a `fetch` that can be cancelled, its headers read', agent: 'a bare keep-alive agent' };

/** Figures of several measurements, with what was promised of each. */
function promises() {
  /** @type {string[][]} */
  const rows = [];
  const add = (/** @type {Entry} */ { command, date, commit }, /** @type {string[]} */ ...cells) => rows.push([...cells, `\`${command}\`, ${date}, ${commit}`]);
  const [growth, size, http] = [read('growth'), read('size'), read('http')];
  if (growth) {
    const all = /** @type {{ optimize: string, growth: number }[]} */ (growth.data);
    add(growth, `what Asyncify adds to 9,000 lines of ordinary C (stb and jsmn, a coroutine for \`main\`), ${all.map(({ optimize }) => optimize).join(' and ')}`, 'at most 25 %', all.map(({ growth }) => `${(growth * 100).toFixed(1)} %`).join(' and '), yes(all.every(({ growth }) => growth <= 0.25)));
  }
  if (size) add(size, "a page's three sleeps, everything of ours that loads, gzip", 'at most 8,192 bytes', `${size.data.total.toLocaleString('en')} bytes`, yes(size.data.total <= 8192));
  for (const { ours, theirs, most, ratios } of /** @type {{ ours: string, theirs: string, most: number, ratios: Record<string, number> }[]} */ (http?.data ?? [])) {
    const [hosts, values] = [Object.keys(ratios), Object.values(ratios)];
    const road = ours === 'wasyncio-fetch' ? 'ours by way of `fetch`' : 'ours';
    add(/** @type {Entry} */ (http), `processor time of a GET in Node ${hosts.join(' / ')}: ${road} / ${BESIDE[theirs]}`, `at most ${most}x`, values.map((ratio) => `${digits(ratio)}x`).join(' / '), yes(values.every((ratio) => ratio <= most)));
  }
  return rows.length ? table([['figure', 'promised', 'measured', 'holds', 'measured by'], ...rows]) : '';
}

/** @param {Entry} entry */
function executor(entry) {
  const { hosts, rows } = /** @type {{ hosts: string[], rows: { title: string, promise: string, cells: (Figure & { holds: boolean })[] }[] }} */ (entry.data);
  const cells = rows.map(({ title, promise, cells }) => [title, promise, ...cells.map((cell) => (cell.holds ? spread(cell) : `**${spread(cell)}**`))]);
  return `${facts(entry)} Medians (minimum–maximum).\n\n${table([['', 'promised', ...hosts], ...cells])}`;
}

/** @param {Entry} entry */
function page(entry) {
  const { hosts, rows } = /** @type {{ hosts: string[], rows: { title: string, unit: string, promise: string, cells: Figure[], holds: boolean }[] }} */ (entry.data);
  const whole = (/** @type {number} */ value) => Math.round(value).toLocaleString('en');
  const cells = rows.map(({ title, unit, promise, cells, holds }) => [title, promise && `${promise} ${unit}`, ...cells.map(({ median }) => `${whole(median)} ${unit}`), promise && yes(holds)]);
  return `${facts(entry)}\n\n${table([['the page', 'at most', ...hosts, 'holds'], ...cells])}`;
}

/** @param {Entry} entry */
function features(entry) {
  const { sizes, figures } = /** @type {{ sizes: Record<string, number>, figures: { host: string, rows: { title: string, ns: Record<string, number> }[] }[] }} */ (entry.data);
  const names = Object.keys(sizes);
  const tables = figures.map(({ host, rows }) => table([[`${host}: ns`, ...names], ...rows.map(({ title, ns }) => [title, ...names.map((name) => digits(ns[name]))])]));
  return [`${facts(entry)} The least of the rounds.`, table([['three sleeps, -Oz', ...names], ['bytes, gzip', ...names.map((name) => sizes[name].toLocaleString('en'))]]), ...tables].join('\n\n');
}

/** @type {Record<string, (entry: Entry) => string>} */
const tables = { executor, page, features };

/** @returns {Record<string, string>} what stands between the lines `<!-- begin NAME -->` and `<!-- end NAME -->`, as far as it was measured */
function sections() {
  const rest = Object.entries(tables).flatMap(([name, text]) => {
    const entry = read(name);
    return entry ? [[name, text(entry)]] : [];
  });
  return { promises: promises(), ...Object.fromEntries(rest) };
}

/** The page, with every section made anew. @param {string} page @returns {string} */
export function renewed(page) {
  for (const [name, text] of Object.entries(sections())) {
    const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
    const [from, to] = [page.indexOf(begin), page.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`${PAGE} has lost its two marker lines ${begin} and ${end}`);
    page = `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
  }
  return page;
}
