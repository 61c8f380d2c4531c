/**
 * A program in a link: files and options as JSON, compressed, in the fragment, which never leaves the browser. What comes
 * from a link is checked here; the rest of the page may trust it. Nothing in it runs by itself.
 *
 * @typedef {object} Shared
 * @property {string} [program] a lesson or example, unchanged
 * @property {Record<string, string>} [files]
 * @property {string} [open]
 * @property {number} [seed]
 * @property {number} [speed] 0: instant
 * @property {'real' | 'virtual'} [clock]
 * @property {number} [latency]
 * @property {number} [failures]
 * @property {number} [at] event of the playhead
 */

const PREFIX = 'v1.';
const LONGEST = 400_000; // characters of a fragment
const MOST = 1_000_000; // bytes it may unfold to
const FILES = 20;

/** With words for the user. */
export class LinkError extends Error {}

/** @param {ReadableStream<Uint8Array>} stream @param {number} most */
async function collect(stream, most) {
  const reader = stream.getReader();
  const chunks = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new LinkError('The program in this link is too large to be one.');
    }
    chunks.push(value);
  }
  const all = new Uint8Array(size);
  chunks.reduce((at, chunk) => (all.set(chunk, at), at + chunk.length), 0);
  return all;
}

/** @param {Uint8Array} bytes */
function toText(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** @param {string} text */
function toBytes(text) {
  if (!/^[\w-]*$/.test(text)) throw new LinkError('This link is damaged: it has characters that do not belong there.');
  try {
    return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0));
  } catch {
    throw new LinkError('This link is damaged: a part of it is missing.');
  }
}

/** @param {Shared} shared @returns {Promise<string>} the fragment, without # */
export async function encode(shared) {
  const packed = new Blob([JSON.stringify(shared)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return PREFIX + toText(await collect(packed, Infinity));
}

/** Is it a program at all? @param {string} fragment without # */
export const isShared = (fragment) => /^v\d+\./.test(fragment);

/** @param {string} fragment without # @returns {Promise<Shared>} throws a LinkError */
export async function decode(fragment) {
  if (!fragment.startsWith(PREFIX)) throw new LinkError('This link was made by a newer version of the page.');
  if (fragment.length > LONGEST) throw new LinkError('This link is too long to be a program.');
  const bytes = toBytes(fragment.slice(PREFIX.length));
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await collect(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')), MOST));
  } catch (error) {
    if (error instanceof LinkError) throw error;
    throw new LinkError('This link is damaged: what is in it cannot be unpacked.');
  }
  try {
    return checked(JSON.parse(text));
  } catch (error) {
    if (error instanceof LinkError) throw error;
    throw new LinkError('This link is damaged: what is in it is no program.');
  }
}

export const FILE_NAME = /^\w[\w-]{0,60}\.(c|h)$/;

/** Texts of files by name. @param {any} files */
export function isProgram(files) {
  const entries = files && typeof files === 'object' ? Object.entries(files) : [];
  return entries.length > 0 && entries.length <= FILES && entries.every(([name, content]) => FILE_NAME.test(name) && typeof content === 'string');
}

/** @param {any} given @returns {Shared} */
function checked(given) {
  const wrong = () => new LinkError('This link is damaged: what is in it is no program.');
  if (!given || typeof given !== 'object') throw wrong();
  /** @type {Shared} */
  const shared = {};
  if (typeof given.program === 'string' && /^[\w-]{1,60}$/.test(given.program)) shared.program = given.program;
  if (given.files !== undefined) {
    if (!isProgram(given.files)) throw wrong();
    /** @type {Record<string, string>} */
    const files = (shared.files = Object.fromEntries(Object.entries(given.files)));
    shared.open = typeof given.open === 'string' && Object.hasOwn(files, given.open) ? given.open : Object.keys(files)[0];
  }
  if (!shared.files && !shared.program) throw wrong();
  const number = (/** @type {'seed' | 'speed' | 'latency' | 'failures' | 'at'} */ key, /** @type {number} */ most) => {
    const value = given[key];
    if (typeof value === 'number' && value >= 0 && value <= most) shared[key] = value;
  };
  number('seed', 2 ** 32 - 1);
  number('speed', 10);
  number('latency', 1000);
  number('failures', 1);
  number('at', 1e7);
  if (given.clock === 'real') shared.clock = 'real';
  return shared;
}
