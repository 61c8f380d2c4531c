/**
 * A live task, as `app.tasks()` lists it.
 * @typedef {object} ListedTask
 * @property {number} id grows with every task created
 * @property {string} name
 * @property {number | null} parent id of the task that created it, if that is known still
 * @property {'not started' | 'ready' | 'running' | 'waiting' | 'ending'} state
 * @property {string | null} waitsFor kind of its current wait: "sleep", "semaphore", "fetch", …
 * @property {string | null} where "file.c:12" of its current wait
 * @property {string | null} created "file.c:12" where it was created
 * @property {string | null} coroutine what was given to create it: "fetch_page"
 * @property {boolean} cancelling
 *
 * @typedef {ListedTask & Partial<import('./debug/watch.js').TaskDetails>} TaskInfo
 */

const STATES = /** @type {const} */ (['ending', 'not started', 'ready', 'running', 'waiting', 'ending', 'ending']);
const decoder = new TextDecoder();

/** A NUL-terminated string; null for NULL. @param {any} exports of the instance @param {number} at @returns {string | null} */
export function textAt({ memory }, at) {
  const bytes = new Uint8Array(memory.buffer, at >>> 0);
  return at ? decoder.decode(bytes.slice(0, bytes.indexOf(0))) : null;
}

/** A place without folders and without what stands behind it. @param {string | null} [place] */
export const short = (place) => place?.split('\n')[0].split(/[\\/]/).pop() || null;

/** @param {any} exports of the instance @param {(task: number) => object} [details] @returns {TaskInfo[]} */
export function listTasks(exports, details) {
  const tasks = [];
  /** @type {Record<number, string | null>} most of them are the same few constants */
  const texts = {};
  for (let at = 0, task = 0; (at = exports.wio__next_task(task)); ) {
    // task_info in src/core/entry.c
    const [self, id, parent, state, cancels, name, ...places] = new Uint32Array(exports.memory.buffer, at >>> 0, 9);
    const [created, where, waitsFor] = places.map((place) => (texts[place] ??= textAt(exports, place)));
    task = self;
    tasks.push({
      id,
      name: textAt(exports, name) ?? `Task-${id}`,
      parent: parent || null,
      state: STATES[state],
      waitsFor,
      where: short(where),
      created: short(created),
      coroutine: created?.split('\n')[1]?.split(/[,(]/)[0] ?? null,
      cancelling: cancels > 0,
      ...details?.(task),
    });
  }
  return tasks;
}
