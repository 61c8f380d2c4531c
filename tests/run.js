#!/usr/bin/env node
/** Runs every test: `node tests/run.js --help`. Suites live in lib/suite-*.js, hosts in lib/hosts.js. */
import { install } from './lib/dependencies.js';
import { discover, suiteOf } from './lib/discover.js';
import { BROWSERS, label } from './lib/hosts.js';
import { HELP, readOptions } from './lib/options.js';
import { STEP, urgencyOfBuild, urgencyOfRun } from './lib/order.js';
import { pool } from './lib/pool.js';
import { Report } from './lib/report.js';
import { explain } from './lib/suite.js';
import { startServer } from './server/server.js';

/** @typedef {import('./lib/suite.js').Unit} Unit */
/** @typedef {import('./lib/suite.js').Place} Place */

/** @param {Unit[]} units @param {string} filter @param {string[]} empty @param {import('./lib/options.js').Options} options */
async function runAll(units, filter, empty, { jobs, times }) {
  const report = new Report();
  const suites = [...new Set(units.map((unit) => suiteOf(unit.id)))];
  for (const suite of suites) report.expect(suite, units.filter((unit) => suiteOf(unit.id) === suite).length);
  for (const suite of empty) {
    report.expect(suite, 1);
    report.add(suite, suite, 'any', [{ name: 'the suite', ok: false, detail: 'there are no tests in it' }]);
    report.unitDone(suite);
  }
  const places = new Set(units.flatMap((unit) => unit.places));
  await install(new Set(suites), places);

  const server = await startServer();
  /** @type {Promise<import('./lib/browsers.js').Browsers> | undefined} */
  let opened;
  const used = BROWSERS.filter((host) => places.has(host));
  const browsers = () => (opened ??= import('./lib/browsers.js').then(({ openBrowsers }) => openBrowsers(used)));

  const shared = pool(jobs);
  /** A browser shows one page at a time; it shares the cores with everything else. @type {Map<Place, ReturnType<typeof pool>>} */
  const lanes = new Map(used.map((host) => [host, pool(1)]));
  const context = { server, browsers, filter };

  /** @param {Unit} unit @param {Place} place */
  const runIn = async (unit, place) => {
    const results = await report.timed(`${unit.id} [${label(place)}]`, () => unit.run(place, context)).catch((error) => [{ name: 'the file', ok: false, detail: explain(error) }]);
    report.add(suiteOf(unit.id), unit.id, place, results);
  };

  /** What several units need is made once. @type {Map<() => Promise<unknown>, Promise<void>>} */
  const steps = new Map();
  const made = (/** @type {() => Promise<unknown>} */ step) => {
    const known = steps.get(step) ?? shared(() => report.timed(`${step.name}: build`, async () => void (await step())), STEP);
    steps.set(step, known);
    return known;
  };

  /** @param {Unit} unit whether it can run */
  async function prepared(unit) {
    try {
      for (const step of unit.needs ?? []) await made(step);
      const { prepare, line = (/** @type {() => Promise<void>} */ job) => job() } = unit;
      if (prepare) await line(() => shared(() => report.timed(`${unit.id}: build`, prepare), urgencyOfBuild(unit)));
      return true;
    } catch (error) {
      report.add(suiteOf(unit.id), unit.id, 'build', [{ name: 'the build', ok: false, detail: explain(error) }]);
      return false;
    }
  }

  /** @param {Unit} unit @param {Place} place */
  const takeTurn = (unit, place) => {
    const lane = lanes.get(place);
    const run = () => shared(() => runIn(unit, place), urgencyOfRun(unit, !!lane));
    return lane ? lane(run, urgencyOfRun(unit, true)) : run();
  };

  /** @param {Unit} unit */
  async function runUnit(unit) {
    if (await prepared(unit)) {
      if (unit.inTurn) for (const place of unit.places) await takeTurn(unit, place);
      else await Promise.all(unit.places.map((place) => takeTurn(unit, place)));
    }
    report.unitDone(suiteOf(unit.id));
  }

  try {
    // If a browser does not start, each of its tests says why.
    if (used.length) browsers().then((all) => all.warm()).catch(() => {});
    await Promise.all(units.map(runUnit));
  } finally {
    await opened?.then((all) => all.close()).catch(() => {});
    await server.close();
  }
  if (times) report.showTimes();
  return report.end();
}

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return console.log(HELP), 0;
  const { units, filter, empty } = await discover(options);
  if (options.list) return console.log(units.map((unit) => `${unit.id} [${unit.places.map(label).join(' ')}]`).join('\n')), 0;
  return runAll(units, filter, empty, options);
}

process.exitCode = await main().catch((error) => {
  console.error(error.message);
  console.log('0 passed, 1 failed');
  return 1;
});
