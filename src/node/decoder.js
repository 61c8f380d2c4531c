/**
 * Decoders of texts. What the standard of encodings calls windows-1252, and what "iso-8859-1" and "us-ascii" mean as well, Node
 * took for ISO 8859-1 before version 24: its quotation marks, dashes and the euro sign were control characters.
 */

/** Of the bytes 0x80 to 0x9f. */
const SPECIAL = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** @param {string} label throws a RangeError if it is unknown */
export function decoder(label) {
  const found = new TextDecoder(label, { fatal: true });
  if (found.encoding !== 'windows-1252' || found.decode(Uint8Array.of(0x80)) === '€') return found;
  return { decode: (/** @type {Uint8Array<ArrayBuffer>} */ bytes) => found.decode(bytes).replace(/[\x80-\x9f]/g, (wrong) => SPECIAL[wrong.charCodeAt(0) - 0x80]) };
}
