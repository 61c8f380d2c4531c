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
  shared.delete(run);
}

const DECLARES = /\bwio_(?:semaphore|queue)\s+(\w[\w\s,[\]]*?)\s*[;={]|\bwio_session_open\(/g;

/** How many semaphores and queues the source has, before any of them is used: their counters need room. @param {Recording} run */
export function countersIn(run) {
  const text = Object.values(sources.get(run) ?? {}).map((lines) => lines.join('\n')).join('\n');
  return [...text.matchAll(DECLARES)].reduce((sum, [, names = '']) => sum + names.split(',').reduce((all, name) => all + (Number(/\[(\d+)\]/.exec(name)?.[1]) || 1), 0), 0);
}

/** @param {Recording} run @param {string} place "main.c:12" */
export function lineAt(run, place) {
  const [file, line] = place.split(':');
  return sources.get(run)?.[file]?.[Number(line) - 1] ?? '';
}

const MAKES = /\bwio_(?:semaphore|lock|event|condition|queue|barrier|future)_init\w*\(\s*&?\s*(\w+(?:\[[^\]]*\])?(?:(?:->|\.)\w+(?:\[[^\]]*\])?)*)/;
const SESSION = /\bwio_session_(\w+)\(\s*&?\s*((?:\w+(?:->|\.))*\w+)/;
const CALL = /\b(?:wio_(?:semaphore|lock|event|condition|queue|barrier|future)_\w+|WIO_WITH_\w+)\(&?((?:\w+(?:->|\.))*\w+)/;

/** "limit"; "semaphore 2" if the source does not tell. @param {Recording} run @param {number} object */
export function objectName(run, object) {
  if (run.shared.has(object)) return sharedName(run, object);
  let known = names.get(run);
  if (!known) names.set(run, (known = new Map()));
  const found = known.get(object);
  if (found) return found;
  const scope = run.scopes.get(object);
  const kept = scope ? groupName(run, scope) : '';
  if (kept) known.set(object, kept);
  return kept || 'it';
}

/** @param {Recording} run @param {import('./recording.js').Scope} scope */
function groupName(run, scope) {
  const name = /\bWIO_TASK_GROUP(?:_WITH)?\((\w+)/.exec(lineAt(run, scope.place))?.[1];
  return scope.what !== 'group' ? scope.what : name ? `group ${name}` : 'the group';
}

/** @type {WeakMap<Recording, { size: number, names: Map<number, string> }>} */
const shared = new WeakMap();

/** Those of a name are told apart by their order. @param {Recording} run @param {number} id */
function sharedName(run, id) {
  let known = shared.get(run);
  if (known?.size !== run.shared.size) {
    /** @type {Map<string, number[]>} */
    const alike = new Map();
    for (const each of run.shared.values()) {
      const name = ownName(run, each) || each.what;
      const ids = alike.get(name);
      if (ids) ids.push(each.id);
      else alike.set(name, [each.id]);
    }
    known = { size: run.shared.size, names: new Map() };
    for (const [name, ids] of alike) ids.forEach((each, i) => known?.names.set(each, ids.length > 1 ? `${name} #${i}` : name));
    shared.set(run, known);
  }
  return known.names.get(id) ?? '';
}

/** The two lines of a place, since a call may go on. @param {Recording} run @param {number} event */
function wordsAt(run, event) {
  const [file, line] = run.texts[run.place[event]].split(':');
  return `${lineAt(run, `${file}:${line}`)} ${lineAt(run, `${file}:${Number(line) + 1}`)}`;
}

/** Where it is made its own name stands; elsewhere maybe that of a parameter. @param {Recording} run @param {import('./recording.js').Shared} shared */
function ownName(run, { what, made, changes }) {
  if (made >= 0) {
    const words = wordsAt(run, made);
    const name = MAKES.exec(words)?.[1];
    if (name) return name.replace(/\[[^\]]*\]/g, '');
    const session = SESSION.exec(words);
    if (session) return session[1] === 'open' ? session[2] : `${session[2]}, a host`;
  }
  for (let i = 0; i < Math.min(changes.length, 8); i++) {
    const line = lineAt(run, run.texts[run.place[changes.data[i]]]);
    const name = CALL.exec(line)?.[1];
    if (name && new RegExp(what.split(' ')[0], 'i').test(line)) return name;
  }
  return '';
}

/** @param {Recording} run @param {number} id */
export function labelOf(run, id) {
  const task = run.tasks[id];
  if (!task) return id ? `task ${id}` : 'the host';
  if (!/^Task-\d+$/.test(task.name)) return task.name;
  if (id === run.order[0] && task.parent === 0) return 'main';
  return task.coroutine ? `${task.coroutine}${run.countOf(task.coroutine) > 1 ? ` #${task.ordinal}` : ''}` : task.name;
}

/** A label in its parts, for a narrow gutter. @param {Recording} run @param {number} id @returns {[name: string, number: string]} */
export function labelParts(run, id) {
  const [name, number = ''] = labelOf(run, id).split(' #');
  return [name, number && `#${number}`];
}

/** A URL without what is the same for all: the simulated server's origin. @param {string} url */
export const shortUrl = (url) => url.replace(/^https?:\/\/(?:server|api)\.example(?=\/)/, '');
