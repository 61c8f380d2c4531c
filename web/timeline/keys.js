/** The keyboard of the timeline. */

const PAGE = 10; // lanes

/** @param {import('./main.js').Timeline} timeline @returns {(event: KeyboardEvent) => boolean} true: the key did something */
export function keysOf(timeline) {
  const { view } = timeline;
  /** @param {number} by lanes */
  const select = (by) => {
    const { rows } = timeline.lanes;
    if (!rows.length) return;
    const { lanes } = timeline;
    const now = lanes.rowOf(view.selected);
    const field = rows[now]?.field;
    const inField = field ? field.indexOf(view.selected) + by : -1;
    if (field && inField >= 0 && inField < field.length) return choose(field[inField]);
    const next = rows[Math.max(0, Math.min(rows.length - 1, now < 0 ? (by > 0 ? 0 : rows.length - 1) : now + by))];
    choose(next.task || (by > 0 ? next.field?.[0] : next.field?.at(-1)) || 0);
  };
  const choose = (/** @type {number} */ task) => {
    view.select(task, { pin: view.pinned !== 0 });
    timeline.reveal(task);
  };
  const enter = () => {
    if (!view.selected) return;
    if (view.pinned !== view.selected) return view.select(view.selected, { pin: true });
    const place = view.moment.place(view.selected);
    if (place) view.show(place);
  };
  const escape = () => {
    if (!view.pinned) return false;
    view.pinned = 0;
    view.select(view.selected);
    return true;
  };

  /** @type {Record<string, (event: KeyboardEvent) => void | boolean>} */
  const keys = {
    ',': () => view.step(-1),
    '.': () => view.step(1),
    '<': () => view.stepTask(-1),
    '>': () => view.stepTask(1),
    '[': () => view.stepInstant(-1),
    ']': () => view.stepInstant(1),
    Home: () => view.start(),
    End: () => view.end(),
    ' ': () => timeline.player.toggle(),
    ArrowUp: () => select(-1),
    ArrowDown: () => select(1),
    PageUp: () => select(-PAGE),
    PageDown: () => select(PAGE),
    ArrowLeft: () => timeline.fold(view.selected),
    ArrowRight: () => timeline.open(view.selected, true),
    Enter: enter,
    Escape: escape,
    x: () => view.live && view.selected ? view.cancel(view.selected) : false,
    '+': () => timeline.zoom(1),
    '=': () => timeline.zoom(1),
    '-': () => timeline.zoom(-1),
    0: () => timeline.zoom(0),
  };
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const on = event.target instanceof Element ? event.target.closest('button, input, select, textarea, a, [contenteditable]') : null;
    if (on && (event.key === ' ' || event.key === 'Enter' || !on.matches('button, a'))) return false;
    const key = event.shiftKey && event.key === ',' ? '<' : event.shiftKey && event.key === '.' ? '>' : event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const does = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (!does) return false;
    if (key !== ' ') timeline.player.stop();
    return does(event) !== false;
  };
}
