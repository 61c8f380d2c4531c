#!/usr/bin/env node
/** `make bench-check`: what must not grow unseen, counted and not timed: `node bench/check.js --help`. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildProgram } from '../emsdk-config/build.js';
import { root } from './build.js';
import { run, withCounter } from './check/count.js';
import { ASLEEP, counts } from './check/what.js';
import { measure as sizes } from './size.js';

/** @typedef {Record<string, number>} Figures by name */
/** @typedef {{ name: string, was: number | undefined, is: number, verdict: 'same' | 'better' | 'worse' | 'new' }} Row */

const RECORD = fileURLToPath(new URL('check/record.json', import.meta.url));
export const TOLERANCE = 0.03;

const HELP = `usage: node bench/check.js [--write] [--record FILE]

Counts the WebAssembly instructions of one operation each (a yield, a task, a cancel, …) in a release build, and the
bytes of a sleeping task and of a small program, and compares them with bench/check/record.json. Exit code 1 if one has grown by more than ${TOLERANCE * 100} %.
Nothing is timed: the figures are the same on any machine. They depend on the compiler a little.

  --write         record today's figures: when they are better, or worse for a good reason
  --record FILE   another record
  --help
`;

/** @returns {Promise<Figures>} */
export async function measure() {
  const scratch = mkdtempSync(join(tmpdir(), 'wasyncio-check-'));
  try {
    const programs = join(root, 'bench/programs');
    /** @param {string} name @param {string[]} sources */
    const module = async (name, ...sources) => {
      const output = join(scratch, `${name}.wasm`);
      await buildProgram({ sources: sources.map((source) => join(programs, source)), output });
      return WebAssembly.compile(withCounter(new Uint8Array(readFileSync(output))));
    };
    const built = { wasyncio: await module('wasyncio', 'wasyncio.c', 'groups.c'), depth: await module('depth', 'depth.c') };
    /** @type {Figures} */
    const found = {};
    for (const { name, program, workload, stack = 0, few, many, more } of counts) {
      const counted = [];
      for (const numbers of [few, many]) counted.push((await run(built[program], [workload, String(stack), ...numbers.map(String)])).instructions);
      found[name] = Math.round(((counted[1] - counted[0]) / more) * 10) / 10;
    }
    const { output } = await run(built.wasyncio, ['memory', '0', String(ASLEEP)]);
    found['bytes of a sleeping task'] = Math.round(Number(/^used (\d+)/m.exec(output)?.[1]) / ASLEEP);
    const { wasm, scripts } = await sizes('-Oz');
    found['bytes that a page loads for three sleeps, gzip'] = scripts.reduce((sum, { size }) => sum + size, wasm);
    return found;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @param {Figures} was @param {Figures} is @returns {Row[]} */
export function compare(was, is) {
  return Object.entries(is).map(([name, value]) => {
    const before = was[name];
    if (before === undefined) return { name, was: before, is: value, verdict: 'new' };
    const verdict = value > before * (1 + TOLERANCE) ? 'worse' : value < before * (1 - TOLERANCE) ? 'better' : 'same';
    return { name, was: before, is: value, verdict };
  });
}

/** @param {Row[]} rows */
export function show(rows) {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const line = (/** @type {Row} */ { name, was, is, verdict }) => {
    const change = was === undefined ? 'new' : verdict === 'same' ? '' : `${is > was ? '+' : ''}${(((is - was) / was) * 100).toFixed(1)} %`;
    return `${name.padEnd(width)} ${is.toLocaleString('en').padStart(9)} ${(was === undefined ? '' : was.toLocaleString('en')).padStart(9)}  ${change}`.trimEnd();
  };
  return [`${''.padEnd(width)} ${'now'.padStart(9)} ${'recorded'.padStart(9)}`, ...rows.map(line)].join('\n');
}

/** @param {Row[]} rows @returns {string} what to do; empty: nothing */
export function advice(rows) {
  const worse = rows.filter(({ verdict }) => verdict === 'worse');
  const others = rows.filter(({ verdict }) => verdict === 'better' || verdict === 'new');
  if (worse.length) return `worse: ${worse.map(({ name }) => name).join(', ')}. Find out why; if it is worth it, type: node bench/check.js --write`;
  return others.length ? 'better, or new. So that it stays so, type: node bench/check.js --write' : '';
}

async function main() {
  const { values } = parseArgs({ options: { write: { type: 'boolean' }, record: { type: 'string', default: RECORD }, help: { type: 'boolean' } } });
  if (values.help) return void console.log(HELP);
  const found = await measure();
  let was = {};
  try {
    was = JSON.parse(readFileSync(values.record, 'utf8'));
  } catch (error) {
    if (!values.write) throw new Error(`${values.record}: ${/** @type {Error} */ (error).message}; to make it: node bench/check.js --write`);
  }
  const rows = compare(was, found);
  console.log(show(rows));
  if (values.write) writeFileSync(values.record, `${JSON.stringify(found, null, 2)}\n`);
  else if (advice(rows)) console.log(advice(rows));
  if (!values.write && rows.some(({ verdict }) => verdict === 'worse')) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await main().catch((error) => {
    console.error(error.message);
    process.exitCode = 2;
  });
