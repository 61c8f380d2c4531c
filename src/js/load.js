import { App } from './app.js';
import { WasyncioError, refusal } from './errors.js';

/** @typedef {string | URL | Response | BufferSource | WebAssembly.Module} Source */

/** @type {import('./options.js').LoadOptions} */
const NONE = {};

/** @param {unknown} given @returns {given is BufferSource} */
const isBuffer = (given) => given instanceof ArrayBuffer || ArrayBuffer.isView(given);

/** @param {any} source a buffer or a view of one @param {string} from */
async function compile(source, from) {
  const bytes = new Uint8Array(source.buffer ?? source, source.byteOffset, source.byteLength);
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw await refusal('notCompiled', from, bytes, error);
  }
}

/**
 * load() for a platform.
 * @param {import('./platform.js').Platform} platform
 */
export const createLoad =
  (platform) =>
  /**
   * Loads a module built with `wasyncio build`. `source` is its URL or path, a fetched Response, its bytes or a
   * compiled WebAssembly.Module. Rejects with a WasyncioError that says what is wrong and what to do.
   * @param {Source | PromiseLike<Source>} source
   * @param {import('./options.js').LoadOptions} [options]
   * @returns {Promise<App>}
   */
  async (source, options = NONE) => {
    const check = async (/** @type {WebAssembly.Module | undefined} */ module = undefined) => {
      const wrong = options !== NONE && (await import('./options.js')).wrong(options, module, platform);
      if (wrong) throw await refusal('option', ...wrong);
    };
    await check();
    const { signal } = options;
    signal?.throwIfAborted();
    let given = await source;
    let from = 'the source';
    try {
      if (typeof given === 'string' || given instanceof URL) {
        from = String(given);
        given = await platform.read(given, signal);
      }
      // asked last: the name alone makes Node load its undici, 15 ms
      if (!isBuffer(given) && !(given instanceof WebAssembly.Module) && given instanceof Response) {
        from = given.url || from;
        if (!given.ok) throw await refusal('notFound', from, given);
        given = await given.arrayBuffer();
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw error instanceof WasyncioError ? error : await refusal('notRead', from, error);
    }
    if (isBuffer(given)) given = await compile(given, from);
    if (!(given instanceof WebAssembly.Module)) throw await refusal('source');
    await check(given);
    signal?.throwIfAborted();
    return App['create'](given, options, platform); // private to everybody else
  };
