/** The overview as a control: its brackets are dragged, what is between them is moved, and a press elsewhere is a seek. */
import { bracketsOf } from './overview.js';

const REACH = 12; // px on both sides of a bracket

/** @param {import('./main.js').Timeline} timeline */
export function listenToOverview(timeline) {
  const { canvas } = timeline.overview;
  const { scale, view } = timeline;
  /** @type {'from' | 'to' | 'both' | 'seek' | ''} */
  let drag = '';
  let last = 0;
  const at = (/** @type {PointerEvent} */ event) => event.clientX - canvas.getBoundingClientRect().left;
  const seek = (/** @type {number} */ v) => {
    const { event, time } = scale.position(scale.x(v));
    view.moveTo(event, time);
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (!view.run.count) return;
    const x = (last = at(event));
    const [from, to] = bracketsOf(scale);
    drag = Math.abs(x - from) <= REACH ? 'from' : Math.abs(x - to) <= REACH ? 'to' : scale.zoom > 1 && x > from && x < to ? 'both' : 'seek';
    canvas.setPointerCapture(event.pointerId);
    if (drag === 'seek') seek(x);
  });
  canvas.addEventListener('pointermove', (event) => {
    const x = at(event);
    const [from, to] = bracketsOf(scale);
    canvas.dataset.over = Math.abs(x - from) <= REACH || Math.abs(x - to) <= REACH ? 'bracket' : '';
    if (!drag) return;
    if (drag === 'seek') return seek(x);
    const [left, right] = [scale.v(0), scale.v(scale.width)];
    if (drag === 'from') scale.show(Math.min(x + 6, right - 4), right);
    else if (drag === 'to') scale.show(left, Math.max(x, left + 4));
    else {
      scale.pan += (x - last) * scale.zoom;
      scale.clamp();
    }
    last = x;
    timeline.redraw();
  });
  for (const type of ['pointerup', 'pointercancel']) canvas.addEventListener(type, () => (drag = ''));
}
