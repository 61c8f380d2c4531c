/**
 * The timeline: draws a view's run on canvas, and moves its playhead and its selection. README.md of web/run/ tells what a
 * view is; the files beside this one each draw one thing of a Scene.
 */
import { Card } from './card.js';
import { MARGIN } from './field.js';
import { Frames } from './frames.js';
import { Gutter } from './gutter.js';
import { Head } from './head.js';
import { keysOf } from './keys.js';
import { Lanes } from './lanes.js';
import { Layers, headLabel } from './layers.js';
import { Census, Overview } from './overview.js';
import { listenToOverview } from './brackets.js';
import { readPalette } from './palette.js';
import { element } from '../dom.js';
import { listenToPointer } from './pointer.js';
import { Scale } from './scale.js';
import { Tip } from './tip.js';
import { TOP, stuckAt } from './scene.js';
import { tracksOf, SHOWN } from './counters.js';
import { Key } from './key.js';
import { picture } from '../run/narrate.js';
import { countersIn } from '../run/names.js';
import { namesWidth } from './names-width.js';
import { AXIS } from './axis.js';

/** @typedef {import('../run/view.js').View} View */
/** @typedef {import('./scene.js').Scene} Scene */

const OVERVIEW = 34;
const BOTTOM = 12;
const SHARE = 5; // of the time of a live run, one part at most goes into laying it out
const HEAVY = 100_000; // events: laying them out takes two frames
const WORK = 12; // ms of a frame for pictures of fields
const QUIET = 400; // ms without a change: then it is said in words
const FEW = 100; // tasks: the arrows of others recede while a lane is pointed at

export class Timeline {
  view;
  scale = new Scale();
  lanes = new Lanes();
  root = element('div', { className: 'tl' });
  chart = element('div', { className: 'tl-chart' });
  scroller = element('div', { className: 'tl-scroll', tabIndex: -1 });
  /** Are all counters shown? */
  allTracks = false;
  /** @type {Scene | undefined} */
  scene;
  gutter = new Gutter();
  layers = new Layers();
  overview = new Overview();
  census = new Census();
  head;
  card;
  tip;
  #spacer = element('div', { className: 'tl-spacer' });
  #box = element('div', { className: 'tl-box' });
  #key = new Key();
  #probe = element('i', { hidden: true });
  /** @type {import('./palette.js').Palette | undefined} */
  #palette;
  #laidOut = 0;
  /** ms that the last layout took, with its drawing */
  #cost = 0;
  #selected = 0;
  /** Lanes are laid out, their axis not yet. */
  #half = false;
  /** Something has changed since then. */
  #again = false;
  /** ms that this took */
  #before = 0;
  /** Counters that the source lets expect. */
  #coming = 0;
  #stale = true;
  #frames;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #naming;

  /** @param {HTMLElement} host @param {View} view */
  constructor(host, view) {
    this.view = view;
    this.#frames = new Frames(() => this.#frame());
    this.head = new Head(this);
    this.card = new Card(this);
    this.tip = new Tip(this);
    this.#build(host);
    this.#listen(host);
    this.layout();
  }

  /** @param {HTMLElement} host */
  #build(host) {
    host.classList.add('tl-host');
    this.layers.picture.setAttribute('role', 'img');
    this.layers.head.setAttribute('aria-hidden', 'true');
    this.#name();
    this.overview.canvas.setAttribute('aria-hidden', 'true'); // the chart's name tells the same
    const sticky = element('div', { className: 'tl-sticky' }, this.gutter.list);
    this.scroller.append(sticky, this.#spacer);
    this.#box.append(this.layers.picture, this.layers.head);
    this.chart.append(this.head.root, this.#box, this.scroller, this.head.chips);
    this.root.append(
      element('div', { className: 'tl-overview' }, element('div', { className: 'tl-lab' }, 'All tasks'), this.overview.canvas),
      this.chart,
      this.#key.root,
      this.card.root,
      this.tip.root,
      this.#probe,
    );
    host.append(this.root);
  }

  /** @param {HTMLElement} host */
  #listen(host) {
    const { view } = this;
    view.addEventListener('run', () => this.#open());
    view.addEventListener('grow', () => this.layout());
    view.addEventListener('end', () => this.layout());
    view.addEventListener('move', () => this.#moved());
    view.addEventListener('select', () => this.#select());
    new ResizeObserver(() => this.layout()).observe(this.root);
    this.scroller.addEventListener('scroll', () => this.update(), { passive: true });
    listenToPointer(this);
    listenToOverview(this);
    const keys = keysOf(this);
    host.addEventListener('keydown', (event) => keys(event) && event.preventDefault());
    const anew = () => {
      this.#palette = undefined;
      this.redraw();
    };
    for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)', '(prefers-contrast: more)']) matchMedia(query).addEventListener('change', anew);
    new MutationObserver(anew).observe(document.documentElement, { attributeFilter: ['data-theme', 'class', 'style'] });
  }

  #open() {
    this.scale.fit();
    this.lanes = new Lanes();
    this.census = new Census();
    this.allTracks = this.#half = this.#again = false;
    this.#coming = countersIn(this.view.run);
    this.scroller.scrollTop = 0;
    this.layout();
  }

  #select() {
    const { view } = this;
    if (view.selected !== this.#selected) this.reveal(view.selected);
    this.#selected = view.selected;
    if (view.run.order.length <= FEW) this.redraw();
    else this.update();
  }

  #moved() {
    const { view, scale } = this;
    if (view.position.time > scale.end) this.#stale = true;
    if (this.scene) this.#keepHeadInView();
    this.#frames.ask();
  }

