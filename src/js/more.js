import { codeOf } from './words/codes.js';
import { checkOptions } from './options.js';
import { Parts } from './parts.js';
import { option, refusals } from './words/refusals.js';
import { less, overflow, say } from './words/reports.js';
import { short } from './words/short.js';

/**
 * What is loaded when it is needed: the words of errors, and the parts of an app. It imports nothing of the core, which would
 * otherwise no longer be one file; what it makes errors of is given to it.
 * @typedef {import('./core.js').Core} Core
 * @typedef {typeof import('./errors.js').WasyncioError} ErrorClass
 * @typedef {import('./errors.js').WasyncioError} WasyncioError
 * @typedef {ReturnType<typeof withErrors>} More
 */

/** What was said of misuse. @type {WeakMap<Core, Record<string, string>>} */
const misuses = new WeakMap();

/** @param {Core} core */
function misusesOf(core) {
  const known = misuses.get(core) ?? {};
  misuses.set(core, known);
  return known;
}

/** @param {ErrorClass} WasyncioError */
export function withErrors(WasyncioError) {
  const more = {
    code: codeOf,

    /** The caller of load() or run() has made a mistake. @param {keyof typeof refusals} what @param {any[]} about */
    refusal(what, ...about) {
      const { name, message, cause, code } = /** @type {(...about: any[]) => import('./words/refusals.js').Refusal} */ (refusals[what])(...about);
      return new WasyncioError(name, message, { cause, code: code ? codeOf(name) : 0 });
    },

    /** Throws if load() cannot take them. @param {any} options @param {WebAssembly.Module | undefined} module once that is there @param {import('./platform.js').Platform} platform */
    checkOptions(options, module, platform) {
      const wrong = checkOptions(options, module, platform);
      if (!wrong) return;
      const { name, message } = option(...wrong);
      throw new WasyncioError(name, message);
    },

    /** @param {number} status of wio__start() */
    notStarted: (status) => more.refusal(status === codeOf('ENOENT') ? 'noMain' : 'noMemory'),

    /** @param {string} name @param {string} message @param {import('./app.js').Details} [details] */
    error: (name, message, details) => new WasyncioError(name, message, { code: codeOf(name), ...details, where: short(details?.where) ?? undefined }),

    /** @param {Core} core @param {string} what */
    tooLate: ({ over }, what) => (over instanceof WasyncioError ? over : more.error('EPERM', `${what} after ${over}: load() the module again`)),

    /** The module cannot go on. @param {Core} core @param {string} name @param {string} message @param {unknown} [cause] @param {boolean} [who] the message says what somebody has done */
    fault(core, name, message, cause, who) {
      /** @type {import('./tasks.js').TaskInfo[]} */
      let tasks = [];
      try {
        tasks = core.list();
      } catch {
        // its memory is no longer what it was
      }
      const running = tasks.find(({ state }) => state === 'running');
      if (who) message = `${running ? `task '${running.name}'` : 'the program'} ${message}`;
      return more.error(name, message, { task: running?.name, where: running?.where, tasks, cause });
    },

    /** What the module has thrown: a fault that C found, or a trap. @param {Core} core @param {any} thrown @returns {WasyncioError} */
    explain(core, thrown) {
      if (thrown instanceof WasyncioError) return thrown;
      if (thrown?.texts) return more.fault(core, 'EOVERFLOW', overflow(thrown));
      let message = thrown?.message ?? thrown;
      try {
        if (core.exports.wio__check(/unreachable/.test(thrown?.message))) message = 'it called abort()';
      } catch (found) {
        if (found instanceof WasyncioError || /** @type {any} */ (found)?.texts) return more.explain(core, found);
      }
      if (thrown instanceof RangeError || /recursion/.test(thrown?.message)) return more.fault(core, 'EOVERFLOW', `recursed deeper than the JavaScript engine allows (${message}), whatever its stack_size: ${less}`, thrown, true);
      return more.fault(core, 'EFAULT', `crashed: ${message}`, thrown, true);
    },

    /** The app is over. @param {Core} core @param {unknown} thrown */
    crashed(core, thrown) {
      core.over = more.explain(core, thrown);
      core.main?.reject(core.over);
    },

    /** @param {Core} core @param {import('./words/reports.js').About} about */
    async report(core, about) {
      const sink = core.parts?.stderr ?? (await core.platform.output('stderr'));
      sink(new TextEncoder().encode(say(about, misusesOf(core))));
    },

    /** @param {Core} core @param {WebAssembly.Module} module @param {string} declared */
    async createParts(core, module, declared) {
      const parts = new Parts(core, more);
      await parts.load(module, declared);
      return parts;
    },
  };
  return more;
}
