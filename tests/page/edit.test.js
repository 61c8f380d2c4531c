/** Editing: the formatter. */
import assert from 'node:assert/strict';
import { host, open, prepare, press, text, typeAt } from './playground.js';

export { prepare };

/** @typedef {import('./playground.js').Visit} Visit */
/** @typedef {import('puppeteer-core').Page} Page */

/** @param {Page} page @param {string} words in the status bar */
const untilNotice = (page, words) => page.waitForFunction((wanted) => document.querySelector('#status .notice')?.textContent?.includes(wanted), { timeout: 60_000 }, words);

/** @param {Page} page */
const source = (page) => page.$$eval('#editor .cm-line', (lines) => lines.map((line) => line.textContent).join('\n'));

/** The text around the cursor. @param {Page} page */
const atCursor = (page) =>
  page.evaluate(() => {
    const { focusNode, focusOffset } = /** @type {Selection} */ (getSelection());
    const line = /** @type {HTMLElement} */ ((focusNode instanceof HTMLElement ? focusNode : focusNode?.parentElement)?.closest('.cm-line'));
    const range = document.createRange();
    range.setStart(line, 0);
    range.setEnd(/** @type {Node} */ (focusNode), focusOffset);
    return range.toString();
  });

/** @param {Page} page */
async function untidy(page) {
  await typeAt(page, 5, 'if(1){int   x=2;(void)x;}');
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowLeft'); // before x;}
}

/** @type {Record<string, (visit: Visit) => Promise<void>>} */
export const tests = {
  async 'Format is clang-format: fetched then, the cursor stays, and one Undo takes it back'(visit) {
    const { page, errors } = visit;
    /** @type {string[]} */
    const fetched = [];
    page.on('request', (request) => void fetched.push(request.url()));
    await open(visit, 'await');
    await untidy(page);
    const before = await source(page);
    assert.ok(!fetched.some((url) => /clang-format/.test(url)), 'not before it is wanted');
    await press(page, 'Alt', 'Shift', 'F');
    await untilNotice(page, 'main.c is formatted.');
    assert.match(await source(page), /\n {4}if \(1\) \{\n {8}int x = 2;\n {8}\(void\)x;\n {4}\}/);
    assert.equal(await atCursor(page), '        (voi', 'the cursor is where it was in the code');
    await page.keyboard.type(''); // it has the focus
    await press(page, 'Control', 'z');
    assert.equal(await source(page), before, 'one step back');
    await press(page, 'Alt', 'Shift', 'F');
    await untilNotice(page, 'main.c is formatted.');
    await press(page, 'Alt', 'Shift', 'F');
    await untilNotice(page, 'main.c is formatted already.');
    await page.click('#files [data-file="wasyncio.h"]');
    await page.waitForSelector('#files [data-file="wasyncio.h"][aria-selected=true]');
    await press(page, 'Alt', 'Shift', 'F');
    await untilNotice(page, 'wasyncio.h is read only.');
    assert.deepEqual(errors, []);
  },

  async 'what cannot be formatted is shown, and goes when it is mended'(visit) {
    const { page } = visit;
    await open(visit, 'await');
    await typeAt(page, 5, 'g((1);');
    const before = await source(page);
    await press(page, 'Alt', 'Shift', 'F');
    await untilNotice(page, "Not formatted: line ");
    assert.equal(await source(page), before);
    assert.match(await text(page, 'panel-problems'), /} cannot close the \( of line 5\. *main\.c:\d+/);
    assert.equal(await page.$eval('#tab-problems', (tab) => tab.getAttribute('aria-selected')), 'true');
    await page.waitForSelector('#editor .sqg');
    await press(page, 'Control', 'z');
    await press(page, 'Alt', 'Shift', 'F');
    await untilNotice(page, 'main.c is formatted');
    assert.match(await text(page, 'panel-problems'), /No problems/);
    assert.equal((await page.$$('#editor .sqg')).length, 0);
  },

  async 'without a network: kept from the first use; before that, indentation, and it says so'(visit) {
    const { page } = visit;
    const site = await host('/');
    await page.setViewport({ width: 1440, height: 900 });
    await page.goto(`${site.url}#await`);
    await page.waitForFunction(() => document.querySelectorAll('#editor .cm-line').length > 3);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null, { timeout: 30_000 });
    await site.close();
    await untidy(page);
    await press(page, 'Alt', 'Shift', 'F');
    await untilNotice(page, 'Only indented: the formatter could not be loaded');
    assert.match(await source(page), /\n {4}if\(1\)\{int {3}x=2;/);
    const again = await host('/', Number(new URL(site.url).port));
    await press(page, 'Alt', 'Shift', 'F');
    await untilNotice(page, 'main.c is formatted.');
    await again.close();
    await page.reload();
    await page.waitForFunction(() => document.querySelectorAll('#editor .cm-line').length > 3);
    await untidy(page);
    await press(page, 'Alt', 'Shift', 'F');
    await untilNotice(page, 'main.c is formatted.');
  },
};
