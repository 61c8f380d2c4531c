/** Where in the program a crash was: its functions, innermost first, as far as the JavaScript engine knows their names. */

const MOST = 8;

/** Our own, from the function that enters a task's stack outwards; main() and exports are called from there as well. */
const OUTER = /^(run_main|wio__(context_enter|context_leaf|first_step|tick|start|job_run|thread_run|body_.*))$/;

/** @param {string} line of a trace @returns {string | undefined} a function of the module; "" if it has no name */
function functionIn(line) {
  const [, name = ''] = /^\s*at (?:(\S+) \()?wasm:\/\/.*wasm-function\[/.exec(line) ?? [undefined, undefined];
  return /wasm-function\[/.test(line) ? name : undefined;
}

/** @param {unknown} cause the trap, as the engine threw it @returns {string} lines, or nothing */
export function placeOfCrash(cause) {
  const frames = String(/** @type {any} */ (cause)?.stack ?? '').split('\n').flatMap((line) => functionIn(line) ?? []);
  if (!frames.length) return '';
  if (!frames[0]) return '\n  build with -g to see in which function';
  const end = frames.findIndex((name) => OUTER.test(name));
  const named = (end < 0 ? frames : frames.slice(0, end)).map((name) => name.replace(/^__wrap_|^__(original_main|main_void|main_argc_argv)$/, (_, main) => (main ? 'main' : '')));
  const different = named.filter((name, i) => name !== named[i - 1]);
  const shown = different.slice(0, MOST).map((name, i) => `\n  ${i ? 'called by' : 'in'} ${name}()`);
  return shown.join('') + (different.length > MOST ? '\n  …' : '');
}
