/** The page that runs C programs: bundled by browsers.js, so that the bare imports of src/js need no import map. */
import { load } from '../../src/js/web.js';

/**
 * @typedef {{url: string, args: string[], env: Record<string, string>, clock: 'real' | 'virtual', files?: Record<string, {}>, isolated?: boolean}} Program
 * @typedef {{code: number | null, stdout: string, stderr: string, crash?: string}} PageOutcome
 */

const page = /** @type {any} */ (globalThis);
page.load = load;

/** What the program has printed so far, readable also when it never ends. @type {PageOutcome} */
page.outcome = { code: null, stdout: '', stderr: '' };

/** @param {Program} program @returns {Promise<PageOutcome>} */
page.runProgram = async ({ url, args, env, clock, files }) => {
  const outcome = page.outcome;
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const sink = (/** @type {'stdout' | 'stderr'} */ name) => (/** @type {string | Uint8Array} */ data) => {
    outcome[name] += typeof data === 'string' ? data : decoders[name].decode(data, { stream: true });
  };
  try {
    const app = await load(url, { args, env, clock, files, stdout: sink('stdout'), stderr: sink('stderr') });
    outcome.code = await app.run();
  } catch (error) {
    outcome.crash = error instanceof Error ? `${error}\n${error.stack}` : String(error);
  }
  return outcome;
};
