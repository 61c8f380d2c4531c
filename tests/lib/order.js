/**
 * Who gets the next free place. Everything is under way from the start: what many wait for comes first, then pages, since a
 * browser has one place and must not wait for the others, then what has pages to wait for it. What takes long begins early, so
 * that nothing long is alone at the end. `node tests/run.js --times` says what takes long.
 * @typedef {import('./suite.js').Unit} Unit
 */
import { BROWSERS } from './hosts.js';

/** The page, the sysroot. */
export const STEP = 400;

const [PAGE, LONGEST, BUILD_FOR_PAGES, LONG, BUILD] = [300, 250, 200, 150, 100];

/** Minutes of one process. */
const MINUTES = 'native/run';

/** More than half a minute, the longest first. */
const LONG_UNITS = ['page/access', 'page/play', 'page/web', 'page/timeline', 'js/http', 'js/trace', 'js/cli', 'page/drafts', 'page/edit', 'js/types', 'js/examples', 'js/toolchain', 'js/features', 'conformance/random'];

/** @param {Unit} unit @returns {number} */
const length = ({ id }) => (LONG_UNITS.includes(id) ? LONG_UNITS.length - LONG_UNITS.indexOf(id) : 0);

/** @param {Unit} unit */
export const urgencyOfBuild = (unit) => (unit.places.some((place) => BROWSERS.includes(/** @type {any} */ (place))) ? BUILD_FOR_PAGES : BUILD) + length(unit);

/** @param {Unit} unit @param {boolean} inBrowser */
export function urgencyOfRun(unit, inBrowser) {
  if (unit.id === MINUTES) return LONGEST;
  const long = length(unit);
  if (inBrowser) return PAGE + long;
  return long ? LONG + long : 0;
}
