import { App } from './app.js';
import { Core, NONE } from './core.js';
import { more } from './errors.js';

/** @typedef {string | URL | Response | BufferSource | WebAssembly.Module} Source */

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
      if (options !== NONE) (await more()).checkOptions(options, module, platform);
    };
    await check();
    const { signal } = options;
    signal?.throwIfAborted();
    let given = await source;
    let from = 'the source';
    /** @type {'notRead' | 'notFound' | 'notCompiled' | 'source'} */
    let wrong = 'notRead';
    try {
      if (typeof given === 'string' || given instanceof URL) {
        from = String(given);
        given = await platform.read(given, signal);
      }
      if (!(given instanceof WebAssembly.Module)) {
        if (!(given instanceof ArrayBuffer || ArrayBuffer.isView(given))) {
          // asked last: the name alone makes Node load its undici, 15 ms
          if (!(given instanceof Response)) throw (wrong = 'source');
          from = given.url || from;
          if (!given.ok) throw (wrong = 'notFound');
          given = await given.arrayBuffer();
        }
        wrong = 'notCompiled';
        given = await WebAssembly.compile(/** @type {BufferSource} */ (given));
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw (await more()).refusal(wrong, error, from, given);
    }
    await check(given);
    signal?.throwIfAborted();
    const core = new Core(options, platform);
    await core.start(given);
    return new /** @type {any} */ (App)(core); // private to everybody else
  };
