/**
 * The oracle (tests/conformance): programs run on CPython's asyncio and on wasyncio, and their traces must be equal. Always
 * those of cases/, each a difference that was found once, and random ones. WIO_ORACLE_SEED is the first seed of these.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from './hosts.js';
import { steps } from './steps.js';
import { filesIn } from './suite.js';

/** @typedef {import('./suite.js').Result} Result @typedef {import('./hosts.js').Host} Host */

const CASES = 'tests/conformance/cases';
/** How many random programs, by host: the engine matters less than the programs. */
const COUNTS = /** @type {Record<string, number>} */ ({ node20: 2000, node26: 500 });
const BATCH = 250;

/** @returns {Promise<import('./suite.js').Unit[]>} */
export async function units() {
  const names = await filesIn(CASES, ['.json']);
  const needs = [steps.oracle];
  return [
    {
      id: 'conformance/cases',
      places: ['node20', 'node26'],
      needs,
      run: (place, { filter }) => runCases(/** @type {Host} */ (place), names.filter((name) => name.includes(filter))),
    },
    {
      id: 'conformance/random',
      places: ['node20', 'node26'],
      needs,
      run: (place, { filter }) => (filter ? Promise.resolve([]) : runRandom(/** @type {Host} */ (place))),
    },
  ];
}

/** @param {Host} host @param {string[]} names @returns {Promise<Result[]>} */
async function runCases(host, names) {
  const { openOracle } = await import('../conformance/lib/oracle.js');
  const { explainDifference } = await import('../conformance/lib/explain.js');
  const cases = await Promise.all(names.map(async (name) => JSON.parse(await readFile(path.join(ROOT, CASES, name), 'utf8'))));
  const oracle = await openOracle(host);
  try {
    const verdicts = await oracle.judge(cases.map(({ program }) => program));
    return verdicts.map((verdict, i) => ({
      name: `${names[i].replace('.json', '')}: ${cases[i].what}`,
      ok: !verdict.fails && verdict.python !== null,
      detail: verdict.python ? explainDifference(verdict) : 'asyncio gave up',
    }));
  } finally {
    oracle.end();
  }
}

/** @param {Host} host @returns {Promise<Result[]>} */
async function runRandom(host) {
  const { openOracle } = await import('../conformance/lib/oracle.js');
  const { explainDifference, shrunk } = await import('../conformance/lib/explain.js');
  const { generate } = await import('../conformance/lib/generate.js');
  const oracle = await openOracle(host);
  const first = Number(process.env.WIO_ORACLE_SEED ?? 1);
  /** @type {Result[]} */
  const results = [];
  try {
    for (let at = 0; at < COUNTS[host]; at += BATCH) {
      const seeds = Array.from({ length: BATCH }, (_, i) => first + at + i);
      const verdicts = await oracle.judge(seeds.map((seed) => generate(seed)));
      const failed = verdicts.findIndex((verdict) => verdict.fails);
      const detail = failed < 0 ? '' : `seed ${seeds[failed]}, shrunk:\n${explainDifference(await shrunk(oracle, verdicts[failed]))}`;
      results.push({ name: `seeds ${seeds[0]}..${seeds[BATCH - 1]}: equal traces`, ok: failed < 0, detail });
    }
  } finally {
    oracle.end();
  }
  return results;
}
