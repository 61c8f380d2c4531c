/** Compiling in the page: the toolchain is fetched at the first edited run, errors stand on their lines, and it works offline. */
import assert from 'node:assert/strict';
import { open, prepare, pressRun, printed, text, typeAt, untilEnded, untilPrinted, untilRun } from './playground.js';

export { prepare };

/** @typedef {import('./playground.js').Visit} Visit */

/** @param {import('puppeteer-core').Page} page @param {RegExp} pattern of the status bar */
const untilStatus = (page, pattern) => page.waitForFunction((source) => new RegExp(source).test(document.getElementById('status')?.textContent ?? ''), { timeout: 90_000 }, pattern.source);

/** @type {Record<string, (visit: Visit) => Promise<void>>} */
export const tests = {
  async 'an edited program is compiled and runs; again, without fetching anything'(visit) {
    const { page, errors } = visit;
    /** @type {string[]} */
    const fetched = [];
    page.on('request', (request) => void fetched.push(request.url()));
    await open(visit, 'await');
    assert.match(await text(page, 'status'), /Compiler: \d+\.\d MB, loaded once, on the first edit|Compiler cached/);
    assert.ok(!fetched.some((url) => url.includes('/toolchain/')));
    await typeAt(page, 5, 'printf("edited\\n");\n');
    await pressRun(page);
    await page.waitForFunction(() => /edited/.test(document.getElementById('panel-console')?.textContent ?? ''), { timeout: 90_000 });
    await untilEnded(page);
    assert.match(await printed(page, 'out'), /^edited\ntea \.\.\.\n/);
    assert.match(await text(page, 'status'), /Compiler ready/);
    assert.match(await text(page, 'panel-problems'), /Compiled without warnings/);
    await typeAt(page, 5, 'printf("again\\n");\n');
    await pressRun(page);
    await untilPrinted(page, 'again');
    assert.deepEqual(errors, []);
  },

  async 'a syntax error and an unknown function are shown on their lines, with a fix'(visit) {
    const { page } = visit;
    await open(visit, 'await');
    await typeAt(page, 5, 'wio_slep(1);\n');
    await pressRun(page);
    await untilStatus(page, /Does not compile: 1 error/);
    await page.waitForSelector('#editor .sqg');
    assert.equal(await page.$eval('#editor .sqg', (mark) => mark.textContent), 'wio_slep');
    assert.match(await page.$eval('#editor .lens', (lens) => lens.textContent ?? ''), /wio_slep is not declared\. Did you mean wio_sleep\?Fix/);
    assert.match(await text(page, 'panel-problems'), /main\.c:5:\d+/);
    await page.click('#editor .lens .fix');
    await pressRun(page);
    await untilPrinted(page, 'exit code 0');
    assert.match(await text(page, 'run-note'), /2300 ms/);
    await typeAt(page, 5, 'int x = ;\n');
    await pressRun(page);
    await untilStatus(page, /Does not compile: 1 error/);
    await page.waitForSelector('#editor .sqg');
    assert.match(await text(page, 'panel-problems'), /expected expression/);
    assert.match(await text(page, 'say'), /from the last text that compiled/);
  },

  async 'a function that is declared and nowhere defined is named'(visit) {
    const { page } = visit;
    await open(visit, 'await');
    await typeAt(page, 3, 'int nowhere(void);\n');
    await typeAt(page, 6, 'nowhere();\n');
    await pressRun(page);
    await untilStatus(page, /Does not compile/);
    assert.match(await text(page, 'panel-problems'), /nowhere is nowhere defined/);
  },

  async 'an endless loop of one\'s own is stopped, and the next program runs'(visit) {
    const { page } = visit;
    await open(visit, 'await');
    await typeAt(page, 5, 'for (volatile int i = 0;; i++) {}\n');
    await pressRun(page);
    await page.waitForFunction(() => document.getElementById('run-label')?.textContent === 'Restart', { timeout: 90_000 });
    await page.click('#stop');
    await untilRun(page, /stopped at/);
    await page.select('#programs', 'gather');
    await page.waitForFunction(() => location.hash === '#gather');
    await pressRun(page);
    await untilPrinted(page, 'exit code 0');
  },
};
