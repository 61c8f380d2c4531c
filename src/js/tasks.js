/**
 * A live task, as `app.tasks()` lists it.
 * @typedef {object} TaskInfo
 * @property {number} id grows with every task created
 * @property {string} name
 * @property {number | null} parent id of the task that created it, if that is known still
 * @property {'not started' | 'ready' | 'running' | 'waiting' | 'ending'} state
 * @property {string | null} waitsFor kind of its current wait: "sleep", "semaphore", "fetch", …
 * @property {string | null} where "file.c:12" of its current wait
 * @property {string | null} created "file.c:12" where it was created
 * @property {string | null} coroutine what was given to create it: "fetch_page"
 * @property {boolean} cancelling
 */

const STATES = /** @type {const} */ (['ending', 'not started', 'ready', 'running', 'waiting', 'ending', 'ending']);
const SIZE = 32; // of task_info in src/core/entry.c

/** @param {string | null} place without folders and without what stands behind it */
const short = (place) => place?.split('\n')[0].split(/[\\/]/).pop() ?? null;

/** @param {Record<string, Function>} exports @param {import('../host/memory.js').Memory} memory @returns {TaskInfo[]} */
export function listTasks(exports, memory) {
  const count = exports.wio__tasks(0, 0);
  const at = exports.wio__malloc(Math.max(count, 1) * SIZE);
  if (!at) return [];
  exports.wio__tasks(at, count);
  const tasks = Array.from({ length: count }, (_, i) => {
    const [id, parent, state, cancels, name, created, where, kind] = Array.from({ length: 8 }, (__, k) => memory.u32(at + i * SIZE + 4 * k));
    const origin = memory.text(created);
    return {
      id,
      name: memory.text(name) ?? '',
      parent: parent || null,
      state: STATES[state],
      waitsFor: memory.text(kind),
      where: short(memory.text(where)),
      created: short(origin),
      coroutine: origin?.split('\n')[1]?.split(/[,(]/)[0] ?? null,
      cancelling: cancels > 0,
    };
  });
  exports.wio__free(at);
  return tasks;
}