  /** Stepping never leaves the picture. */
  #keepHeadInView() {
    const { scale, view } = this;
    if (scale.zoom === 1) return;
    const x = scale.headX(view.position);
    if (x >= 0 && x <= scale.width) return;
    scale.pan += x - scale.width * (view.live && view.following ? 0.85 : 0.4);
    scale.clamp();
    this.layers.spoil();
  }

  /** Sizes, or the run, have changed. */
  layout() {
    this.#stale = true;
    this.#again = this.#half;
    this.#frames.ask();
  }

  /** Everything that has changed is in the picture. */
  get settled() {
    return !this.#stale && !this.scene?.unfinished;
  }

  /** The picture has changed, but for the playhead. */
  redraw() {
    this.layers.spoil();
    this.#frames.ask();
  }

  /* ------------------------------------------------------------------------------------------------ Frame --- */

  /** Of lanes, by the window. */
  #sizes() {
    const [phone, wide, tall] = [innerWidth < 960, innerWidth >= 1400, innerHeight];
    const lane = phone ? 24 : wide ? (tall < 860 ? 22 : 24) : tall < 800 ? 19 : tall < 860 ? 20 : 22;
    return { lane, bar: lane >= 24 && !phone ? 13 : 11, track: phone ? 42 : 46, short: innerWidth < 600 };
  }

  #layOut() {
    const { view, scale, lanes, root, chart } = this;
    const { run } = view;
    if (!this.#box.clientWidth) return false;
    const { lane, bar, track, short } = this.#sizes();
    const all = tracksOf(run);
    const room = Math.floor((0.6 * (chart.clientHeight || innerHeight / 2) - AXIS) / track);
    const tracks = all.slice(0, this.allTracks ? Math.max(SHOWN, room) : SHOWN);
    const coming = view.live ? this.#coming : 0; // what is about to come has its room already: lanes must not be pushed down
    const lanesTop = AXIS + Math.max(tracks.length, Math.min(coming, SHOWN)) * track + (Math.max(all.length, coming) > SHOWN ? 24 : 0);
    const most = Math.max(200, innerHeight * 0.6 - OVERVIEW - 28 - 40);
    const wait = SHARE * this.#cost - (performance.now() - this.#laidOut);
    const busy = wait > 0 || this.scene?.unfinished; // it must be finished before it is outdated
    const late = view.live && busy && this.#box.clientWidth === scale.width && run.count >= scale.count;
    if (!late && !this.#half) {
      lanes.build(run, { lane, bar, room: Math.round(most - lanesTop - TOP - BOTTOM) });
      this.#fitGutter(tracks, short);
      this.census.follow(run);
      this.#half = run.count > HEAVY && scale.count > 0;
      if (this.#half) {
        this.#frames.ask(); // the axis has the next frame
        return false;
      }
    }
    if (!late) {
      this.#half = false;
      const width = this.#box.clientWidth;
      scale.build(run, width, view.position.time, lanes.rows.some(({ field }) => field) ? Math.min(MARGIN, width / 4) : undefined);
      this.overview.spoil();
    }
    if (late) {
      setTimeout(() => this.#frames.ask(), Math.max(0, wait));
      return true;
    }
    const content = lanesTop + TOP + lanes.height + BOTTOM;
    root.style.setProperty('--tl-content', `${Math.ceil(Math.max(content, lanesTop + 80))}px`);
    root.style.setProperty('--tl-top', `${lanesTop}px`);
    const height = chart.clientHeight;
    this.#spacer.style.height = `${Math.max(0, TOP + lanes.height + BOTTOM - (height - lanesTop))}px`;
    this.#stale = this.#again;
    this.#again = false;
    if (this.#stale) this.#frames.ask();
    this.#palette ??= readPalette(this.#probe, /** @type {CanvasRenderingContext2D} */ (this.layers.head.getContext('2d')));
    const scroll = this.scroller.scrollTop;
    this.scene = { run, scale, lanes, palette: this.#palette, tracks, track, height, lanesTop, scroll, hot: 0, pointed: 0, from: 0, to: scale.width, top: 0, bottom: height, until: 0, unfinished: false, stuck: stuckAt(run), laneY: () => 0 };
    this.layers.spoil();
    return true;
  }

  /** @param {import('../run/recording.js').Shared[]} tracks @param {boolean} short */
  #fitGutter(tracks, short) {
    const { root, layers, lanes, view } = this;
    root.style.removeProperty('--gutter');
    const g = /** @type {CanvasRenderingContext2D} */ (layers.head.getContext('2d'));
    root.style.setProperty('--gutter', `${namesWidth(g, getComputedStyle(root), view.run, lanes.rows, tracks, { room: root.clientWidth, short })}px`);
  }

  #frame() {
    const { view } = this;
    const { run } = view;
    const began = performance.now();
    const before = this.scene;
    if (this.#stale && !this.#layOut()) {
      this.#before = performance.now() - began;
      return;
    }
    const scene = this.scene;
    if (!scene || !scene.height) return;
    if (!this.#palette) this.overview.spoil();
    scene.palette = this.#palette ??= readPalette(this.#probe, /** @type {CanvasRenderingContext2D} */ (this.layers.head.getContext('2d')));
    const scroll = (scene.scroll = this.scroller.scrollTop);
    scene.laneY = (y) => scene.lanesTop + TOP + y - scroll;
    scene.pointed = view.hovered || view.selected;
    scene.hot = run.order.length <= FEW ? scene.pointed : 0;
    const x = this.scale.headX(view.position);
    [scene.until, scene.unfinished] = [began + WORK, false]; // what laying out took is not there for pictures: they follow in the next frame
    this.tip.draw();
    this.layers.draw(scene, x, headLabel(scene, view.position.time), this.tip.lens.frame);
    this.overview.draw(scene, this.census, this.scale.v(x));
    [scene.top, scene.bottom] = [0, scene.height];
    this.gutter.draw(scene, view.moment, view.selected, this.#sizes().short);
    this.head.draw(scene, view.moment);
    this.#key.draw(scene.palette);
    this.card.draw();
    clearTimeout(this.#naming);
    this.#naming = setTimeout(() => this.#name(), view.live ? 2000 : QUIET);
    if (scene.unfinished) this.redraw();
    if (this.scene !== before) {
      this.#laidOut = performance.now();
      this.#cost = this.#laidOut - began + this.#before;
      this.#before = 0;
    }
  }

  /** What the picture shows, in words: once it stands still. */
  #name() {
    const { view, layers } = this;
    const words = `What each task does, over time. ${view.has ? picture(view.moment, view.clock) : 'Nothing has run yet.'} The list of tasks says the same task by task.`;
    if (layers.picture.getAttribute('aria-label') !== words) layers.picture.setAttribute('aria-label', words);
  }

  /** Something beside the pictures has changed. */
  update() {
    this.#frames.ask();
  }

  /* --------------------------------------------------------------------------------------------- Commands --- */

  /** @param {-1 | 0 | 1} direction */
  zoom(direction) {
    const { scale, view } = this;
    if (direction === 0) scale.fit();
    else {
      const x = scale.headX(view.position);
      scale.zoomBy(direction > 0 ? 1.6 : 1 / 1.6, x >= 0 && x <= scale.width ? x : scale.width / 2);
    }
    this.redraw();
  }

  /** Scrolls so that a task's lane is in view. @param {number} task */
  reveal(task) {
    const { lanes, scroller } = this;
    const row = lanes.rows[lanes.rowOf(task)];
    if (!row) return;
    const [from, to] = row.field ? [TOP + lanes.middle(task) - 12, TOP + lanes.middle(task) + 12] : [TOP + row.top, TOP + row.top + row.height];
    if (from < scroller.scrollTop + 4) scroller.scrollTop = from - 4;
    else if (to > scroller.scrollTop + scroller.clientHeight - 4) scroller.scrollTop = Math.min(from - 4, to - scroller.clientHeight + 4);
  }

  /** Folds the block that a task stands in into a field. @param {number} task */
  fold(task) {
    this.#choose(task, () => 'folded');
  }

  /** Unfolds a field: some lanes around the task, or all. @param {number} task @param {boolean} [all] */
  open(task, all = false) {
    this.#choose(task, (block) => {
      if (all) return 'open';
      const at = block.indexOf(task);
      return [Math.max(0, at - 3), Math.min(block.length, at + 3)];
    });
  }

  /** @param {number} task @param {(block: number[]) => 'folded' | 'open' | [from: number, to: number]} choice */
  #choose(task, choice) {
    const { lanes } = this;
    const row = lanes.rows[lanes.rowOf(task)];
    if (!row) return;
    const block = lanes.rows.filter((other) => other.block === row.block).flatMap(({ task: own, field }) => field ?? [own]);
    if (block.length < 2) return;
    lanes.choices.set(row.block, choice(block));
    this.layout();
  }

  /** px below the first lane's top, of a height in the chart. @param {number} y */
  lanesY(y) {
    return y - (this.scene?.lanesTop ?? 0) - TOP + this.scroller.scrollTop;
  }
}

/**
 * Mounts a timeline in an empty element.
 * @param {HTMLElement} host @param {View} view
 * @returns {{ zoom(direction: -1 | 0 | 1): void, timeline: Timeline }} `zoom`: 1 in, -1 out, 0 the whole run
 */
export function mount(host, view) {
  const timeline = new Timeline(host, view);
  return { zoom: (direction) => timeline.zoom(direction), timeline };
}
