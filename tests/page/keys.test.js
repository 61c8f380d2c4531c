/** Without a mouse, and without eyes: what the Tab key reaches, what the keys do there, and what a screen reader is told of a run. */
import assert from 'node:assert/strict';
import { open, prepare, press, pressRun, printed, text, typeAt, untilEnded, untilPrinted } from './playground.js';

export { prepare };

/** @typedef {import('./playground.js').Visit} Visit */
/** @typedef {import('puppeteer-core').Page} Page */

/** Has what has the focus a ring, or does it show it in its own way? @param {Page} page @returns {Promise<[what: string, ring: boolean]>} */
const focused = (page) =>
  page.evaluate(() => {
    const at = /** @type {HTMLElement} */ (document.activeElement);
    const ring = (/** @type {Element | null | undefined} */ element, part = '') => {
      if (!element) return false;
      const { outlineStyle, outlineWidth, content, backgroundColor } = getComputedStyle(element, part);
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || (!!part && content !== 'none' && backgroundColor !== 'rgba(0, 0, 0, 0)');
    };
    const name = at.classList.contains('cm-content') ? 'cm-content' : at.id || at.getAttribute('aria-label') || (at === document.body ? 'BODY' : at.className || at.textContent || at.tagName);
    return [name, ring(at) || ring(at, '::after') || ring(at.closest('.cm-editor')) || ring(at.parentElement) || ring(document.getElementById(at.getAttribute('aria-activedescendant') ?? '-'))];
  });

