/** Arrows: cause and effect share an instant, so they are vertical. A wake from the host has none, it comes from outside. */
import { CANCEL, CREATED, END, RUN, WAIT, WAKE } from '../run/events.js';
import { HOST, JOIN, SLEEP } from '../run/states.js';
import { head } from './marks.js';

/** @typedef {import('./scene.js').Scene} Scene */
/** @typedef {import('./palette.js').Colours} Colours */

const MOST = 30_000; // events in view of which all arrows are drawn
const NEAR = 4; // px
const LOW = 18; // px: in lower lanes only what is pointed at has arrows, and cancels

/** @param {Scene} scene @returns {[first: number, last: number]} events in view */
const inView = ({ run, scale }) => [Math.max(0, scale.eventBehind(-40)), Math.min(run.count - 1, scale.eventBehind(scale.width + 40))];

/** @param {CanvasRenderingContext2D} g @param {Scene} scene @param {Colours} c */
export function drawArrows(g, scene, c) {
  const { run, scale, lanes, hot } = scene;
  const [first, last] = inView(scene);
  if (last - first > MOST) return;
  const all = lanes.lane >= LOW;
  const spawns = run.order.length <= 40;
  let stem = { by: -1, x: NaN };
  let wakes = { by: -1, x: NaN };
  for (let e = first; e <= last; e++) {
    const kind = run.kind[e];
    if (kind === RUN) stem = { by: -1, x: NaN };
    if (kind !== CREATED && kind !== WAKE && kind !== CANCEL) continue;
    const [task, by] = [run.task[e], run.by[e]];
    if (!by || by === task || lanes.rows[lanes.rowOf(task)]?.field) continue;
    if (kind === CANCEL) {
      // One stem for all that a group cancels at once.
      if (stem.by !== by || run.current[e]) stem = { by, x: scale.after(e) };
      cancel(g, scene, c, by, task, stem.x);
      continue;
    }
    if (!all || (kind === CREATED && !spawns)) continue;
    let x = scale.after(e);
    if (kind === WAKE) {
      // An event that wakes many has one stem, unless they are told apart.
      if (wakes.by === by && x - wakes.x < NEAR) x = wakes.x;
      else wakes = { by, x };
    }
    arrow(g, scene, c, e, x, hot === 0 || hot === task || hot === by);
  }
}

/** Those of one task, where the others have none. @param {CanvasRenderingContext2D} g @param {Scene} scene @param {Colours} c @param {number} task */
export function drawArrowsOf(g, scene, c, task) {
  const { run, lanes } = scene;
  const [first, last] = inView(scene);
  const events = run.tasks[task]?.events;
  if (!events || (lanes.lane >= LOW && last - first <= MOST)) return;
  const from = events.upTo(first - 1);
  for (let i = from; i < events.length && events.data[i] <= last && i - from < 2000; i++) {
    const e = events.data[i];
    if (run.by[e] && run.by[e] !== task && (run.kind[e] === CREATED || run.kind[e] === WAKE)) arrow(g, scene, c, e, scene.scale.after(e), true);
  }
}

/** @param {CanvasRenderingContext2D} g @param {Scene} scene @param {number} by @param {number} task @returns {[from: number, tip: number, down: 1 | -1] | undefined} */
function stemOf(g, { lanes, laneY }, by, task) {
  const [a, b] = [laneY(lanes.middle(by)), laneY(lanes.middle(task))];
  if (Number.isNaN(a) || Number.isNaN(b)) return undefined;
  const down = b > a ? 1 : -1;
  return [a + down * (lanes.bar / 2 + 2), b - down * (lanes.bar / 2 - 1), down];
}

/** @param {CanvasRenderingContext2D} g @param {Scene} scene @param {Colours} c @param {number} by @param {number} task @param {number} x */
function cancel(g, scene, c, by, task, x) {
  const stem = stemOf(g, scene, by, task);
  if (!stem) return;
  const [from, tip, down] = stem;
  line(g, c.fail, 1.4, x, from, tip - 3 * down, [3, 2]);
  g.fillStyle = c.fail;
  head(g, x, tip + down, down, 3);
}

/** @param {CanvasRenderingContext2D} g @param {Scene} scene @param {Colours} c @param {number} event @param {number} x @param {boolean} strong */
function arrow(g, scene, c, event, x, strong) {
  const { run } = scene;
  const [kind, task, by] = [run.kind[event], run.task[event], run.by[event]];
  const stem = stemOf(g, scene, by, task);
  if (!stem) return;
  const [from, tip, down] = stem;
  if (kind === CREATED) {
    g.globalAlpha = 0.42 * Math.min(1, scene.scale.cell / 2.2); // many side by side must not become a block
    line(g, c['ink-3'], 0.8, x, from, tip - 2 * down);
    g.globalAlpha = 1;
    g.fillStyle = c['ink-3'];
    return head(g, x, tip, down, 2);
  }
  if (run.value[event] < 0 && isCancelled(run, event)) return; // the cancel has the arrow
  const colour = colourOf(run, event, c);
  g.globalAlpha = strong ? 1 : 0.8;
  line(g, colour, 1.4, x, from, tip - 3 * down);
  g.fillStyle = colour;
  head(g, x, tip + down, down, 3);
  g.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} g @param {string} colour @param {number} width @param {number} x @param {number} from @param {number} to @param {number[]} [dash] */
function line(g, colour, width, x, from, to, dash = []) {
  g.strokeStyle = colour;
  g.lineWidth = width;
  g.setLineDash(dash);
  g.beginPath();
  g.moveTo(x, from);
  g.lineTo(x, to);
  g.stroke();
  if (dash.length) g.setLineDash([]);
}

/** The colour of the wait that a wake ends. @param {import('../run/recording.js').Recording} run @param {number} event @param {Colours} c */
function colourOf(run, event, c) {
  const { events } = run.tasks[run.task[event]];
  for (let i = events.upTo(event) - 1; i >= 0; i--) {
    const e = events.data[i];
    if (run.kind[e] === RUN) break;
    if (run.kind[e] !== WAIT) continue;
    const state = run.stateOfWait(e);
    return state === JOIN ? c['ink-3'] : state === HOST ? c.fetch : state === SLEEP ? c.sleep : c.sema;
  }
  return c['ink-3'];
}

/** @param {import('../run/recording.js').Recording} run @param {number} event */
function isCancelled(run, event) {
  for (let e = event - 1; e >= 0 && event - e < 8 && run.kind[e] !== RUN && run.kind[e] !== END; e--) {
    if (run.kind[e] === CANCEL && run.task[e] === run.task[event]) return true;
  }
  return false;
}
