/** Editing, and the Python twin beside it. */
import assert from 'node:assert/strict';
import { holdCompiler, host, open, prepare, press, pressRun, text, typeAt, untilEnded, untilPrinted } from './playground.js';

export { prepare };

/** @typedef {import('./playground.js').Visit} Visit */
/** @typedef {import('puppeteer-core').Page} Page */

/** @param {Page} page @param {string} words in the status bar */
const untilNotice = (page, words) => page.waitForFunction((wanted) => document.querySelector('#status .notice')?.textContent?.includes(wanted), { timeout: 90_000 }, words);

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

/** In the menu. @param {import('puppeteer-core').Page} page @param {string} words */
async function choose(page, words) {
  await page.click('#more');
  await page.$$eval('#menu [role=menuitem]', (items, wanted) => /** @type {HTMLElement | undefined} */ (items.find((item) => item.textContent === wanted))?.click(), words);
}

/** @type {Record<string, (visit: Visit) => Promise<void>>} */
export const tests = {
  async 'Format is clang-format: fetched then, the cursor stays, and one Undo takes it back'(visit) {
    const { page, errors } = visit;
    /** @type {string[]} */
    const fetched = [];
    page.on('request', (request) => void fetched.push(request.url()));
    await open(visit, 'await', { compiles: false });
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
    await press(page, 'Alt', 'Shift', 'F'); // and does not get in the other's way
    await untilNotice(page, 'main.c is formatted already.');
    await page.click('#files [data-file="wasyncio.h"]');
    await page.waitForSelector('#editor [aria-label="wasyncio.h, read only"]');
    await press(page, 'Alt', 'Shift', 'F');
    await untilNotice(page, 'wasyncio.h is read only.');
    assert.deepEqual(errors, []);
  },

  async 'what cannot be formatted is shown, and goes when it is mended'(visit) {
    const { page } = visit;
    await open(visit, 'await', { compiles: false });
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
    await holdCompiler(page);
    await page.setViewport({ width: 1440, height: 900 });
    await page.goto(`${site.url}#await`);
    await page.waitForFunction(() => document.querySelectorAll('#editor .cm-line').length > 3);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
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

  async 'a line under the pointer, or at the cursor, lights up with its like in the twin, and back'(visit) {
    const { page, errors } = visit;
    await open(visit, 'await', { compiles: false });
    await page.click('#twin-switch');
    await page.waitForSelector('#python .cm-line');
    const lit = (/** @type {string} */ id) => page.$$eval(`#${id} .cm-line.pair`, (lines) => lines.map((line) => line.textContent));
    const until = (/** @type {string} */ id, /** @type {string} */ words) => page.waitForFunction((where, wanted) => document.querySelector(`#${where} .cm-line.pair`)?.textContent?.includes(wanted), {}, id, words);
    /** @param {string} id @param {number} line */
    const pointAt = async (id, line) => (await page.$$(`#${id} .cm-line`))[line - 1].hover();
    // The twin makes the editor narrower: a pointer that came before that is not over its line any more.
    for (let tries = 0; tries < 60 && !(await lit('python')).length; tries++) {
      await page.hover('#lesson');
      await pointAt('editor', 6);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    await until('python', 'await asyncio.sleep(seconds)');
    assert.deepEqual(await lit('editor'), ['    wio_sleep(seconds);']);
    await pointAt('python', 12);
    await until('editor', 'make("toast", 0.1)');
    assert.deepEqual(await lit('python'), ['    await make("toast", 0.1)']);
    await pointAt('editor', 8); // return 0: nothing like it in Python
    await page.waitForFunction(() => !document.querySelector('.cm-line.pair'));
    await page.hover('#lesson');
    await (await page.$$('#editor .cm-line'))[5].click();
    await page.hover('#lesson');
    await until('python', 'await asyncio.sleep(seconds)'); // the cursor is there
    await page.keyboard.press('ArrowDown');
    await until('python', 'is ready');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter'); // the pairs move with the text
    await until('editor', 'is ready');
    await page.focus('#python .cm-content');
    await page.waitForFunction(() => document.querySelector('#editor .cm-line.pair')?.textContent === '#include <wasyncio.h>');
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowDown');
    await until('editor', 'wio_sleep(seconds)');
    assert.match(await page.$eval('#python .cm-content', (content) => content.getAttribute('aria-label') ?? ''), /twin\.py, read only/);
    await page.keyboard.type('zzqq');
    assert.doesNotMatch(await text(page, 'python'), /zzqq/);
    assert.deepEqual(errors, []);
  },

  async 'tasks are marked in the twin, too, on the lines that say the same'(visit) {
    const { page } = visit;
    await open(visit, 'semaphore');
    await page.click('#twin-switch');
    await page.waitForSelector('#python .cm-line');
    await pressRun(page);
    await untilEnded(page);
    await page.focus('#timeline');
    await page.keyboard.press('Home');
    for (let i = 0; i < 3; i++) await page.keyboard.press(']');
    await page.waitForFunction(() => [...document.querySelectorAll('#python .cm-line.at')].some((line) => line.textContent?.includes('async with session.get')));
    const titles = await page.$$eval('#python .mark', (marks) => marks.map((mark) => mark.getAttribute('aria-label')));
    assert.ok(titles.some((title) => /fetch_page/.test(title ?? '')), String(titles));
  },

  async 'what was changed is there when one comes back, with its undo, and the original a click away'(visit) {
    const { page, errors } = visit;
    await open(visit, 'await', { compiles: false });
    await typeAt(page, 5, '// mine\n');
    const shown = () => text(page, 'editor');
    await page.click('#next');
    await page.waitForFunction(() => document.getElementById('editor')?.textContent?.includes('WIO_GATHER'));
    assert.doesNotMatch(await shown(), /mine/);
    await page.click('#previous');
    await page.waitForFunction(() => document.getElementById('editor')?.textContent?.includes('// mine'));
    assert.equal(await page.$$eval('#files .dot', (dots) => dots.length), 1, 'it is not what ran');
    await page.focus('#editor .cm-content');
    for (let i = 0; i < 3 && /mine/.test(await shown()); i++) await press(page, 'Control', 'z');
    assert.doesNotMatch(await shown(), /mine/);
    await typeAt(page, 5, '// again\n');
    await choose(page, 'Back to the original text');
    await page.waitForFunction(() => !document.getElementById('editor')?.textContent?.includes('// again'));
    await page.click('#more');
    assert.equal(await page.$$eval('#menu [role=menuitem]', (items) => items.find((item) => item.textContent === 'Back to the original text')?.getAttribute('aria-disabled')), 'true');
    assert.deepEqual(errors, []);
  },

  async 'a file that was added is part of the program, can be removed, and had back'(visit) {
    const { page } = visit;
    await open(visit, 'await');
    const add = async (/** @type {string} */ name) => {
      await page.click('#add-file');
      await page.type('.new-file', name);
      await page.keyboard.press('Enter');
      await page.waitForSelector(`#files [data-file="${name}"][aria-selected=true]`);
    };
    await add('more.h');
    assert.equal(await source(page), '#pragma once\n', 'Enter is not typed into it');
    await press(page, 'Control', 'End');
    await page.keyboard.type('\n#define WORDS "from another file"\n');
    await page.click('#files [data-file="main.c"]');
    await typeAt(page, 5, 'puts(WORDS);\n');
    await typeAt(page, 3, '#include "more.h"\n');
    await pressRun(page);
    await untilPrinted(page, 'from another file');
    await page.click('#files [data-file="more.h"]');
    await choose(page, 'Remove more.h');
    await untilNotice(page, 'more.h is removed');
    assert.deepEqual(await page.$$eval('#files [role=tab]', (tabs) => tabs.map((tab) => /** @type {HTMLElement} */ (tab).dataset.file)), ['main.c', 'wasyncio.h']);
    await pressRun(page);
    await page.waitForFunction(() => /more\.h/.test(document.getElementById('panel-problems')?.textContent ?? ''));
    await add('more.h');
    assert.match(await text(page, 'editor'), /from another file/);
    await pressRun(page);
    await untilEnded(page);
  },
};
