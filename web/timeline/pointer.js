/** Mouse, pen and fingers on the chart. Drag scrubs; Ctrl and wheel zoom at the pointer, Shift and wheel pan; two fingers do both. */

/** @typedef {import('./main.js').Timeline} Timeline */

const CLICK = 4; // px: less is no drag
const HOVER = 120; // ms before the card of a lane shows

/** @param {Timeline} timeline */
export function listenToPointer(timeline) {
  const { chart } = timeline;
  /** @type {Map<number, { x: number, y: number }>} */
  const fingers = new Map();
  let pressed = { x: 0, y: 0, label: false, moved: false, on: false };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let soon;

  const place = (/** @type {PointerEvent | WheelEvent} */ event) => {
    const box = chart.getBoundingClientRect();
    const x = event.clientX - box.left - (box.width - timeline.scale.width);
    return { x, y: event.clientY - box.top, label: x < 0 };
  };
  const taskAt = (/** @type {number} */ y) => (y < (timeline.scene?.lanesTop ?? 0) ? 0 : timeline.lanes.taskAt(timeline.lanesY(y)));

  chart.addEventListener('pointerdown', (event) => {
    if (event.button > 0 || isOutside(event)) return;
    const at = place(event);
    fingers.set(event.pointerId, at);
    pressed = { ...at, moved: false, on: fingers.size === 1 };
    if (at.label) return;
    chart.setPointerCapture(event.pointerId);
    if (event.pointerType === 'mouse') scrub(timeline, at.x);
  });

  chart.addEventListener('pointermove', (event) => {
    const at = place(event);
    const before = fingers.get(event.pointerId);
    if (before && fingers.size === 2) pinch(timeline, fingers, event.pointerId, at);
    if (before) fingers.set(event.pointerId, at);
    if (fingers.size > 1) pressed.on = false;
    if (before && pressed.on && !pressed.label) {
      if (Math.hypot(at.x - pressed.x, at.y - pressed.y) > CLICK) pressed.moved = true;
      if (pressed.moved || event.pointerType === 'mouse') scrub(timeline, at.x);
      return;
    }
    if (event.pointerType !== 'mouse' || isOutside(event)) return;
    const task = taskAt(at.y);
    timeline.view.hover(task);
    timeline.tip.at(task && !at.label ? at : undefined);
    clearTimeout(soon);
    if (at.label && task) soon = setTimeout(() => timeline.card.hover(task), HOVER);
    else timeline.card.hover(0);
  });

  const up = (/** @type {PointerEvent} */ event) => {
    const had = fingers.delete(event.pointerId);
    if (!had || !pressed.on || pressed.moved || event.type === 'pointercancel') return;
    pressed.on = false;
    const at = place(event);
    const task = taskAt(at.y);
    if (!at.label && event.pointerType !== 'mouse') scrub(timeline, at.x);
    if (task) timeline.view.select(task, { pin: at.label || event.pointerType !== 'mouse' });
    if (task && timeline.lanes.rows[timeline.lanes.rowOf(task)]?.field) timeline.open(task);
    if (at.label || at.y > (timeline.scene?.lanesTop ?? 0)) timeline.gutter.list.focus({ preventScroll: true });
  };
  chart.addEventListener('pointerup', up);
  chart.addEventListener('pointercancel', up);
  chart.addEventListener('pointerleave', () => {
    clearTimeout(soon);
    timeline.view.hover(0);
    timeline.card.hover(0);
    timeline.tip.at(undefined);
  });

  chart.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey && Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return; // lanes scroll
      event.preventDefault();
      const { scale } = timeline;
      const unit = event.deltaMode === 1 ? 16 : 1;
      if (event.ctrlKey || event.metaKey) scale.zoomBy(Math.exp((-event.deltaY * unit) / 240), place(event).x);
      else {
        scale.pan += (event.shiftKey ? event.deltaY + event.deltaX : event.deltaX) * unit;
        scale.clamp();
      }
      timeline.redraw();
    },
    { passive: false },
  );
}

/** Of the buttons in the chart. @param {Event} event */
const isOutside = (event) => event.target instanceof Element && !!event.target.closest('button');

/** @param {Timeline} timeline @param {number} x */
function scrub({ scale, view }, x) {
  if (!view.run.count) return;
  const { event, time } = scale.position(Math.max(0, Math.min(x, scale.width)));
  view.moveTo(event, time);
}

/** @param {Timeline} timeline @param {Map<number, { x: number, y: number }>} fingers @param {number} moved @param {{ x: number }} to */
function pinch(timeline, fingers, moved, to) {
  const { scale } = timeline;
  const from = /** @type {{ x: number }} */ (fingers.get(moved));
  const other = [...fingers].find(([id]) => id !== moved)?.[1];
  if (!other) return;
  const [before, after] = [Math.abs(from.x - other.x), Math.abs(to.x - other.x)];
  const middle = (to.x + other.x) / 2;
  scale.pan -= (to.x - from.x) / 2;
  if (before > 8 && after > 8) scale.zoomBy(after / before, middle);
  scale.clamp();
  timeline.redraw();
}
