/** The oldest Emscripten that works: Debian 12's. What differs in newer ones is in flags.js. */
export const OLDEST = '3.1.6';

/** @param {string} version "3.1.6" @param {string} than @returns {boolean} */
export function isOlder(version, than) {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number));
  for (let i = 0; i < 3; i++) if (a[i] !== b[i]) return (a[i] || 0) < (b[i] || 0);
  return false;
}
