/** Everybody's page: what axe finds, in every state; high contrast and less motion, as the system asks for them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root as ROOT } from '../../examples/needs.js';
import { firefoxWith } from '../lib/browsers.js';
import { open, prepare, press, pressRun, text, typeAt, untilEnded } from './playground.js';

export { prepare };

/** @typedef {import('./playground.js').Visit} Visit */
/** @typedef {import('puppeteer-core').Page} Page */

/** axe finds nothing serious. @param {Page} page @param {string} state */
async function assertAccessible(page, state) {
  const source = readFileSync(path.join(ROOT, 'node_modules/axe-core/axe.min.js'), 'utf8');
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  const violations = await page.evaluate(async () => {
    const { violations } = await /** @type {any} */ (globalThis).axe.run(document, { resultTypes: ['violations'] });
    return violations.map((/** @type {any} */ each) => `${each.impact} ${each.id}: ${each.nodes.slice(0, 3).map((/** @type {any} */ node) => node.html.slice(0, 160)).join(' | ')}`);
  });
  assert.deepEqual(violations, [], state);
}

/** What may be open, or on show, at a desk. @type {Record<string, (visit: Visit, query: string) => Promise<unknown>>} */
const STATES = {
  'first visit': (visit, query) => open(visit, 'semaphore', { query }),
  async 'a recorded run, in the middle'({ page }) {
    await pressRun(page);
    await untilEnded(page);
    await page.focus('#timeline');
    for (let i = 0; i < 60; i++) await page.keyboard.press(',');
  },
  'its tasks': ({ page }) => page.click('#tab-tasks'),
  async 'network, twin and a lit pair'({ page }) {
    await page.click('#tab-network');
    await page.click('#twin-switch');
    await page.waitForSelector('#python .cm-line');
    await (await page.$$('#editor .cm-line'))[3].hover();
    await page.waitForSelector('.cm-line.pair');
  },
  async share({ page }) {
    await page.click('#share');
    await page.waitForFunction(() => /#/.test(/** @type {HTMLInputElement | null} */ (document.querySelector('#sharebox input'))?.value ?? ''));
  },
  async 'deadlock and menu'({ page }) {
    await page.keyboard.press('Escape');
    await page.select('#programs', '12_deadlock');
    await page.waitForFunction(() => location.hash === '#12_deadlock');
    await pressRun(page);
    await page.waitForSelector('.dead');
    await page.click('#more');
  },
  async 'the keys'({ page }) {
    await page.keyboard.press('Escape');
    await page.focus('#timeline');
    await page.keyboard.press('?');
    await page.waitForSelector('#keysbox:not([hidden])');
  },
  async 'the header, read only'({ page }) {
    await page.keyboard.press('Escape');
    await page.click('#files [data-file="wasyncio.h"]');
    await page.waitForSelector('#editor [aria-label="wasyncio.h, read only"]');
  },
  async 'the name of a new file'({ page }) {
    await page.click('#add-file');
    await page.waitForSelector('.new-file');
  },
  async 'what cannot be formatted'(visit, query) {
    const { page } = visit;
    await open(visit, 'await', { query, compiles: false });
    await typeAt(page, 5, 'g((1);');
    await press(page, 'Alt', 'Shift', 'F');
    await page.waitForSelector('#editor .lens');
  },
  async 'search in the editor'({ page }) {
    await page.focus('#editor .cm-content');
    await press(page, 'Control', 'f');
    await page.waitForSelector('.cm-search');
  },
  async 'completion, with documentation'(visit, query) {
    const { page } = visit;
    await open(visit, 'await', { query, compiles: false });
    await typeAt(page, 5, 'wio_slee');
    await page.waitForFunction(() => {
      const doc = document.querySelector('.cm-tooltip-autocomplete .doc');
      if (!doc) return false;
      const { left, top, width, height } = doc.getBoundingClientRect();
      return width > 200 && doc.contains(document.elementFromPoint(left + width / 2, top + height / 2)); // it is not cut off
    });
  },
};

/** @type {Record<string, (visit: Visit) => Promise<void>>} */
export const tests = {
  ...Object.fromEntries(
    ['light', 'dark'].map((theme) => [
      `axe finds nothing, whatever is open, ${theme}`,
      async (/** @type {Visit} */ visit) => {
        const { page } = visit;
        for (const [state, bring] of Object.entries(STATES)) {
          await bring(visit, `?theme=${theme}`);
          await assertAccessible(page, `${state}, ${theme}`);
        }
      },
    ]),
  ),

  async 'axe finds nothing on a phone, nor in somebody\'s page'(visit) {
    const { page } = visit;
    for (const theme of ['light', 'dark']) {
      await open(visit, 'semaphore', { query: `?theme=${theme}`, width: 360, height: 780 });
      await assertAccessible(page, `phone, first visit, ${theme}`);
      await page.click('#twin-switch');
      await page.waitForSelector('#python .cm-line');
      await page.click('#run');
      await untilEnded(page);
      for (const view of ['code', 'timeline', 'output']) {
        await page.click(`.nav [data-view=${view}]`);
        await assertAccessible(page, `phone, ${view}, ${theme}`);
      }
      await page.click('#more');
      await assertAccessible(page, `phone, menu, ${theme}`);
      await open(visit, 'gather', { query: `?embed&theme=${theme}`, width: 1000, height: 480 });
      await assertAccessible(page, `embedded, ${theme}`);
      await pressRun(page);
      await untilEnded(page);
      await assertAccessible(page, `embedded, after a run, ${theme}`);
    }
  },

  async 'high contrast and less motion: nothing is lost with the colours, and nothing moves'(visit) {
    await asTheSystemAsks(visit, async (asked) => {
      const { page } = asked;
      await open(asked, 'semaphore');
      assert.deepEqual(await page.evaluate(() => ['(forced-colors: active)', '(prefers-reduced-motion: reduce)'].map((query) => matchMedia(query).matches)), [true, true]);
      await page.click('#twin-switch');
      await page.waitForSelector('#python .cm-line');
      await page.click('#speed [data-speed="1"]');
      await pressRun(page);
      await page.waitForFunction(() => document.getElementById('run-label')?.textContent === 'Restart');
      await untilEnded(page);
      await page.focus('#timeline');
      await page.keyboard.press('Home');
      for (let i = 0; i < 3; i++) await page.keyboard.press(']');
      await page.waitForSelector('#panel-console .cut');
      await page.waitForSelector('#editor .cm-line.at');
      await (await page.$$('#editor .cm-line'))[3].hover();
      await page.waitForSelector('.cm-line.pair');
      const drawn = await page.evaluate(() => {
        const ground = getComputedStyle(document.body).backgroundColor;
        const colour = (/** @type {string} */ selector, /** @type {string} */ part = '') => getComputedStyle(/** @type {Element} */ (document.querySelector(selector)), part).backgroundColor;
        return {
          flat: /** @type {[string, string?][]} */ ([['#tabs .tab[aria-selected=true]', '::after'], ['.con .cut', '::after'], ['#twin-switch i'], ['#stop .sq'], ['#run']]).filter(([selector, part]) => colour(selector, part) === ground).map(([selector]) => selector),
          pair: getComputedStyle(/** @type {Element} */ (document.querySelector('.cm-line.pair'))).outlineStyle,
          stands: getComputedStyle(/** @type {Element} */ (document.querySelector('.cm-gutter.marks .at'))).borderLeftStyle,
          moves: getComputedStyle(/** @type {Element} */ (document.querySelector('#twin-switch i')), '::after').transitionDuration,
        };
      });
      assert.deepEqual(drawn, { flat: [], pair: 'solid', stands: 'solid', moves: '0s' });
      const colours = await page.$$eval('#timeline-host canvas', (canvases) => {
        const seen = new Set();
        for (const canvas of /** @type {HTMLCanvasElement[]} */ (canvases)) {
          const pixels = new Uint32Array(canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data.buffer ?? new ArrayBuffer(0));
          for (const pixel of pixels) seen.add(pixel);
        }
        return seen.size;
      });
      assert.ok(colours > 3, `${colours} colours in the timeline`);
      await page.focus('#timeline');
      await page.keyboard.press('Home');
      await page.waitForFunction(() => /event 1 of/.test(document.getElementById('readout')?.textContent ?? ''));
      await page.evaluate(() => {
        const shown = (/** @type {any} */ (globalThis).shown = /** @type {string[]} */ ([]));
        const readout = /** @type {HTMLElement} */ (document.getElementById('readout'));
        new MutationObserver(() => shown.push(readout.textContent ?? '')).observe(readout, { childList: true });
      });
      await page.keyboard.press(' '); // plays: to the end, at once
      await page.waitForFunction(() => /event (\d+) of \1$/.test(document.getElementById('readout')?.textContent ?? ''));
      const between = await page.evaluate(() => /** @type {any} */ (globalThis).shown.filter((/** @type {string} */ words) => !/event (\d+) of \1$/.test(words)));
      assert.deepEqual(between, [], 'nothing between');
      assert.doesNotMatch(await text(page, 'say'), /^$/);
      assert.deepEqual(asked.errors, []);
    });
  },
};

/** Firefox takes it from preferences at its start. @param {Visit} visit @param {(visit: Visit) => Promise<void>} body */
async function asTheSystemAsks(visit, body) {
  if (visit.browser === 'firefox') {
    const { browser, close } = await firefoxWith({ 'browser.display.document_color_use': 2, 'ui.prefersReducedMotion': 1 });
    try {
      return await body({ ...visit, page: await browser.newPage() });
    } finally {
      await close();
    }
  }
  const session = await visit.page.createCDPSession();
  const features = [{ name: 'forced-colors', value: 'active' }, { name: 'prefers-reduced-motion', value: 'reduce' }];
  await session.send('Emulation.setEmulatedMedia', { features });
  try {
    await body(visit);
  } finally {
    await session.send('Emulation.setEmulatedMedia', { features: [] });
  }
}
