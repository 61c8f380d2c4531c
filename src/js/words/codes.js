import { CODES } from './words.js';

/** @param {string} name of an error @returns {number} negative; 0: not known */
export const codeOf = (name) => -(Object.hasOwn(CODES, name) ? CODES[name][0] : 0);

/** @param {number} code of any sign @returns {[name: string, text: string]} */
export function describeCode(code) {
  const [name, [, text]] = Object.entries(CODES).find(([, [number]]) => number === Math.abs(code)) ?? ['EUNKNOWN', [0, 'unknown error']];
  return [name, text];
}
