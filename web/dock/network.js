/** The simulated API and what goes to and fro: sliders that work while the program runs, and every request on the run's axis. */
import { element, memory } from '../dom.js';
import { shortUrl } from '../run/names.js';
import { requestsAt } from '../run/requests.js';
import { duration } from '../run/words.js';

const SHOWN = 200; // rows

export class Network {
  latency = 140;
  failures = 0;
  #view;
  #changed;
  #stats = element('div', { className: 'stats' });
  #list = element('div', { className: 'reqs' });
  #empty = element('p', { className: 'none' }, 'Requests go to a simulated API inside this page, so a run is the same every time. Real addresses work too, where they allow it.');
  /** @type {[HTMLInputElement, HTMLOutputElement][]} */
  #sliders;

  /** @param {HTMLElement} root @param {import('../run/view.js').View} view @param {() => void} changed a slider was moved */
  constructor(root, view, changed) {
    this.#view = view;
    this.#changed = changed;
    const controls = element('div', { className: 'netc' });
    this.#sliders = [
      this.#slider(controls, 'Latency', 'latency', 1000, 10),
      this.#slider(controls, 'Failures', 'failures', 100, 1),
    ];
    root.append(controls, this.#stats, this.#empty, this.#list);
  }

  /** @param {HTMLElement} into @param {string} label @param {'latency' | 'failures'} what @param {number} max @param {number} step @returns {[HTMLInputElement, HTMLOutputElement]} */
  #slider(into, label, what, max, step) {
    const id = `network-${what}`;
    const input = /** @type {HTMLInputElement} */ (Object.assign(document.createElement('input'), { id, type: 'range', min: '0', max: String(max), step: String(step) }));
    const output = /** @type {HTMLOutputElement} */ (document.createElement('output'));
    output.htmlFor.add(id);
    input.addEventListener('input', () => {
      this.set({ [what]: Number(input.value) / (what === 'failures' ? 100 : 1) });
      this.#changed();
      memory.set(what, String(this[what]));
    });
    into.append(element('label', { htmlFor: id }, label), input, output);
    return [input, output];
  }

  /** @param {{ latency?: number, failures?: number }} values ms; 0 to 1 */
  set({ latency = this.latency, failures = this.failures }) {
    this.latency = latency;
    this.failures = failures;
    const show = (/** @type {number} */ i, /** @type {number} */ value, /** @type {string} */ words) => {
      const [input, output] = this.#sliders[i];
      input.value = String(value);
      input.style.setProperty('--v', `${(100 * value) / Number(input.max)}%`);
      input.setAttribute('aria-valuetext', words);
      output.textContent = words;
    };
    show(0, latency, `${latency} ms`);
    show(1, Math.round(failures * 100), `${Math.round(failures * 100)} %`);
  }

  /** @returns {number} how many requests there are in the run */
  show() {
    const { moment, run, has } = this.#view;
    const { requests, flying, most, sent, queued, total } = requestsAt(moment);
    this.#empty.hidden = total > 0;
    this.#stats.hidden = !has || !total;
    if (this.#list.offsetParent || total) {
      const fact = (/** @type {string} */ name, /** @type {number} */ value, more = '') => element('span', {}, `${name} `, element('b', {}, String(value)), more);
      this.#stats.replaceChildren(fact('in flight now', flying), fact('most at once', most), ...(run.queued.size ? [fact('queued', queued)] : []), fact('sent', sent, ` of ${total}`));
      // Of many, those around the playhead.
      const at = Math.max(0, Math.min(sent - Math.floor(SHOWN / 2), requests.length - SHOWN));
      const scale = Math.max(run.duration, moment.time, 1);
      this.#list.replaceChildren(...requests.slice(at, at + SHOWN).map((request) => row(request, scale, moment.time)));
      if (requests.length > SHOWN) this.#list.prepend(element('p', { className: 'none' }, `${at + 1} to ${at + SHOWN} of ${requests.length}`));
    }
    return total;
  }
}

/** @type {Record<string, string>} */
const WORDS = { 'not yet': 'not yet', queued: 'queued', waiting: 'waiting', body: 'body', aborted: 'aborted', failed: 'failed' };

/** @param {import('../run/requests.js').Request} request @param {number} scale ms @param {number} now ms */
function row({ operation, state, status, from, sent, head, to }, scale, now) {
  const waterfall = element('span', { className: 'wf' });
  const part = (/** @type {string} */ kind, /** @type {number} */ start, /** @type {number} */ end) => {
    if (end < start) return;
    const bar = element('i', { className: kind });
    bar.style.left = `${(100 * start) / scale}%`;
    bar.style.width = `${(100 * (end - start)) / scale}%`;
    waterfall.append(bar);
  };
  if (state !== 'not yet') {
    const given = Number.isNaN(sent) ? to : sent;
    if (given > from) part('queued', from, given);
    if (!Number.isNaN(sent)) part('wait', sent, Number.isNaN(head) ? to : head);
    if (!Number.isNaN(head)) part('body', head, to);
    part('all', from, to);
  }
  const line = element('b');
  line.style.left = `${Math.min(100, (100 * now) / scale)}%`;
  waterfall.append(line);
  const bad = state === 'failed' || (state !== 'not yet' && status >= 400);
  const known = Number.isNaN(head) ? '' : String(status);
  const word = element('span', { className: bad && known ? 'bad' : `is-${state.replace(' ', '-')}` }, state === 'over' || (state === 'body' && known) ? known : WORDS[state]);
  return element('div', { className: 'req' }, element('code', { title: operation.name }, shortUrl(operation.name)), word, waterfall, element('span', {}, state === 'not yet' ? '' : duration(to - from)));
}
