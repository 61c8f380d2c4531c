/**
 * Which task has which lane. Tasks stand below those that made them, those of a group in a box; where there are too many,
 * the tasks of a group are a field: one tall row for all of them.
 */

/** @typedef {import('../run/recording.js').Recording} Recording */
/** @typedef {import('../run/recording.js').Scope} Scope */

/**
 * @typedef {object} Row
 * @property {number} task 0: a field
 * @property {number} top px from the first lane
 * @property {number} height
 * @property {number} depth
 * @property {number[] | undefined} field its tasks
 * @property {string} block whose tasks they are: for folding
 * @typedef {{ scope: Scope, first: number, last: number, top: number, bottom: number, depth: number }} Box rows, and px
 * @typedef {{ lane: number, bar: number, room: number }} Size px of a lane, of its bar, and of all lanes that are in view
 */

const MANY = 400; // tasks: more are fields
const BLOCK = 40; // tasks of one group, or of one parent, that are lanes even then
const GAP = 6;

export class Lanes {
  /** @type {Row[]} */
  rows = [];
  /** @type {Box[]} */
  boxes = [];
  height = 0;
  lane = 24;
  bar = 13;
  /** Row by task; -1: it has none. */
  #row = new Int32Array(0);
  /** Place in its field, by task. */
  #place = new Int32Array(0);
  /** Blocks that the user has folded or opened; an opened field may show only a part. @type {Map<string, 'folded' | 'open' | [from: number, to: number]>} */
  choices = new Map();
  /** @type {string} */
  #key = '';

  /** Of the lanes, by how many tasks there are. @param {number} tasks @param {Size} size */
  static measure(tasks, { lane, bar, room }) {
    if (tasks <= 40 || tasks > MANY) return { lane, bar };
    if (tasks <= 100) return { lane: 18, bar: 9 };
    const low = Math.max(6, Math.min(10, Math.floor(room / tasks)));
    return { lane: low, bar: low - 3 };
  }

  /** @param {Recording} run @param {Size} size @returns {boolean} whether anything has changed */
  build(run, size) {
    const key = `${run.order.length} ${run.scopes.size} ${size.lane} ${size.room} ${this.choices.size} ${[...this.choices].join()}`;
    if (key === this.#key) return false;
    this.#key = key;
    ({ lane: this.lane, bar: this.bar } = Lanes.measure(run.order.length, size));
    this.rows = [];
    this.boxes = [];
    const most = run.order.reduce((a, b) => Math.max(a, b), 0) + 1;
    this.#row = new Int32Array(most).fill(-1);
    this.#place = new Int32Array(most);
    const { children, groups } = blocksOf(run);
    let y = 0;
    const fieldHeight = Math.max(160, size.room - 3 * size.lane);
    /** @param {number[]} tasks @param {string} block @param {number} depth */
    const list = (tasks, block, depth) => {
      if (run.order.length <= MANY || tasks.length <= BLOCK) return part(tasks, block, depth);
      for (const [coroutine, same] of alike(run, tasks)) part(same, `${block} ${coroutine}`, depth); // a watchdog is not lost among workers
    };
    /** @param {number[]} tasks @param {string} block @param {number} depth */
    const part = (tasks, block, depth) => {
      const choice = this.choices.get(block) ?? (run.order.length > MANY && tasks.length > BLOCK ? 'folded' : 'open');
      const [from, to] = choice === 'open' ? [0, tasks.length] : choice === 'folded' ? [0, 0] : choice;
      const share = (/** @type {number} */ count) => Math.max(24, (fieldHeight * count) / tasks.length);
      if (from > 0) field(tasks.slice(0, from), block, depth, share(from));
      for (let i = from; i < to; i++) add(tasks[i], block, depth);
      if (to < tasks.length) field(tasks.slice(to), block, depth, share(tasks.length - to));
    };
    /** @param {number[]} tasks @param {string} block @param {number} depth @param {number} height */
    const field = (tasks, block, depth, height) => {
      tasks.forEach((task, i) => {
        this.#row[task] = this.rows.length;
        this.#place[task] = i;
      });
      this.rows.push({ task: 0, top: y, height, depth, field: tasks, block });
      y += height;
    };
    /** @param {number} task @param {string} block @param {number} depth */
    const add = (task, block, depth) => {
      this.#row[task] = this.rows.length;
      this.rows.push({ task, top: y, height: this.lane, depth, field: undefined, block });
      y += this.lane;
      list(children.get(task) ?? [], `task ${task}`, depth);
      for (const scope of groups.get(task) ?? []) {
        const first = this.rows.length;
        y += GAP;
        const top = y;
        list(scope.tasks, `group ${scope.id}`, depth + 1);
        this.boxes.push({ scope, first, last: this.rows.length - 1, top, bottom: y, depth: depth + 1 });
        y += GAP;
      }
    };
    list(children.get(0) ?? [], 'task 0', 0);
    this.height = y;
    return true;
  }

  /** @param {number} task */
  rowOf(task) {
    return this.#row[task] ?? -1;
  }

  /** The middle of a task's lane; NaN. @param {number} task */
  middle(task) {
    const row = this.rows[this.#row[task] ?? -1];
    if (!row) return NaN;
    if (!row.field) return row.top + row.height / 2;
    return row.top + ((this.#place[task] + 0.5) / row.field.length) * row.height;
  }

  /** The row at a height; -1. @param {number} y */
  at(y) {
    const row = this.after(y) - 1;
    return row >= 0 && y < this.rows[row].top + this.rows[row].height ? row : -1;
  }

  /** The first row that begins below a height. @param {number} y */
  after(y) {
    let [low, high] = [0, this.rows.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.rows[middle].top <= y) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The task at a height, also in a field; 0. @param {number} y */
  taskAt(y) {
    const row = this.rows[this.at(y)];
    if (!row?.field) return row?.task ?? 0;
    return row.field[Math.min(row.field.length - 1, Math.floor(((y - row.top) / row.height) * row.field.length))];
  }
}

/** By what they run. @param {Recording} run @param {number[]} tasks */
function alike(run, tasks) {
  /** @type {Map<string, number[]>} */
  const parts = new Map();
  for (const task of tasks) {
    const same = parts.get(run.tasks[task].coroutine);
    if (same) same.push(task);
    else parts.set(run.tasks[task].coroutine, [task]);
  }
  return parts;
}

/** Children outside of groups, by parent (0: none), and groups by the task that opened them. @param {Recording} run */
function blocksOf(run) {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  /** @type {Map<number, Scope[]>} */
  const groups = new Map();
  for (const scope of run.scopes.values()) {
    if (scope.what !== 'group' || !scope.tasks.length) continue;
    const of = run.tasks[scope.task] ? scope.task : 0;
    const list = groups.get(of);
    if (list) list.push(scope);
    else groups.set(of, [scope]);
  }
  for (const task of run.order) {
    const { group, parent } = run.tasks[task];
    if (run.scopes.get(group)?.what === 'group') continue;
    const of = run.tasks[parent] ? parent : 0;
    const list = children.get(of);
    if (list) list.push(task);
    else children.set(of, [task]);
  }
  return { children, groups };
}
