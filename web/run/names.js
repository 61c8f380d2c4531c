/** What things are called: tasks by what they run, semaphores and groups by the variable in the source. */

/** @typedef {import('./recording.js').Recording} Recording */

/** The sources of a run, by file name. @type {WeakMap<Recording, Record<string, string[]>>} */
const sources = new WeakMap();

/** @type {WeakMap<Recording, Map<number, string>>} */
const names = new WeakMap();

/** @param {Recording} run @param {Record<string, string>} files */
export function setSources(run, files) {
  sources.set(run, Object.fromEntries(Object.entries(files).map(([name, text]) => [name, text.split('\n')])));
  names.delete(run);
}

/** @param {Recording} run @param {string} place "main.c:12" */
export function lineAt(run, place) {
  const [file, line] = place.split(':');
  return sources.get(run)?.[file]?.[Number(line) - 1] ?? '';
}

const CALL = /\b(?:wio_(?:semaphore|lock|event|condition|queue|barrier|future)_\w+|WIO_WITH_\w+)\(&?((?:\w+(?:->|\.))*\w+)/;

/** "limit"; "semaphore 2" if the source does not tell. @param {Recording} run @param {number} object */
export function objectName(run, object) {
  let known = names.get(run);
  if (!known) names.set(run, (known = new Map()));
  const found = known.get(object);
  if (found) return found;
  const shared = run.shared.get(object);
  const scope = run.scopes.get(object);
  const kept = scope ? groupName(run, scope) : shared ? sharedName(run, shared) : '';
  if (kept) known.set(object, kept);
  return kept || 'it';
}

/** @param {Recording} run @param {import('./recording.js').Scope} scope */
function groupName(run, scope) {
  const name = /\bWIO_TASK_GROUP(?:_WITH)?\((\w+)/.exec(lineAt(run, scope.place))?.[1];
  return scope.what !== 'group' ? scope.what : name ? `group ${name}` : 'the group';
}

/** The same name at its first places, else there is none. @param {Recording} run @param {import('./recording.js').Shared} shared */
function sharedName(run, { id, what, changes }) {
  for (let i = 0; i < Math.min(changes.length, 8); i++) {
    const line = lineAt(run, run.texts[run.place[changes.data[i]]]);
    const name = CALL.exec(line)?.[1];
    if (name && new RegExp(what.split(' ')[0], 'i').test(line)) return name;
  }
  return `${what} ${id}`;
}

/** @param {Recording} run @param {number} id */
export function labelOf(run, id) {
  const task = run.tasks[id];
  if (!task) return id ? `task ${id}` : 'the host';
  if (!/^Task-\d+$/.test(task.name)) return task.name;
  if (task.parent === 0 && task.created === 0) return 'main';
  return task.coroutine ? `${task.coroutine}${run.countOf(task.coroutine) > 1 ? ` #${task.ordinal}` : ''}` : task.name;
}

/** A label in its parts, for a narrow gutter. @param {Recording} run @param {number} id @returns {[name: string, number: string]} */
export function labelParts(run, id) {
  const [name, number = ''] = labelOf(run, id).split(' #');
  return [name, number && `#${number}`];
}

/** A URL without what is the same for all: the simulated server's origin. @param {string} url */
export const shortUrl = (url) => url.replace(/^https?:\/\/(?:server|api)\.example(?=\/)/, '');
