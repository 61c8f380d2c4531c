/**
 * The live tasks as a table, again and again: on a terminal in its place, otherwise once a second as text.
 * @typedef {import('../node.js').App} App
 * @typedef {import('../node.js').TaskInfo} TaskInfo
 */

const TERMINAL = 250; // ms
const OTHERWISE = 1000;
const TITLES = ['id', 'name', 'coroutine', 'state', 'at', 'since', 'age', 'awaits'];

/** @param {number | undefined} time */
const seconds = (time) => (time === undefined ? '' : `${time.toFixed(1)} s`);

/** @param {TaskInfo} task */
function row({ id, name, coroutine, state, waitsFor, object, where, waiting, age, awaits = [], cancelling }) {
  const what = state === 'waiting' ? `${waitsFor}${object ? ` (${object})` : ''}` : state;
  const awaited = awaits.length > 6 ? `${awaits.slice(0, 5).join(' ')} … ${awaits.length}` : awaits.join(' ');
  return [String(id), name, coroutine ?? '', cancelling ? `cancelling, ${what}` : what, where ?? '', state === 'waiting' ? seconds(waiting) : '', seconds(age), awaited];
}

/** @param {TaskInfo[]} tasks @param {number} most rows */
export function table(tasks, most = Infinity) {
  const rows = [TITLES, ...tasks.slice(0, most).map(row)];
  const widths = TITLES.map((_, i) => Math.max(...rows.map((cells) => cells[i].length)));
  const lines = rows.map((cells) => cells.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd());
  if (tasks.length > most) lines.push(`… and ${tasks.length - most} more`);
  return `${lines.join('\n')}\n`;
}

/** @param {App} app @returns {() => void} ends it */
export function watchTasks(app) {
  const out = process.stderr;
  const live = out.isTTY === true;
  let shown = 0;
  let told = false;
  const show = () => {
    const tasks = app.tasks();
    if (!tasks.length) return;
    if (!told && tasks[0].age === undefined) out.write('wasyncio: since when tasks wait, how old they are and whom they await is told of modules built with -O2 (the default), not -Os or -Oz\n');
    told = true;
    const text = table(tasks, live ? Math.max((out.rows ?? 24) - 4, 1) : Infinity);
    const lines = live ? text.split('\n').map((line) => line.slice(0, (out.columns ?? 80) - 1)).join('\n') : text;
    out.write(live ? `${shown ? `\x1b[${shown}A` : ''}\x1b[J${lines}` : `${lines}\n`);
    shown = lines.split('\n').length - 1;
  };
  const timer = setInterval(show, live ? TERMINAL : OTHERWISE);
  timer.unref();
  show();
  return () => {
    clearInterval(timer);
    show();
  };
}
