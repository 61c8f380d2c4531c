/** What was written outlives the page, and Back goes to the program before. */
import assert from 'node:assert/strict';
import { deflateRawSync } from 'node:zlib';
import { FOLDER, open, prepare, pressRun, text, typeAt, untilPrinted } from './playground.js';

export { prepare };

/** @typedef {import('./playground.js').Visit} Visit */
/** @typedef {import('puppeteer-core').Page} Page */

const MINE = '// mine';

/** As share/link.js does it. @param {unknown} shared */
const fragment = (shared) => `v1.${deflateRawSync(JSON.stringify(shared)).toString('base64url')}`;

const LINK = fragment({ files: { 'main.c': '#include <wasyncio.h>\n\n/* from a link */\n\nint main(void) { return 0; }\n' } });

/** @param {Page} page @param {string} words in the program that is open */
const untilShown = (page, words) => page.waitForFunction((wanted) => document.querySelector('#program .cm-content')?.textContent?.includes(wanted), {}, words);

/** @param {Page} page */
const source = (page) => page.$$eval('#editor .cm-line', (lines) => lines.map((line) => line.textContent).join('\n'));

/** @param {Page} page @returns {Promise<string>} what the button beside the files says; '' if it is not there */
const version = (page) => page.$eval('#version', (button) => (/** @type {HTMLElement} */ (button).offsetParent ? button.querySelector('.long')?.textContent ?? '' : ''));

/** @param {Page} page */
const untilOpen = (page) => page.waitForFunction(() => document.querySelector('#editor .cm-line') && !document.body.classList.contains('opening'));

/** @param {Page} page */
async function reload(page) {
  await page.reload();
  await untilOpen(page);
}

/** A page of its own, as somebody who clicks a link. @param {Visit} visit @param {string} hash @param {string} [query] */
async function click({ page, origin }, hash, query = '') {
  await page.goto(`${origin}/tests/page/blank.html`);
  await page.goto(`${origin}/${FOLDER}/${query}#${hash}`);
  await untilOpen(page);
}

/** Firefox tells of a request that a reload cuts off. @param {string[]} errors */
const real = (errors) => errors.filter((error) => !/ServiceWorker intercepted the request/.test(error));

/** @param {Page} page @param {string} hash */
const untilAddress = (page, hash) => page.waitForFunction((wanted) => location.hash === wanted, {}, hash);

