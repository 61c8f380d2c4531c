import { App, checkOptions } from './app.js';
import { WasyncioError, misuse } from './errors.js';

/** @typedef {string | URL | Response | BufferSource | WebAssembly.Module} Source */

const MAGIC = [0, 0x61, 0x73, 0x6d];

/** @param {BufferSource} source @param {string} from */
async function compile(source, from) {
  const bytes = ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source);
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) {
    const start = new TextDecoder().decode(bytes.subarray(0, 60)).trim();
    throw misuse(`${from} is not WebAssembly${/^<(!doctype|html)/i.test(start) ? ' but HTML (a 404 page?)' : ''}: it begins with ${JSON.stringify(start.slice(0, 20))}`);
  }
  try {
    return await WebAssembly.compile(/** @type {BufferSource} */ (source));
  } catch (error) {
    throw new WasyncioError('EINVAL', `${from} does not compile: ${/** @type {Error} */ (error).message}`, { cause: error });
  }
}

/** @param {Response} response */
async function compileResponse(response) {
  const from = response.url || 'the response';
  if (!response.ok) throw new WasyncioError('ENOENT', `${from}: the server answered ${response.status} ${response.statusText}`.trim());
  return await compile(await response.arrayBuffer(), from);
}

/**
 * load() for a platform.
 * @param {import('./app.js').Platform} platform
 */
export const createLoad =
  (platform) =>
  /**
   * Loads a module built with `wasyncio build`. `source` is its URL or path, a fetched Response, its bytes or a
   * compiled WebAssembly.Module. Rejects with a WasyncioError that says what is wrong and what to do.
   * @param {Source | Promise<Source>} source
   * @param {import('./app.js').LoadOptions} [options]
   * @returns {Promise<App>}
   */
  async (source, options = {}) => {
    checkOptions(options);
    const given = await source;
    let module;
    if (given instanceof WebAssembly.Module) module = given;
    else if (typeof given === 'string' || given instanceof URL) {
      const read = await platform.read(given);
      module = await (read instanceof Response ? compileResponse(read) : compile(read, String(given)));
    } else if (given instanceof Response) module = await compileResponse(given);
    else if (given instanceof ArrayBuffer || ArrayBuffer.isView(given)) module = await compile(given, 'the source');
    else throw misuse('load(): the source is no URL, path, Response, bytes or WebAssembly.Module');
    return await App.create(module, options, platform);
  };
