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
 * @typedef {ListedTask & Partial<import('./watch.js').TaskDetails>} TaskInfo
 */

const STATES = /** @type {const} */ (['ending', 'not started', 'ready', 'running', 'waiting', 'ending', 'ending']);

/** A place without folders and without what stands behind it. @param {string | null} [place] */
export const short = (place) => place?.split('\n')[0].split(/[\\/]/).pop() || null;

/** @param {Record<string, Function>} exports @param {import('../host/memory.js').Memory} memory @param {import('./watch.js').Watch} [watch] @returns {TaskInfo[]} */
export function listTasks(exports, memory, watch) {
  const tasks = [];
  /** @type {Map<number, string | null>} most of them are the same few constants */
  const texts = new Map();
  const text = (/** @type {number} */ at) => {
    if (!texts.has(at)) texts.set(at, memory.text(at));
    return texts.get(at) ?? null;
  };
  for (let at = 0, task = 0; (at = exports.wio__next_task(task)); ) {
    const row = Array.from({ length: 9 }, (_, i) => memory.u32(at + 4 * i)); // task_info in src/core/entry.c
    task = row[0];
    const [, id, parent, state, cancels, name, created, where, kind] = row;
    tasks.push({
      id,
      name: memory.text(name) ?? '',
      parent: parent || null,
      state: STATES[state],
      waitsFor: text(kind),
      where: short(text(where)),
      created: short(text(created)),
      coroutine: text(created)?.split('\n')[1]?.split(/[,(]/)[0] ?? null,
      cancelling: cancels > 0,
      ...watch?.details(task),
    });
  }
  return tasks;
}
