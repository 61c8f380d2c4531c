/** The thread: there is one, and it is drawn as one line of ink that steps from lane to lane through all that runs. */
import { END, PAUSE, RUN } from '../run/events.js';

/** @typedef {import('./scene.js').Scene} Scene */

const MOST = 30_000; // events in view; more are a blur

/** @param {CanvasRenderingContext2D} g @param {Scene} scene */
export function drawThread(g, scene) {
  const { run, scale, palette } = scene;
  const first = Math.max(0, scale.eventBehind(0) - 1);
  const last = Math.min(run.count - 1, scale.eventBehind(scale.width));
  if (last - first > MOST || scale.cell < 0.3) return;
  let [before, at] = [0, -1]; // who ran last, and the event at which that ended
  g.strokeStyle = palette.fade('now', 0.6);
  g.lineWidth = 1;
  g.beginPath();
  for (let e = first; e <= last; e++) {
    const kind = run.kind[e];
    if (kind === RUN) {
      const task = run.task[e];
      const eager = e > 0 && run.current[e - 1] !== 0;
      const from = eager ? run.current[e - 1] : before;
      if (from && from !== task && (eager || (at >= 0 && run.time[at] === run.time[e]))) step(g, scene, from, task, scale.before(e));
    } else if ((kind === PAUSE || kind === END) && e > 0 && run.current[e - 1] === run.task[e]) {
      if (run.current[e]) step(g, scene, run.task[e], run.current[e], scale.after(e));
      before = run.task[e];
      at = e;
    }
  }
  g.stroke();
}

/** @param {CanvasRenderingContext2D} g @param {Scene} scene @param {number} from @param {number} to @param {number} x */
function step(g, { lanes, laneY }, from, to, x) {
  const [a, b] = [laneY(lanes.middle(from)), laneY(lanes.middle(to))];
  if (Number.isNaN(a) || Number.isNaN(b)) return;
  g.moveTo(x, a);
  g.lineTo(x, b);
}
