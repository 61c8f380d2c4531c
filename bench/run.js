#!/usr/bin/env node
/** Measures wasyncio side by side with its alternatives: `node bench/run.js --help`. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findToolchain } from '../emsdk-config/build.js';
import { build, root } from './build.js';
import { plotCurves } from './curves.js';
import { UsageError, browsers, node, nodes } from './hosts.js';
import { figures } from './json.js';
import { measureAll, plan } from './measure.js';
import { findPeers } from './peers.js';
import { plot } from './plot.js';
import { PAGE, renewed } from './sections.js';
import { measured, promised } from './table.js';
import { workloads as all } from './workloads.js';

/** @typedef {import('./hosts.js').Host} Host */

const DOCS = join(root, 'docs');
const [BEGIN, END] = ['<!-- begin of what `node bench/run.js --write` writes -->', '<!-- end -->'];

const HELP = `usage: node bench/run.js [--full] [--rounds N] [--only ID]… [--node PATH]… [--check] [--json FILE] [--plot FILE] [--write]

Builds the programs, runs every workload on every peer in alternating rounds, and prints medians (minimum–maximum) and,
under x, the median of how many times as much as wasyncio each peer took in the same round; the rival that comes
closest in **bold**.

  --full        also Pyodide, CPython, p-limit and Go (apt-get install golang-go), and the pages of Chromium and Firefox.
                What is not there is left out, and named
  --rounds N    how often (default 3)
  --only ID     a workload: ${all.filter(({ curve }) => !curve).map(({ id }) => id).join(', ')};
                G and S are the curves of what a task and a switch cost (default: all)
  --node PATH   a Node.js to measure on (default: this one, and the newer one of the tests)
  --check       exit code 1 if something that was promised does not hold
  --json FILE   everything that was measured, for programs
  --plot FILE   draw the ratios, as SVG, and the curves beside it (for a.svg: a-growth.svg)
  --write       put the tables into docs/performance.md and the plots into docs/performance.svg and docs/growth.svg. The
                page's other tables are made of bench/record/, which size.js, growth.js, http.js, executor.js,
                page.js and features.js renew with their own --write
  --help
`;

// ---- what to do

function readOptions() {
  const one = /** @type {const} */ ({ rounds: { type: 'string', default: '3' }, plot: { type: 'string' }, json: { type: 'string' } });
  const many = /** @type {const} */ ({ only: { type: 'string', multiple: true }, node: { type: 'string', multiple: true } });
  const flags = /** @type {const} */ ({ full: { type: 'boolean' }, check: { type: 'boolean' }, write: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } });
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
  const named = (/** @type {string} */ id) => all.filter((each) => each.id === id || (each.curve && each.id.startsWith(id) && /^[GS]$/.test(id)));
  const unknown = values.only?.find((id) => !named(id).length);
  if (unknown !== undefined) throw new UsageError(`there is no workload '${unknown}'; there are ${all.map(({ id }) => id).join(', ')}`);
  const chosen = values.only ? new Set(values.only.flatMap(named)) : new Set(all);
  const workloads = all.filter((each) => chosen.has(each)).map((each) => ({ ...each, runners: each.runners.filter(({ full }) => values.full || !full) }));
  const hosts = [...(values.node?.map(node) ?? nodes()), ...(values.full ? browsers() : [])];
  const flagsGiven = [...(values.full ? ['--full'] : []), `--rounds ${rounds}`].join(' ');
  return { ...values, rounds, workloads, hosts, flags: flagsGiven };
}

// ---- saying it

/** @param {Host[]} hosts @param {string} flags @param {boolean} pinned @param {number} load @param {string[]} peers versions */
async function conditions(hosts, flags, pinned, load, peers) {
  const git = (/** @type {string[]} */ ...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim();
  const commit = git('rev-parse', '--short', 'HEAD');
  const changed = git('status', '--porcelain', '--', 'src', 'emsdk-config') ? ' with changes' : '';
  const { version } = await findToolchain();
  const versions = [...hosts.map((host) => host.version), `Emscripten ${version}`, ...peers];
  return [
    `\`node bench/run.js ${flags}\` on ${new Date().toISOString().slice(0, 10)}${commit ? `, commit ${commit}${changed}` : ''}.`,
    `${versions.join(', ')}; ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, ${process.platform} ${release()};`,
    `each measurement a process or a page of its own${pinned ? ', processes pinned to one processor' : ''}; load before the run ${load.toFixed(2)}${load > 0.5 ? ' (**not idle: the figures are noisy**)' : ''}.`,
  ].join('\n');
}

/** @param {string} text */
function writePage(text) {
  const page = readFileSync(PAGE, 'utf8');
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new UsageError(`${PAGE} has lost its two marker lines:\n${BEGIN}\n${END}`);
  writeFileSync(PAGE, renewed(`${page.slice(0, from + BEGIN.length)}\n\n${text}\n\n${page.slice(to)}`));
}

async function main() {
  const options = readOptions();
  if (!options) return process.stdout.write(HELP), 0;
  const { rounds, workloads, hosts, check, write } = options;
  const load = loadavg()[0];
  const { found, missing } = findPeers(new Set(workloads.flatMap(({ runners }) => runners.map(({ program }) => program))));
  for (const line of missing) console.error(line);
  if (process.stderr.isTTY) process.stderr.write('building');
  const built = await build(found.go?.loader);
  const { results, pinned } = await measureAll(plan(workloads, hosts, found), rounds, built, found);

  const verdicts = results.verdicts(hosts.filter(({ browser }) => !browser), workloads);
  const facts = await conditions(hosts, options.flags, pinned, load, Object.values(found).map(({ version }) => version));
  const parts = [facts, ...(verdicts.length ? [`### What was promised\n\n${promised(verdicts)}`] : []), measured(results, hosts, workloads)];
  console.log(parts.join('\n\n'));
  for (const failure of results.failures) console.error(`failed: ${failure}`);

  const [bars, curves] = [plot(results, hosts, workloads), plotCurves(results, hosts, workloads)];
  if (options.json) writeFileSync(options.json, `${JSON.stringify({ facts, missing, failures: results.failures, promised: verdicts, figures: figures(results, hosts, workloads) }, undefined, 1)}\n`);
  if (options.plot) writeFileSync(options.plot, bars);
  if (options.plot && curves) writeFileSync(`${options.plot.replace(/\.svg$/, '')}-growth.svg`, curves);
  if (write && results.failures.length) throw new Error('nothing was written to docs/: some measurements failed');
  if (write) {
    writePage([...parts.slice(0, -1), ...(missing.length ? [missing.join('. ')] : []), parts[parts.length - 1]].join('\n\n'));
    writeFileSync(join(DOCS, 'performance.svg'), bars);
    if (curves) writeFileSync(join(DOCS, 'growth.svg'), curves);
  }
  const missed = verdicts.filter(({ holds }) => !holds);
  if (check) for (const { text, host, promise, unit, value } of missed) console.error(`does not hold: ${text}, ${host.title}: ${promise} ${unit}, measured ${value}`);
  return results.failures.length || (check && missed.length) ? 1 : 0;
}

process.exitCode = await main().catch((error) => {
  if (error.name !== 'CompileError') console.error(error instanceof UsageError || error.name === 'BuildError' || error.message.startsWith('nothing was') ? error.message : error.stack);
  return error instanceof UsageError ? 2 : 1;
});
