import { createApp } from './app.js';
import { WasyncioError, refusal } from './errors.js';

/** @typedef {string | URL | Response | BufferSource | WebAssembly.Module} Source */

/** @param {BufferSource} source @param {string} from */
async function compile(source, from) {
  const bytes = ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source);
  if (String(bytes.subarray(0, 4)) !== '0,97,115,109') throw await refusal('notWebAssembly', from, bytes);
  try {
    return await WebAssembly.compile(/** @type {BufferSource} */ (source));
  } catch (error) {
    throw await refusal('notCompiled', from, error);
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
   * @returns {Promise<import('./app.js').App>}
   */
  async (source, options = {}) => {
    if (options === null || typeof options !== 'object') throw await refusal('options');
    const meaning = Object.keys(options).length > 0 && (await import('./options.js'));
    const wrong = meaning && meaning.wrongOption(options);
    if (wrong) throw await refusal('option', wrong, /** @type {any} */ (options)[wrong]);
    const { signal } = options;
    signal?.throwIfAborted();
    let given = await source;
    let from = 'the source';
    try {
      if (typeof given === 'string' || given instanceof URL) {
        from = String(given);
        given = await platform.read(given, signal);
      }
      if (given instanceof Response) {
        from = given.url || from;
        if (!given.ok) throw await refusal('notFound', from, given);
        given = await given.arrayBuffer();
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw error instanceof WasyncioError ? error : await refusal('notRead', from, error);
    }
    if (given instanceof ArrayBuffer || ArrayBuffer.isView(given)) given = await compile(/** @type {BufferSource} */ (given), from);
    if (!(given instanceof WebAssembly.Module)) throw await refusal('source');
    signal?.throwIfAborted();
    return createApp(given, options, platform);
  };
