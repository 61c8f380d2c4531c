/** The tooltip of what the pointer is on: a request with its phases, a wait with its times, an end, an instant that is folded. */
import { element, symbol } from '../dom.js';
import { CANCELLED, DONE, FAILED, HOST, SHIELDED, base, glyphOf, wordOf } from '../run/states.js';
import { duration } from '../run/words.js';
import { labelOf, objectName, shortUrl } from '../run/names.js';
import { AXIS } from './axis.js';
import { Lens } from './lens.js';
import { eachSegment } from './segments.js';

/** @typedef {{ x: number, y: number }} Point px of the chart, right of the gutter */

const SLACK = 3; // px

export class Tip {
  root = element('div', { className: 'tl-pop tl-tip', hidden: true });
  lens;
  #timeline;
  /** @type {Point | undefined} */
  #point;
  #shown = '';

  /** @param {import('./main.js').Timeline} timeline */
  constructor(timeline) {
    this.#timeline = timeline;
    this.lens = new Lens(timeline);
    this.root.setAttribute('aria-hidden', 'true'); // the list, the card and the sentence say the same
  }

  /** @param {Point | undefined} point */
  at(point) {
    if (!point && !this.#point) return;
    this.#point = point;
    this.#timeline.update();
  }

  draw() {
    const point = this.#point ?? this.#selectedInField();
    const { scene, chart, root } = this.#timeline;
    const made = point && scene && this.#content(point);
    this.root.hidden = !made;
    this.lens.frame = made && made.lens ? made.lens : undefined;
    if (!point || !scene || !made) return void (this.#shown = '');
    if (made.key !== this.#shown) this.root.replaceChildren(...made.parts());
    this.#shown = made.key;
    made.after?.();
    const gutter = chart.clientWidth - scene.scale.width;
    const left = Math.min(gutter + point.x + 14, chart.clientWidth - this.root.offsetWidth - 8);
    const under = chart.offsetTop + made.bottom + 6;
    const above = chart.offsetTop + made.top - 6 - this.root.offsetHeight;
    this.root.style.left = `${Math.max(8, left)}px`;
    this.root.style.top = `${under + this.root.offsetHeight <= root.clientHeight || above < 0 ? under : above}px`;
  }

  /** The lens follows the keyboard. @returns {Point | undefined} */
  #selectedInField() {
    const { view, lanes, scene, scale, gutter } = this.#timeline;
    if (!scene || !view.selected || document.activeElement !== gutter.list || !lanes.rows[lanes.rowOf(view.selected)]?.field) return undefined;
    const { ended } = view.run.tasks[view.selected];
    const x = Math.min(scale.headX(view.position), ended < 0 ? Infinity : scale.after(ended));
    return { x: Math.max(0, Math.min(x, scale.width)), y: scene.laneY(lanes.middle(view.selected)) };
  }

  /**
   * @param {Point} point
   * @returns {{ key: string, top: number, bottom: number, parts: () => Node[], after?: () => void, lens?: import('./lens.js').Frame } | undefined}
   */
  #content({ x, y }) {
    const { scene, lanes, scale, view } = this.#timeline;
    if (!scene) return undefined;
    const { run } = view;
    if (y < AXIS) return this.#instant(x);
    if (y < scene.lanesTop) return undefined;
    const row = lanes.rows[lanes.at(this.#timeline.lanesY(y))];
    if (!row) return undefined;
    const place = { top: scene.laneY(row.top), bottom: scene.laneY(row.top + row.height) };
    if (row.field) return this.lens.content(row, x, y);
    const { ended } = run.tasks[row.task];
    if (ended >= 0 && Math.abs(scale.after(ended) + 9 - x) <= 12) return { key: `end ${row.task}`, ...place, parts: () => this.#end(row.task) };
    /** @type {import('./segments.js').Segment | undefined} */
    let found;
    eachSegment(run, scale, row.task, x - SLACK, x + SLACK, (segment) => {
      if (segment.x0 - SLACK > x || segment.x1 + SLACK < x) return;
      if (!found || (segment.x0 <= x && segment.x1 >= x)) found = segment;
    });
    const segment = found;
    if (!segment) return undefined;
    const operation = segment.state === HOST ? this.#operation(row.task, segment) : undefined;
    if (operation) return { key: `op ${operation.id} ${operation.seen}`, ...place, parts: () => request(run, operation) };
    return { key: `segment ${row.task} ${segment.from} ${segment.to}`, ...place, parts: () => this.#segment(segment) };
  }

  /** @param {number} x */
  #instant(x) {
    const { scale, view } = this.#timeline;
    const { run } = view;
    const n = scale.instantsUpTo(x + SLACK) - 1;
    if (n < 0 || scale.cell >= 1) return undefined;
    const [from, to] = [run.instants.data[n], n + 1 < run.instants.length ? run.instants.data[n + 1] : run.count];
    if (scale.x(scale.start[n] + scale.band[n]) < x - SLACK || to - from < 2) return undefined;
    const text = `${(to - from).toLocaleString('en-GB')} events at ${duration(run.time[from])}, zoom in to unfold`;
    return { key: `instant ${n}`, top: 0, bottom: AXIS, parts: () => [element('div', {}, text)] };
  }

  /** The request that a wait is for. @param {number} task @param {import('./segments.js').Segment} segment */
  #operation(task, { from, wait }) {
    const { run } = this.#timeline.view;
    const queued = run.queued.get(wait);
    if (queued) return queued;
    /** @type {import('../run/recording.js').Operation | undefined} */
    let last;
    for (const operation of run.operations.values()) {
      if (operation.what !== 'fetch' || operation.task !== task || operation.started > from) continue;
      if (wait >= 0 && run.texts[run.more[wait]] !== operation.name) continue;
      if (!last || operation.started > last.started) last = operation;
    }
    return last;
  }

  /** @param {import('./segments.js').Segment} segment */
  #segment({ state, shielded, from, to, wait }) {
    const { run } = this.#timeline.view;
    const full = shielded ? state | SHIELDED : state;
    const until = to < 0 ? Math.max(run.duration, this.#timeline.scale.end) : run.time[to];
    const what = wait < 0 ? wordOf(state) : this.#waitsFor(wait, state);
    const place = run.texts[run.place[wait < 0 ? from : wait]];
    return [
      element('div', { className: 'tl-first' }, element('span', {}, symbol(`g-${glyphOf(full)}`, 'tl-g'), shielded ? `${what}, shielded` : what), element('b', {}, duration(until - run.time[from]))),
      element('div', { className: 'tl-second' }, element('span', {}, `${time(run.time[from])} to ${duration(until)}`), place ? element('code', {}, place) : ''),
    ];
  }

  /** @param {number} wait @param {number} state */
  #waitsFor(wait, state) {
    const { run } = this.#timeline.view;
    const tasks = run.awaits.get(wait) ?? [];
    if (run.object[wait]) return `waits for ${objectName(run, run.object[wait])}`;
    if (tasks.length) return `waits for ${tasks.length === 1 ? labelOf(run, tasks[0]) : `${tasks.length} tasks`}`;
    return state === HOST ? `waits for ${run.texts[run.text[wait]]}` : wordOf(state);
  }

  /** @param {number} task */
  #end(task) {
    const { run } = this.#timeline.view;
    const { ended } = run.tasks[task];
    const state = base(run.after[ended]);
    const [error, message] = [run.texts[run.text[ended]], run.texts[run.more[ended]].trim()];
    const how = state === DONE ? `returns ${run.value[ended]}` : state !== FAILED ? wordOf(state) : `-${error || -run.value[ended]}${message ? `, “${message}”` : ''}`;
    return [element('div', { className: 'tl-first' }, element('span', {}, symbol(`g-${glyphOf(state)}`, 'tl-g'), how), element('b', {}, duration(run.time[ended])))];
  }
}

/** Without its unit. @param {number} ms */
const time = (ms) => duration(ms).replace(/ \w+$/, '');

/** @param {import('../run/recording.js').Recording} run @param {import('../run/recording.js').Operation} operation */
function request(run, { name, started, sent, answered, last, status }) {
  const began = run.time[started];
  const end = last >= 0 ? run.time[last] : run.duration;
  const how = last >= 0 ? run.texts[run.text[last]] : '';
  const head = answered >= 0 ? run.time[answered] : end;
  const given = sent >= 0 ? run.time[sent] : head;
  const [queued, first, body] = [given - began, head - given, answered >= 0 ? end - head : 0];
  const bar = element('div', { className: 'tl-bar' }, ...(queued > 0 ? [part('tl-queued-part', queued)] : []), part('tl-head-part', first), ...(body > 0 ? [part('tl-body-part', body)] : []));
  const phase = (/** @type {string} */ kind, /** @type {string} */ word, /** @type {number} */ ms) => element('span', {}, element('i', { className: kind }), word, ' ', element('b', {}, time(ms)));
  const result = how === 'aborted' ? ['aborted after'] : how === 'failed' ? ['failed after'] : answered < 0 ? [sent < 0 ? 'queued for' : 'waiting for'] : [element('b', {}, String(status)), ' in'];
  return [
    element('div', { className: 'tl-first' }, element('code', {}, `GET ${shortUrl(name)}`), element('span', {}, ...result, ` ${duration(end - began)}`)),
    bar,
    element('div', { className: 'tl-phases' }, phase('tl-queued-part', 'queued', queued), phase('tl-head-part', 'first byte', first), phase('tl-body-part', 'body', body)),
  ];
}

/** @param {string} className @param {number} ms */
function part(className, ms) {
  const made = element('i', { className });
  made.style.flexGrow = String(Math.max(ms, 0.001));
  return made;
}
