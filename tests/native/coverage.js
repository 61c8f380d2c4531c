#!/usr/bin/env node
/**
 * How many lines of the core and the primitives the native tests execute. They are built so that each run notes it (run.sh);
 * here it is added up, and a folder below LEAST is a failure.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../lib/hosts.js';

const HELP = `usage: node tests/native/coverage.js [options]

Runs the native tests and tells the share of lines of src/core, tasks, report, debug and sync that they execute, file by file.

  --last   of the last whole run of tests/native/run.sh, without running it
  --lines  name the lines that no test executes
  --tests  as "ok" and "not ok" lines, for run.sh
  --help`;

/** Per cent of the lines of each folder. What src/report leaves to the host in programs for size does not exist natively. @type {Record<string, number>} */
const LEAST = { 'src/core': 95, 'src/tasks': 95, 'src/report': 90, 'src/debug': 95, 'src/sync': 95 };
const BUILT = path.join(ROOT, 'build/tests/native');

/** @typedef {{ lines: number, missed: number[] }} Coverage */

/** @param {string} tool @param {string[]} args */
const llvm = (tool, args) => execFileSync(tool, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] });

/** By file, of all that the tests have noted. @returns {Map<string, Coverage>} */
function measure() {
  const profiles = path.join(BUILT, 'profiles');
  const noted = existsSync(profiles) ? readdirSync(profiles).filter((name) => name.endsWith('.profraw')) : [];
  if (!noted.length) throw new Error('the native tests have not been run yet: without --last they are');
  const all = path.join(profiles, 'all.profdata');
  llvm('llvm-profdata', ['merge', '-sparse', ...noted.map((name) => path.join(profiles, name)), '-o', all]);
  // Each program has the whole library in it, so any of them knows which lines there are.
  const program = path.join(BUILT, 'task');
  const text = llvm('llvm-cov', ['export', '-format=lcov', `-instr-profile=${all}`, program]);
  /** @type {Map<string, Coverage>} */
  const files = new Map();
  for (const record of text.split('end_of_record\n')) {
    const file = record.match(/^SF:(.*)$/m)?.[1];
    if (!file) continue;
    const counts = [...record.matchAll(/^DA:(\d+),(\d+)$/gm)];
    files.set(path.relative(ROOT, file), { lines: counts.length, missed: counts.filter(([, , count]) => count === '0').map(([, line]) => Number(line)) });
  }
  return files;
}

const percent = (/** @type {Coverage} */ { lines, missed }) => (100 * (lines - missed.length)) / lines;

/** @param {Coverage[]} parts @returns {Coverage} */
const sum = (parts) => ({ lines: parts.reduce((n, { lines }) => n + lines, 0), missed: parts.flatMap(({ missed }) => missed) });

/** @param {string} file @param {number[]} missed */
function nameLines(file, missed) {
  const source = readFileSync(path.join(ROOT, file), 'utf8').split('\n');
  return missed.map((line) => `        ${file}:${line}: ${source[line - 1].trim()}`).join('\n');
}

/** @param {{ lines: boolean, tests: boolean }} options */
function report({ lines, tests }) {
  const files = measure();
  let failed = 0;
  for (const folder of Object.keys(LEAST)) {
    const inside = [...files].filter(([file]) => path.dirname(file) === folder).sort(([a], [b]) => (a < b ? -1 : 1));
    const whole = sum(inside.map(([, coverage]) => coverage));
    const low = !whole.lines || percent(whole) < LEAST[folder];
    failed += Number(low);
    const name = `the native tests execute at least ${LEAST[folder]} % of the lines of ${folder}`;
    const share = `${percent(whole).toFixed(2)} % of ${whole.lines} lines`;
    console.log(tests ? (low ? `not ok coverage/${name}: ${share}` : `ok coverage/${name}`) : `${folder}: ${share}`);
    if (tests && !low) console.log(`#  ${share}`);
    else for (const [file, coverage] of inside) {
      console.log(`${tests ? '#   ' : '    '}${percent(coverage).toFixed(1).padStart(5)} %  ${file}`);
      if (lines && coverage.missed.length) console.log(nameLines(file, coverage.missed));
    }
  }
  return failed ? 1 : 0;
}

function main() {
  const { values } = parseArgs({ options: Object.fromEntries(['last', 'lines', 'tests', 'help'].map((name) => [name, { type: 'boolean', default: false }])) });
  if (values.help) return console.log(HELP), 0;
  if (!values.last) {
    const { status } = spawnSync('bash', [path.join(ROOT, 'tests/native/run.sh')], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) console.error('some of the native tests have failed: bash tests/native/run.sh says which');
  }
  return report({ lines: Boolean(values.lines), tests: Boolean(values.tests) });
}

try {
  process.exitCode = main();
} catch (error) {
  console.log(`not ok coverage: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
