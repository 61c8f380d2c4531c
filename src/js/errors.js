/**
 * What every promise of the package rejects with.
 * `name` is the error's name in C ("ECANCELED"), `code` its negative number there, `message` the words attached with
 * wio_fail() or the code's own. `task` and `where` say in which task and at which "file.c:12" it happened; `notes`
 * are the lines added with wio_add_note(), and the cause of an error in clean-up; `tasks` is the list of live tasks at that
 * moment (see App.tasks), `cause` the JavaScript error behind it, if any.
 */
export class WasyncioError extends Error {
  /**
   * @param {string} name
   * @param {string} message
   * @param {{ code?: number, task?: string, where?: string, notes?: string[], tasks?: import('./tasks.js').TaskInfo[], cause?: unknown }} [details]
   */
  constructor(name, message, { code = 0, task, where, notes = [], tasks = [], cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = name;
    this.code = code;
    this.task = task;
    this.where = where;
    this.notes = notes;
    this.tasks = tasks;
  }
}

/**
 * The caller of load() has made a mistake. Its words are loaded only now.
 * @template {keyof typeof import('./refusals.js')} What
 * @param {What} what @param {Parameters<typeof import('./refusals.js')[What]>} about
 */
export async function refusal(what, ...about) {
  const refusals = await import('./refusals.js');
  const { name, message, cause } = /** @type {(...about: any[]) => import('./refusals.js').Refusal} */ (refusals[what])(...about);
  return new WasyncioError(name, message, { cause });
}
