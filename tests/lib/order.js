/**
 * Who gets the next free place. Everything is under way from the start; what takes long begins early, so that nothing long is
 * alone at the end. `node tests/run.js --times` says what takes long.
 * @typedef {import('./suite.js').Unit} Unit
 */

/** What many wait for: the page, the sysroot. */
export const STEP = 400;

/** A browser has one place, so it does not wait for the others. */
const BROWSER = 300;
const LONG = 200;
const BUILD = 100;

/** Longer than a minute, or nearly so. */
const LONG_UNITS = ['native/run', 'page/access', 'page/play', 'page/web', 'page/timeline', 'js/http', 'js/trace', 'js/cli', 'js/types', 'js/examples', 'js/toolchain', 'js/features', 'conformance/random'];

/** @param {Unit} unit */
const isLong = ({ id }) => LONG_UNITS.includes(id);

/** @param {Unit} unit */
export const urgencyOfBuild = (unit) => BUILD + (isLong(unit) ? LONG : 0);

/** @param {Unit} unit @param {boolean} inBrowser */
export const urgencyOfRun = (unit, inBrowser) => (inBrowser ? BROWSER : 0) + (isLong(unit) ? LONG - LONG_UNITS.indexOf(unit.id) : 0);
