/** Finds the test files that the options ask for. */
import * as c from './suite-c.js';
import * as conformance from './suite-conformance.js';
import * as js from './suite-js.js';
import * as native from './suite-native.js';
import * as npm from './suite-npm.js';
import * as page from './suite-page.js';

/** Suites that must have something in them: if one is empty, files were lost. */
const ALWAYS = ['c', 'js', 'page', 'native', 'npm', 'conformance'];

/** @param {string} id */
export const suiteOf = (id) => id.split('/')[0];

/**
 * @param {import('./options.js').Options} options
 * @returns {Promise<{units: import('./suite.js').Unit[], filter: string, empty: string[]}>} `filter` is what remains for
 *   test names; `empty` are suites that should have had tests
 */
export async function discover({ only, filter, hosts }) {
  const all = (await Promise.all([c.units(), js.units(), page.units(), native.units(), npm.units(), conformance.units()])).flat();
  const suites = new Set([...ALWAYS, ...all.map((unit) => suiteOf(unit.id))]);
  const unknown = only.find((suite) => !suites.has(suite));
  if (unknown) throw new Error(`unknown suite ${unknown}: there are ${[...suites].join(', ')}`);

  const wanted = (/** @type {string} */ suite) => !only.length || only.includes(suite);
  const empty = ALWAYS.filter((suite) => wanted(suite) && !all.some((unit) => suiteOf(unit.id) === suite));
  let units = all.filter((unit) => wanted(suiteOf(unit.id)));
  if (hosts.length) units = units.map((unit) => ({ ...unit, places: unit.places.filter((place) => hosts.includes(/** @type {any} */ (place))) }));
  units = units.filter((unit) => unit.places.length);
  const named = filter ? units.filter((unit) => unit.id.includes(filter)) : units;
  return named.length ? { units: named, filter: '', empty } : { units, filter, empty };
}