/** @type {Record<string, (visit: Visit) => Promise<void>>} */
export const tests = {
  async 'an edited program is there after a reload, with its files, and the original is a click away'(visit) {
    const { page, errors } = visit;
    await open(visit, 'await');
    const original = await source(page);
    assert.equal(await version(page), '');
    await typeAt(page, 5, `${MINE}\n`);
    assert.equal(await version(page), 'Restore original');
    await page.click('#add-file');
    await page.keyboard.type('more.h');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#files [data-file="more.h"][aria-selected=true]');
    await reload(page); // at once: nothing waits for a pause
    await untilShown(page, '#pragma once'); // the file that was open
    await page.click('#files [data-file="main.c"]');
    await untilShown(page, MINE);
    assert.equal(await version(page), 'Restore original');
    assert.match(await page.$eval('#version', (button) => /** @type {HTMLElement} */ (button).title), /^Edited, and kept in this browser/);
    const mine = await source(page);
    await page.click('#version');
    await page.waitForFunction(() => !document.querySelector('[data-file="more.h"]'));
    assert.equal(await source(page), original);
    assert.equal(await version(page), 'To my version', 'and back');
    await page.click('#version');
    await untilShown(page, MINE);
    assert.equal(await source(page), mine);
    await page.click('#version');
    await page.waitForFunction(() => !document.querySelector('[data-file="more.h"]'));
    await reload(page);
    assert.equal(await source(page), original);
    assert.equal(await version(page), '');
    assert.deepEqual(real(errors), []);
  },

  async 'the pairs with the twin, and the run, are those of the draft'(visit) {
    const { page } = visit;
    await open(visit, 'await');
    await typeAt(page, 6, 'puts("from a draft");\n');
    await reload(page);
    await page.click('#twin-switch');
    await page.waitForSelector('#python .cm-line');
    await page.focus('#python .cm-content');
    await page.waitForFunction(() => document.querySelector('#editor .cm-line.pair')?.textContent === '#include <wasyncio.h>');
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => document.querySelector('#editor .cm-line.pair')?.textContent?.includes('wio_sleep(seconds)'));
    await pressRun(page);
    await untilPrinted(page, 'from a draft');
  },

  async 'a link shows its program, whatever was made of it; each visit has its own draft'(visit) {
    const { page, errors } = visit;
    await open(visit, 'await');
    await typeAt(page, 5, `${MINE}\n`);
    await click(visit, LINK);
    await untilShown(page, 'from a link');
    assert.doesNotMatch(await source(page), /mine/);
    await typeAt(page, 1, '// first visit\n');
    await reload(page);
    await untilShown(page, '// first visit'); // a reload goes on
    await click(visit, LINK);
    await untilShown(page, 'from a link');
    assert.doesNotMatch(await source(page), /first visit/, 'the link again: its program');
    assert.equal(await version(page), 'To my version');
    await typeAt(page, 1, '// second visit\n');
    await reload(page);
    await untilShown(page, '// second visit');
    assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('draft link')).length), 2, 'neither is lost');
    await page.click('#version');
    await page.waitForFunction(() => !document.getElementById('editor')?.textContent?.includes('second visit'));
    await page.click('#version');
    await untilShown(page, '// second visit');
    await page.select('#programs', 'await');
    await untilShown(page, MINE); // which the link has not touched
    await page.goBack();
    await untilShown(page, '// second visit');
    await click(visit, fragment({ program: 'await', at: 3 }));
    assert.doesNotMatch(await source(page), /mine/, 'a link to the lesson as it is');
    await page.click('#version');
    await untilShown(page, MINE);
    assert.deepEqual(real(errors), []);
  },

  async 'an example that was changed can be shared'(visit) {
    const { page } = visit;
    await open(visit, '09_run_in_run');
    await typeAt(page, 1, `${MINE}\n`);
    await page.click('#share');
    await page.waitForFunction(() => /#v1\./.test(/** @type {HTMLInputElement | null} */ (document.querySelector('#sharebox input'))?.value ?? ''));
    const link = await page.$eval('#sharebox input', (input) => /** @type {HTMLInputElement} */ (input).value);
    await open(visit);
    await click(visit, new URL(link).hash.slice(1));
    await untilShown(page, MINE);
  },

  async 'Back and Forward go through the programs that were chosen'(visit) {
    const { page, errors } = visit;
    await open(visit, 'await');
    const entries = () => page.evaluate(() => history.length);
    const before = await entries();
    await typeAt(page, 5, `${MINE}\n`);
    assert.equal(await entries(), before, 'none for a key');
    await page.click('#next');
    await untilShown(page, 'WIO_GATHER');
    await page.select('#programs', '12_deadlock');
    await untilShown(page, 'bell');
    assert.equal(await entries(), before + 2);
    await page.goBack();
    await untilAddress(page, '#gather');
    await untilShown(page, 'WIO_GATHER');
    assert.equal(await page.$eval('#programs', (select) => /** @type {HTMLSelectElement} */ (select).value), 'gather');
    await page.goBack();
    await untilShown(page, MINE); // with what was written there
    await page.goForward();
    await untilShown(page, 'WIO_GATHER');
    await page.select('#programs', 'coroutine');
    await untilAddress(page, '');
    await page.goBack();
    await untilShown(page, 'WIO_GATHER');
    assert.equal(await entries(), before + 2, 'what was ahead is another way now');
    assert.deepEqual(real(errors), []);
  },

  async 'Your program has an address, and is there after a reload'(visit) {
    const { page } = visit;
    await open(visit, 'gather');
    await page.select('#programs', 'yours');
    await untilAddress(page, '#yours');
    await typeAt(page, 1, `${MINE}\n`);
    await reload(page);
    await untilShown(page, MINE);
    assert.match(await source(page), /WIO_GATHER/, 'it began as what was in the editor');
    await click(visit, LINK);
    await typeAt(page, 1, '// not yours\n');
    await page.select('#programs', 'yours'); // the shared program is another choice
    await untilShown(page, MINE);
    assert.doesNotMatch(await source(page), /not yours/);
  },

  async 'storage that refuses, is full, or holds something else breaks nothing, and it says so'(visit) {
    const { page, errors } = visit;
    await open(visit, 'await');
    await page.evaluate(() => {
      localStorage.setItem('draft gather', '{"files":{"../x":1}}');
      localStorage.setItem('draft await', 'null');
      localStorage.setItem('draft timeouts', JSON.stringify({ files: { 'main.c': `// ${'x'.repeat(990_000)}` }, open: 'y' }));
    });
    await reload(page);
    assert.equal(await version(page), '');
    await page.click('#next');
    await untilShown(page, 'WIO_GATHER');
    assert.equal(await version(page), '');
    await typeAt(page, 1, `// ${'y'.repeat(20_000)}`.slice(0, 40));
    await page.waitForFunction(() => !document.getElementById('version')?.hidden);
    assert.equal(await version(page), 'Restore original', 'there is room for this');
    await page.evaluate(() => void (Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }));
    await page.keyboard.type('z');
    await page.waitForFunction(() => /^Not kept/.test(document.querySelector('#version .long')?.textContent ?? ''));
    await page.click('#previous');
    await untilShown(page, 'wio_sleep');
    await page.click('#next');
    await untilShown(page, '// yyy'); // in this page it is not lost
    await pressRun(page);
    await untilPrinted(page, 'exit code 0');
    await page.evaluateOnNewDocument(() => Object.defineProperty(globalThis, 'localStorage', { get: () => { throw new DOMException('no', 'SecurityError'); } }));
    await reload(page);
    await typeAt(page, 1, `${MINE}\n`);
    await page.waitForFunction(() => /^Not kept/.test(document.querySelector('#version .long')?.textContent ?? ''));
    await page.click('#version');
    await page.waitForFunction(() => !document.getElementById('editor')?.textContent?.includes('// mine'));
    assert.deepEqual(real(errors), []);
  },

  async 'no more is kept than there is room for: drafts of links go first, oldest first'(visit) {
    const { page } = visit;
    await open(visit, 'await');
    await page.evaluate(() => {
      const program = (/** @type {number} */ size) => JSON.stringify({ files: { 'main.c': 'x'.repeat(size) }, open: 'main.c' });
      localStorage.setItem('draft link b-1 000000001', program(400_000));
      localStorage.setItem('draft link a-1 000000002', program(300_000));
      localStorage.setItem('draft gather', program(300_200));
    });
    await typeAt(page, 1, `${MINE}\n`);
    await page.waitForFunction(() => localStorage.getItem('draft await')?.includes('// mine'));
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('draft ')).sort()), ['draft await', 'draft gather', 'draft link a-1 000000002']);
    await page.evaluate(() => localStorage.setItem('draft gather', 'x'.repeat(999_900)));
    await page.keyboard.type('z');
    await page.waitForFunction(() => /^Not kept/.test(document.querySelector('#version .long')?.textContent ?? ''));
    assert.ok(await page.evaluate(() => localStorage.getItem('draft gather')), 'a draft of a lesson never goes for another');
  },

  async 'embedded, nothing is kept and no entry is added'(visit) {
    const { page } = visit;
    await open(visit, 'await');
    await typeAt(page, 5, `${MINE}\n`);
    await click(visit, 'await', '?embed');
    assert.doesNotMatch(await source(page), /mine/, 'nor is a draft of the page shown there');
    const before = await page.evaluate(() => [history.length, JSON.stringify(localStorage)]);
    await typeAt(page, 5, '// embedded\n');
    await click(visit, 'await', '?embed');
    assert.doesNotMatch(await source(page), /embedded/);
    assert.equal(await page.evaluate(() => JSON.stringify(localStorage)), before[1]);
    assert.match(await text(page, 'editor'), /wio_sleep/);
  },
};
