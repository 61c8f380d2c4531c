/** What stands left of the axis and of the counters, and the chips that fold lanes and follow a live run again. */
import { element } from '../dom.js';
import { SHOWN, labelOf, tracksOf } from './counters.js';
import { AXIS, inSeconds } from './axis.js';

const whole = (/** @type {number} */ value) => value.toLocaleString('en-GB');

export class Head {
  root = element('div', { className: 'tl-head' });
  chips = element('div', { className: 'tl-chips' });
  #follow = element('button', { className: 'tl-chip tl-follow', type: 'button', hidden: true }, 'Follow');
  #fold = element('button', { className: 'tl-chip', type: 'button', hidden: true }, 'Fold tasks');
  #axis = element('div', { className: 'tl-axis' });
  #more = element('button', { className: 'tl-more', type: 'button', hidden: true });
  /** @type {{ root: HTMLElement, name: HTMLElement, used: HTMLElement, of: HTMLElement, line: HTMLElement }[]} */
  #tracks = [];
  #timeline;

  /** @param {import('./main.js').Timeline} timeline */
  constructor(timeline) {
    this.#timeline = timeline;
    this.root.append(this.#axis, this.#more);
    this.chips.append(this.#fold, this.#follow);
    this.#follow.addEventListener('click', () => timeline.view.end());
    this.#fold.addEventListener('click', () => {
      timeline.lanes.choices.clear();
      timeline.layout();
    });
    this.#more.addEventListener('click', () => {
      timeline.allTracks = !timeline.allTracks;
      timeline.layout();
    });
  }

  /** @param {import('./scene.js').Scene} scene @param {import('../run/moment.js').Moment} moment */
  draw(scene, moment) {
    const { view } = this.#timeline;
    this.#fold.hidden = !this.#timeline.lanes.choices.size;
    this.#follow.hidden = !view.live || view.following;
    set(this.#axis, `${/** @type {{ clock?: string }} */ (view).clock === 'real' ? '' : 'virtual '}${inSeconds(scene) ? 's' : 'ms'}`);
    const all = tracksOf(scene.run).length;
    this.#more.hidden = all <= SHOWN;
    this.#more.setAttribute('aria-expanded', String(this.#timeline.allTracks));
    set(this.#more, this.#timeline.allTracks ? 'Fewer counters' : `${all - SHOWN} more counters`);
    this.#more.style.top = `${AXIS + scene.tracks.length * scene.track}px`;
    while (this.#tracks.length < scene.tracks.length) this.#tracks.push(this.#add());
    this.#tracks.forEach((track, i) => {
      const shared = scene.tracks[i];
      track.root.hidden = !shared;
      if (!shared) return;
      track.root.style.top = `${AXIS + i * scene.track}px`;
      track.root.style.height = `${scene.track}px`;
      const { name, used, limit, waiting } = labelOf(moment, shared);
      set(track.name, name);
      track.name.title = name;
      set(track.used, whole(used));
      set(track.of, limit ? ` of ${whole(limit)}` : '');
      set(track.line, `${whole(waiting)} in line`);
    });
  }

  #add() {
    const [name, used, of, line] = [element('code'), element('b'), element('span'), element('small')];
    const root = element('div', { className: 'tl-counter' }, element('span', {}, name, ' ', used, of), line);
    this.root.append(root);
    return { root, name, used, of, line };
  }
}

/** @param {HTMLElement} element @param {string} text */
function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
