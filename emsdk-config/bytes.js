/** Bytes without Node's Buffer, since a page builds programs too. */

/** @param {(Uint8Array | ArrayLike<number>)[]} parts @returns {Uint8Array<ArrayBuffer>} */
export function concat(parts) {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @param {string} text whose characters are bytes */
export const bytesOf = (text) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Not TextDecoder's latin1, which is another code for 0x80 to 0x9f. @param {Uint8Array} bytes @param {string} text whose characters are bytes */
export function includes(bytes, text) {
  const [first, ...rest] = bytesOf(text);
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) if (rest.every((byte, i) => bytes[at + 1 + i] === byte)) return true;
  return false;
}
