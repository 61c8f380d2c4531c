/**
 * Headers and libraries in one file: a line of JSON with [path, size] of each, then their bytes.
 * @typedef {Record<string, Uint8Array>} Files
 */

/** @param {Files} files @returns {Uint8Array<ArrayBuffer>} */
export function pack(files) {
  const index = new TextEncoder().encode(`${JSON.stringify(Object.entries(files).map(([path, { length }]) => [path, length]))}\n`);
  const parts = [index, ...Object.values(files)];
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The files are views of the pack. @param {Uint8Array} whole @returns {Files} */
export function unpack(whole) {
  const end = whole.indexOf(10);
  /** @type {[string, number][]} */
  const index = JSON.parse(new TextDecoder().decode(whole.subarray(0, end)));
  /** @type {Files} */
  const files = {};
  let at = end + 1;
  for (const [path, size] of index) files[path] = whole.subarray(at, (at += size));
  return files;
}
