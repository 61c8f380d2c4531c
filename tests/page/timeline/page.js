/** The timeline alone on a page, for its tests: opens a recording, and hands out what drives it. */
import { Recording } from '../../../web/run/recording.js';
import { View } from '../../../web/run/view.js';
import { labelOf, setSources } from '../../../web/run/names.js';
import { listenToKeys } from '../../../web/keys.js';
import { mount } from '../../../web/timeline/main.js';

/** @param {string} url of what record.js saved @returns {Promise<import('../../../web/run/events.js').Batch[]>} */
async function read(url) {
  const bytes = await (await fetch(url)).arrayBuffer();
  const length = new DataView(bytes).getUint32(0, true);
  const heads = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length)));
  let at = 4 + length;
  const take = (/** @type {number} */ size) => bytes.slice(at, (at += size));
  return heads.map(({ count, texts, awaits }) => ({
    count,
    texts,
    awaits,
    times: new Float64Array(take(16 * count)),
    numbers: new Int32Array(take(36 * count)),
    kinds: new Uint8Array(take(count)),
  }));
}

const page = await (await fetch('/web/index.html')).text();
const symbols = new DOMParser().parseFromString(page, 'text/html').querySelector('svg');
if (symbols) document.getElementById('symbols')?.append(symbols);

const view = new View();
const host = /** @type {HTMLElement} */ (document.getElementById('host'));
const mounted = mount(host, view);
const played = [];
const nothing = () => {};
listenToKeys({ run: nothing, stop: nothing, explore: nothing, format: nothing, problem: nothing, help: nothing, pane: nothing, tab: nothing, play: () => void played.push(1), zoom: (by) => mounted.zoom(by), view });
const shown = [];
const cancelled = [];
view.show = (place) => void shown.push(place);
view.cancel = (task) => void cancelled.push(task);

/** @param {string} url @param {{ source?: string, live?: boolean, upTo?: number }} [options] */
async function open(url, { source, live = false, upTo = Infinity } = {}) {
  const batches = await read(url);
  const run = new Recording();
  for (const batch of batches.slice(0, upTo)) run.append(batch);
  if (source) setSources(run, { [/** @type {string} */ (source.split('/').at(-1))]: await (await fetch(source)).text() });
  view.open(run, live);
  if (!live) run.ended = true;
  await frames(2);
  Object.assign(globalThis, { live: { batches, run } });
}

/** @param {number} count */
const frames = async (count) => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
};

/** Until nothing is left to be laid out or drawn, however many frames that takes. */
const settled = async () => {
  do await frames(2);
  while (!mounted.timeline.settled);
};

Object.assign(globalThis, { labels: (/** @type {number} */ id) => labelOf(view.run, id), view, mounted, timeline: mounted.timeline, open, read, frames, settled, shown, cancelled });
document.body.dataset.ready = 'yes';
