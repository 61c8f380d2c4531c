/**
 * The tree of tasks at a moment. A row is a task, a group, or many tasks that are the same.
 * @typedef {{ kind: 'task', task: number, depth: number }
 *   | { kind: 'group', scope: import('./recording.js').Scope, depth: number, created: number, over: number }
 *   | { kind: 'many', state: number, tasks: number[], below: string, depth: number }} Row
 */
import { base } from './states.js';

const FOLDED = 200; // more equal tasks than this are one row for each state

/** @param {import('./moment.js').Moment} moment @returns {Row[]} */
export function treeOf(moment) {
  const { run, event } = moment;
  const living = new Set(moment.living);
  /** @type {Map<number, number[]>} */
  const children = new Map();
  /** @type {Map<number, import('./recording.js').Scope[]>} */
  const groups = new Map();
  /** @type {Row[]} */
  const rows = [];
  for (const task of living) {
    const { parent, group } = run.tasks[task];
    if (group && run.scopes.get(group)) continue; // below its group
    const above = living.has(parent) ? parent : 0;
    push(children, above, task);
  }
  for (const scope of run.scopes.values()) {
    if (scope.what !== 'group' || !scope.tasks.length || scope.entered > event || (scope.left >= 0 && scope.left <= event)) continue;
    push(groups, scope.task, scope);
  }
  const list = (/** @type {number[]} */ tasks, /** @type {string} */ below, /** @type {number} */ depth) => {
    if (tasks.length <= FOLDED) return tasks.forEach((task) => add(task, depth));
    /** @type {Map<number, number[]>} */
    const states = new Map();
    for (const task of tasks) {
      const state = base(moment.state(task));
      const same = states.get(state);
      if (same) same.push(task);
      else states.set(state, [task]);
    }
    for (const [state, same] of states) rows.push({ kind: 'many', state, tasks: same, below, depth });
  };
  const add = (/** @type {number} */ task, /** @type {number} */ depth) => {
    rows.push({ kind: 'task', task, depth });
    list(children.get(task) ?? [], `task-${task}`, depth + 1);
    for (const scope of groups.get(task) ?? []) {
      const created = scope.tasks.filter((child) => run.tasks[child].created <= event);
      const left = created.filter((child) => living.has(child));
      rows.push({ kind: 'group', scope, depth: depth + 1, created: created.length, over: created.length - left.length });
      list(left, `group-${scope.id}`, depth + 2);
    }
  };
  list(children.get(0) ?? [], 'main', 0);
  return rows;
}

/** @template T @param {Map<number, T[]>} lists @param {number} key @param {T} value */
function push(lists, key, value) {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
