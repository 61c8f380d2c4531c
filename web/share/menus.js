/** The two boxes at the top right: Share, and everything else. */
import { byId, element } from '../dom.js';
import { fillTable } from '../keys.js';
import { menuKeys, popover } from '../shell/popover.js';
import { switchTheme } from '../shell/theme.js';
import { encode } from './link.js';

const LONG = 8000; // characters, more than some chat tools take

/**
 * @typedef {object} Acts
 * @property {() => import('./link.js').Shared} shared what a link holds
 * @property {() => number} at event of the playhead; -1
 * @property {() => void} explore
 * @property {() => void} format
 * @property {() => void} download
 * @property {() => void} perfetto
 * @property {() => boolean} real is the clock the real one?
 * @property {(real: boolean) => void} setReal
 * @property {() => boolean} has is there a run?
 * @property {() => boolean} canReset has the program's text been changed?
 * @property {() => void} reset to the text that the page came with
 * @property {() => string} removable the open file, if it can be removed
 * @property {() => void} remove it
 * @property {() => number} speed of the clock
 * @property {(speed: number) => void} setSpeed
 * @property {() => number | null} seed null: the default order
 * @property {(seed: number | null) => void} setSeed and run with it
 */

/** @param {Acts} acts */
export function menus(acts) {
  const box = byId('sharebox');
  popover(byId('share'), box, () => fillShare(box, acts));
  const menu = byId('menu');
  const showMenu = popover(byId('more'), menu, () => fillMenu(menu, acts, () => showMenu(false)));
  menuKeys(menu);
  const showKeys = popover(byId('more'), byId('keysbox'), fillTable, false);
  return {
    keys() {
      showKeys(true);
      byId('keysbox').tabIndex = -1;
      byId('keysbox').focus();
    },
  };
}

/** Whether whoever opens the link sees the same run. @param {boolean} real */
const sameness = (real) =>
  real
    ? 'It runs by the real clock, so no two runs are the same. On the virtual clock, which the menu beside has, they would be.'
    : 'On the virtual clock every run with this seed is the same, and so is what the simulated API answers. Requests to real addresses may differ.';

/** @param {string} fragment @param {string} [query] */
const address = (fragment, query = '') => `${location.origin}${location.pathname}${query}#${fragment}`;

/** @param {HTMLElement} box @param {Acts} acts */
function fillShare(box, acts) {
  const input = element('input', { readOnly: true, value: '…' });
  input.setAttribute('aria-label', 'Link');
  const copy = element('button', { className: 'btn', type: 'button' }, 'Copy');
  const size = element('p', { className: 'size' });
  const at = acts.at();
  const keep = element('input', { type: 'checkbox' });
  const update = async () => {
    const shared = acts.shared();
    const link = address(shared.files || keep.checked ? await encode({ ...shared, ...(keep.checked ? { at } : {}) }) : /** @type {string} */ (shared.program));
    input.value = link;
    size.textContent = link.length > LONG ? `The link has ${link.length.toLocaleString('en')} characters: too long for some chat tools. Download as a project instead.` : '';
  };
  keep.addEventListener('change', update);
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(input.value).then(() => (copy.textContent = 'Copied'), () => input.select());
    setTimeout(() => (copy.textContent = 'Copy'), 2000);
  });
  box.replaceChildren(
    element('b', {}, 'Share this program'),
    element('p', {}, 'The link holds the program, the seed and the speed. Whoever opens it sees the code first; nothing runs by itself.'),
    element('p', { className: 'sameness' }, sameness(acts.real())),
    element('div', { className: 'link' }, input, copy),
    size,
    ...(at >= 0 ? [element('label', {}, keep, 'with the position of the playhead')] : []),
  );
  void update();
}

/** @param {HTMLElement} menu @param {Acts} acts @param {() => void} close */
function fillMenu(menu, acts, close) {
  /** @param {string} words @param {string} key @param {() => void} act @param {boolean} [enabled] */
  const item = (words, key, act, enabled = true) => {
    const button = element('button', { type: 'button' }, words, key ? element('kbd', {}, key) : '');
    button.setAttribute('role', 'menuitem');
    button.setAttribute('aria-disabled', String(!enabled));
    button.addEventListener('click', () => {
      if (!enabled) return;
      close();
      byId('more').focus();
      act();
    });
    return button;
  };
  const phoneOnly = (/** @type {HTMLElement} */ made) => (made.classList.add('in-menu'), made);
  const seed = acts.seed();
  menu.replaceChildren(
    phoneOnly(speeds(acts, close)),
    phoneOnly(item('Another seed', seed === null ? 'default' : `now ${seed}`, () => acts.setSeed(anySeed()))),
    ...(seed === null ? [] : [phoneOnly(item('Back to the default seed', '', () => acts.setSeed(null)))]),
    phoneOnly(element('hr')),
    item('Try other orders of events', 'Alt ↵', acts.explore),
    item('Format this file', 'Alt Shift F', acts.format),
    ...(acts.removable() ? [item(`Remove ${acts.removable()}`, '', acts.remove)] : []),
    item('Back to the original text', '', acts.reset, acts.canReset()),
    item(acts.real() ? 'Use the virtual clock: every run the same' : 'Use the real clock: runs differ', '', () => acts.setReal(!acts.real())),
    element('hr'),
    phoneOnly(item('Share', '', () => byId('share').click())),
    item('Download as a project', '', acts.download),
    item('Copy code for embedding', '', () => copyEmbed(acts)),
    item('Open the trace in Perfetto', '', acts.perfetto, acts.has()),
    element('hr'),
    item('Light or dark', '', switchTheme),
    item('Keyboard shortcuts', '?', () => menu.dispatchEvent(new Event('keys'))),
  );
}

/** What the top bar has no room for on a phone. @param {Acts} acts @param {() => void} close */
function speeds(acts, close) {
  const choices = /** @type {[number, string][]} */ ([[1, '1×'], [10, '10×'], [Infinity, 'Instant']]).map(([speed, words]) => {
    const button = element('button', { type: 'button' }, words);
    button.setAttribute('role', 'menuitemradio');
    button.setAttribute('aria-checked', String(acts.speed() === speed));
    button.addEventListener('click', () => {
      close();
      byId('more').focus();
      acts.setSpeed(speed);
    });
    return button;
  });
  const group = element('div', { className: 'seg' }, ...choices);
  group.setAttribute('role', 'group');
  group.setAttribute('aria-label', 'Speed of the clock');
  return group;
}

/** One that is short enough to be told. */
export const anySeed = () => Math.floor(Math.random() * 1000);

/** @param {Acts} acts */
async function copyEmbed(acts) {
  const shared = acts.shared();
  const src = address(shared.files ? await encode(shared) : /** @type {string} */ (shared.program), '?embed');
  const code = `<iframe src="${src}" width="100%" height="480" title="wasyncio playground" loading="lazy"></iframe>`;
  await navigator.clipboard.writeText(code).catch(() => {});
  byId('said').textContent = 'The code for embedding is in the clipboard.';
}
