#!/usr/bin/env node
/**
 * What the features of WebAssembly that LLVM may use do: the same programs and the same library, built without them, with
 * each and with all, side by side. The least of several rounds, in nanoseconds; sizes of the three-sleeps program, gzip.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildProgram } from '../emsdk-config/build.js';
import { root } from './build.js';
import { browsers, nodes, pin } from './hosts.js';
import { TIME_LIMIT, measure } from './measure.js';
import { openPages } from './pages.js';
import { write } from './sections.js';
import { digits, table } from './table.js';
import { median } from './workloads.js';

/** @typedef {import('./hosts.js').Host} Host */
/** @typedef {{ title: string, program: string, args: (string | number)[] }} Row */

const HELP = `usage: node bench/features.js [--rounds N] [--pages] [--json FILE] [--write]

  --rounds N    how often (default 3)
  --pages       in Chromium and Firefox too
  --json FILE   everything that was measured, for programs
  --write       renew the tables of docs/performance.md
`;

/** Flags of the compiler for the program; the library has the same, and bulk memory or not (src/context/copy.c). @type {Record<string, { program: string[], bulk?: boolean }>} */
const BUILDS = {
  none: { program: [] },
  'bulk memory': { program: [], bulk: true },
  'sign-ext': { program: ['-msign-ext'] },
  SIMD: { program: ['-msimd128'] },
  all: { program: ['-msign-ext', '-msimd128'], bulk: true },
};

/** @type {Record<string, string[]>} */
const PROGRAMS = { wasyncio: ['wasyncio.c', 'groups.c'], depth: ['depth.c'], features: ['features.c'] };
const times = (/** @type {number} */ size) => Math.min(3_000_000, Math.ceil(2e8 / (size + 64)));
/** @param {string} title @param {string} workload @param {number} size @returns {Row} */
const plain = (title, workload, size) => ({ title, program: 'features', args: [workload, size, times(size)] });

/** @type {Row[]} */
const ROWS = [
  { title: 'a yield', program: 'wasyncio', args: ['yield', 0, 10, 500_000] },
  { title: 'a switch, 16 calls deep', program: 'depth', args: ['depth', 0, 10, 50_000, 16] },
  { title: 'a task: created, yields, joined', program: 'wasyncio', args: ['spawn', 0, 100, 300, 5] },
  { title: 'a message by way of two semaphores', program: 'wasyncio', args: ['pingpong', 0, 500_000] },
  { title: 'an item through a queue', program: 'wasyncio', args: ['queue', 0, 4, 100, 50_000] },
  ...[8, 32, 128, 512, 4096, 65_536].map((size) => plain(`memcpy() of ${size.toLocaleString('en')} bytes`, 'copy', size)),
  ...[32, 512, 65_536].map((size) => plain(`memset() of ${size.toLocaleString('en')} bytes`, 'fill', size)),
  plain('4,096 bytes and shorts, widened', 'widen', 4096),
  plain('y += a x, 4,096 floats', 'axpy', 4096),
];

const folder = join(root, 'build/bench/features');
const fileOf = (/** @type {string} */ program, /** @type {string} */ build) => join(folder, `${program}-${build.replace(' ', '-')}.wasm`);

async function build() {
  mkdirSync(folder, { recursive: true });
  /** @type {Record<string, number>} */
  const sizes = {};
  for (const [name, { program: flags, bulk }] of Object.entries(BUILDS)) {
    const how = (/** @type {string} */ program, /** @type {string[]} */ sources) => ({
      sources: sources.map((source) => join(root, 'bench/programs', source)), output: fileOf(program, name), extra: flags, libraryFlags: [...flags, bulk ? '-mbulk-memory' : '-mno-bulk-memory'] });
    for (const [program, sources] of Object.entries(PROGRAMS)) await buildProgram(how(program, sources));
    await buildProgram({ ...how('three_sleeps', ['three_sleeps.c']), optimize: '-Oz' });
    sizes[name] = execFileSync('gzip', ['-9nc', fileOf('three_sleeps', name)]).length;
  }
  return sizes;
}

async function main() {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' }, pages: { type: 'boolean' }, json: { type: 'string' }, write: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help) return process.stdout.write(HELP);
  const sizes = await build();
  const hosts = [...nodes(), ...(values.pages ? browsers() : [])];
  const inPages = hosts.filter(({ browser }) => browser);
  const pages = inPages.length ? await openPages(inPages, TIME_LIMIT) : undefined;
  const pinned = pin();
  /** @type {Map<string, number>} */
  const least = new Map();
  const names = Object.keys(BUILDS);
  for (let round = 0; round < Number(values.rounds); round++)
    for (const host of hosts)
      for (const { title, program, args } of ROWS)
        for (const name of round % 2 ? [...names].reverse() : names) {
          const [module, given] = [fileOf(program, name), args.map(String)];
          const found = host.browser ? await pages?.measure(host, module, given) : await measure([...pinned, host.path ?? '', join(root, 'bench/peers/wasyncio.js'), module, ...given]);
          const each = found?.each ?? [];
          const value = each.length > 1 ? median(each.slice(1)) : each[0];
          const key = `${host.title} ${title} ${name}`;
          least.set(key, Math.min(value, least.get(key) ?? Infinity));
        }
  await pages?.close();
  const figures = hosts.map(({ title: host }) => ({ host, rows: ROWS.map(({ title }) => ({ title, ns: Object.fromEntries(names.map((name) => [name, least.get(`${host} ${title} ${name}`) ?? NaN])) })) }));
  console.log(table([['three sleeps, -Oz', ...names], ['bytes, gzip', ...names.map((name) => sizes[name].toLocaleString('en'))]]));
  for (const { host, rows } of figures) console.log(`\n${table([[`${host}: ns`, ...names], ...rows.map(({ title, ns }) => [title, ...names.map((name) => digits(ns[name]))])])}`);
  if (values.write) write('features', `node bench/features.js --rounds ${values.rounds}${values.pages ? ' --pages' : ''}`, { sizes, figures });
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ rounds: Number(values.rounds), sizes, figures }, undefined, 1)}\n`);
}

await main();
