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

/** What a page loads only when it is needed: the words of errors, and all that has to do with a module's imports and load()'s options. @returns {Promise<import('./more.js').More>} */
export const more = async () => (await import('./more.js')).withErrors(WasyncioError);
