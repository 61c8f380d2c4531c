/** The keys of lanes. Those of the playhead are the page's (web/keys.js), which has had its turn before. */

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
  const escape = () => {
    if (!view.pinned) return false;
    view.pinned = 0;
    view.select(view.selected);
    return true;
  };

  /** @type {Record<string, () => void | boolean>} */
  const keys = {
    ArrowUp: () => select(-1),
    ArrowDown: () => select(1),
    PageUp: () => select(-PAGE),
    PageDown: () => select(PAGE),
    ArrowLeft: () => timeline.fold(view.selected),
    ArrowRight: () => timeline.open(view.selected, true),
    Escape: escape,
  };
  return (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.target instanceof Element && event.target.closest('input, select, textarea')) return false;
    const does = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    return !!does && does() !== false;
  };
}