/** A finished run, with the playhead where the first request has failed. @param {Visit} visit */
async function inTheMiddle(visit) {
  const { page } = visit;
  await open(visit, 'semaphore');
  await pressRun(page);
  await untilEnded(page);
  await page.focus('.tl-lanes');
  await page.keyboard.press('Home');
  for (let i = 0; i < 5; i++) await page.keyboard.press(']');
  await page.waitForFunction(() => /GET \/pages\//.test(document.getElementById('panel-tasks')?.textContent ?? ''));
}

/** @type {Record<string, (visit: Visit) => Promise<void>>} */
export const tests = {
  async 'Tab goes through every part of a finished run, each with a ring, and back to where it began'(visit) {
    const { page, errors } = visit;
    await inTheMiddle(visit);
    await page.focus('.brand');
    /** @type {string[]} */
    const reached = [];
    const bare = [];
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      const [name, ring] = await focused(page);
      if (name === 'BODY' || name === 'brand') break;
      if (!ring) bare.push(name);
      reached.push(name);
      if (name === 'cm-content') await page.keyboard.press('Escape'); // Tab indents, but after Escape
    }
    assert.deepEqual(bare, []);
    for (const name of ['programs', 'run', 'twin-switch', 'file-main.c', 'add-file', 'divide-columns', 'To the start', 'Zoom in', 'Tasks', 'panel-console', 'tab-tasks', 'Tasks at the playhead']) assert.ok(reached.includes(name), `${name}: ${reached.join(', ')}`);
    assert.equal(reached.length, new Set(reached).size, `nothing twice: ${reached.join(', ')}`);
    assert.ok(reached.length < 40, 'a list of tasks is one stop');
    assert.deepEqual(errors, []);
  },

  async 'the tree of tasks: rows by arrow keys, told one by one; Enter goes to the line'(visit) {
    const { page } = visit;
    await inTheMiddle(visit);
    await press(page, 'Alt', '2');
    const active = () => page.$eval('#panel-tasks .tree', (tree) => {
      const row = document.getElementById(tree.getAttribute('aria-activedescendant') ?? '-');
      return [document.activeElement === tree, row?.textContent, ...['aria-level', 'aria-posinset', 'aria-setsize'].map((name) => row?.getAttribute(name))];
    });
    const [isFocused, first, ...place] = await active();
    assert.equal(isFocused, true);
    assert.match(String(first), /^main waits for group g/);
    assert.deepEqual(place, ['1', '1', '1']);
    await page.keyboard.press('ArrowRight');
    assert.match(String((await active())[1]), /^ticker /);
    await page.keyboard.press('ArrowDown');
    assert.match(String((await active())[1]), /^group g \d+ of 12 over/);
    await page.keyboard.press('ArrowDown');
    const [, , level, at, of] = await active();
    assert.deepEqual([level, at], ['3', '1']);
    assert.ok(Number(of) > 4);
    const name = String((await active())[1]).split(' ').slice(0, 2).join(' ');
    await page.waitForFunction((wanted) => document.querySelector('.tl-lanes [aria-selected=true]')?.getAttribute('aria-label')?.startsWith(`${wanted}:`), {}, name);
    await page.keyboard.press('ArrowLeft');
    assert.match(String((await active())[1]), /^group g/);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter'); // pins
    await page.waitForSelector('.tl-card:not([hidden])');
    await page.keyboard.press('Enter'); // goes to its line
    await page.waitForFunction(() => document.activeElement?.classList.contains('cm-content'));
    assert.match(await page.$eval('#editor .cm-activeLine', (line) => line.textContent ?? ''), /wio_fetch|WIO_WITH_SEMAPHORE/);
  },

  async 'a task is cancelled by keys alone while the program runs'(visit) {
    const { page, errors } = visit;
    await open(visit, 'patient');
    await page.focus('#speed [aria-checked=true]');
    await page.keyboard.press('ArrowRight'); // round to the first
    assert.equal(await page.$eval('#speed [aria-checked=true]', (choice) => choice.textContent), '1×');
    await pressRun(page);
    await page.waitForSelector('#panel-tasks [aria-label="Cancel waits"]');
    await press(page, 'Alt', '2');
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => /^waits /.test(document.querySelector('#panel-tasks [aria-selected=true]')?.textContent ?? ''));
    await page.keyboard.press('x');
    await untilPrinted(page, 'exit code 0');
    assert.equal(await printed(page, 'out'), 'waits: ECANCELED\npatient: ECANCELED\n');
    assert.deepEqual(errors, []);
  },

  async 'a slow click of the mouse cancels it, too: rows stay the same elements while time passes'(visit) {
    const { page } = visit;
    await open(visit, 'patient');
    await page.click('#speed [data-speed="1"]');
    await pressRun(page);
    const button = '#panel-tasks [aria-label="Cancel waits"]';
    await page.waitForSelector(button);
    await page.hover(button);
    const time = () => text(page, 'readout');
    await page.mouse.down();
    const before = await time();
    await page.waitForFunction((was) => document.getElementById('readout')?.textContent !== was, {}, before);
    await page.mouse.up();
    await untilPrinted(page, 'exit code 0');
    assert.match(await printed(page, 'out'), /^waits: ECANCELED/);
  },

  async 'a run that goes on is told in order: nothing is ever ahead of the playhead'(visit) {
    const { page } = visit;
    await open(visit, 'semaphore');
    await page.click('#speed [data-speed="1"]');
    await page.evaluate(() => {
      const said = (/** @type {any} */ (globalThis).said = /** @type {string[]} */ ([]));
      const line = /** @type {HTMLElement} */ (document.getElementById('say'));
      new MutationObserver(() => said.push(line.textContent ?? '')).observe(line, { childList: true, characterData: true, subtree: true });
    });
    await pressRun(page);
    await untilEnded(page);
    const said = await page.evaluate(() => /** @type {any} */ (globalThis).said);
    assert.ok(said.length > 3);
    assert.deepEqual(said.filter((/** @type {string} */ words) => /In -/.test(words)), []);
  },

  async 'the accessibility tree tells what the timeline shows'(visit) {
    const { page, browser } = visit;
    await inTheMiddle(visit);
    await page.waitForFunction(() => /14 tasks over 254 ms of virtual time: 6 done, 2 failed, 6 cancelled\. Playhead at \d+ ms: .*in line.*in flight/.test(document.querySelector('.tl-box canvas')?.getAttribute('aria-label') ?? ''));
    const options = await page.$$eval('.tl-lanes [role=option]:not([hidden])', (rows) => rows.map((row) => row.getAttribute('aria-label')));
    assert.equal(options.length, 14);
    assert.ok(options.includes('main: waits for group g') && options.some((name) => /^fetch_page #\d+: waits for an answer$/.test(name ?? '')) && options.some((name) => /^fetch_page #\d+: waits for limit$/.test(name ?? '')), options.join(', '));
    if (browser !== 'chromium') return; // puppeteer does not ask Firefox for its tree
    const tree = await page.accessibility.snapshot({ interestingOnly: false });
    /** @type {import('puppeteer-core').SerializedAXNode[]} */
    const all = [];
    const walk = (/** @type {import('puppeteer-core').SerializedAXNode | null} */ node) => {
      if (!node) return;
      all.push(node);
      node.children?.forEach(walk);
    };
    walk(tree);
    const named = (/** @type {string} */ role) => all.filter((node) => node.role === role).map(({ name }) => name ?? '');
    for (const role of ['button', 'radio', 'tab', 'option', 'treeitem', 'image', 'textbox', 'combobox', 'switch', 'separator', 'slider', 'listbox', 'tree', 'region', 'log']) assert.ok(named(role).every(Boolean), `each ${role} has a name: ${JSON.stringify(named(role))}`);
    for (const name of options) assert.ok(named('option').includes(name ?? ''), `${name}`);
    assert.ok(named('image').some((name) => /^What each task does, over time\. 14 tasks/.test(name)));
    assert.ok(named('treeitem').some((name) => /^fetch_page #\d+ GET \/pages\/\d+, \d+ ms main\.c:19/.test(name)), JSON.stringify(named('treeitem')));
    assert.ok(named('region').includes('Timeline'));
    assert.match(all.filter(({ role }) => role === 'StaticText').map(({ name }) => name).join(' '), /limit 4 of 4 \d in line/);
  },

  async 'on a phone the menu has the clock and the seed, and the focus comes back from what it opens'(visit) {
    const { page } = visit;
    await open(visit, 'semaphore', { width: 360, height: 780 });
    await page.click('#more');
    await page.waitForFunction(() => document.activeElement?.closest('#menu'));
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), '1×');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('#speed [aria-checked=true]')?.textContent === '1×');
    await page.click('#more');
    await page.$$eval('#menu [role=menuitem]', (items) => /** @type {HTMLElement | undefined} */ (items.find((item) => item.textContent?.startsWith('Another seed')))?.click());
    assert.match(await page.$eval('#seed', (input) => /** @type {HTMLInputElement} */ (input).value), /^\d+$/);
    await page.click('#more');
    await page.$$eval('#menu [role=menuitem]', (items) => /** @type {HTMLElement | undefined} */ (items.find((item) => item.textContent?.startsWith('Back to the default')))?.click());
    assert.equal(await page.$eval('#seed', (input) => /** @type {HTMLInputElement} */ (input).value), '');
    await page.click('#more');
    await page.$$eval('#menu [role=menuitem]', (items) => /** @type {HTMLElement | undefined} */ (items.find((item) => item.textContent === 'Share'))?.click());
    await page.waitForFunction(() => document.activeElement?.closest('#sharebox'));
    await page.keyboard.press('Escape');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'more');
  },

  async 'what an error means and where it is: by F8, in words'(visit) {
    const { page } = visit;
    await open(visit, 'await');
    await typeAt(page, 5, 'wio_slep(1);\n');
    await pressRun(page);
    await page.waitForSelector('#editor .lens');
    await press(page, 'F8');
    await page.waitForFunction(() => /^Line 5: 'wio_slep' is not declared/.test(document.getElementById('said')?.textContent ?? ''));
  },
};
