/** The page of web/, built with a few programs more, as a user meets it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { examples } from '../../examples/list.js';
import { root as ROOT } from '../../examples/needs.js';
import { buildPage } from '../../web/build.js';

const FOLDER = 'build/tests/web';

/** @typedef {{ page: import('puppeteer-core').Page, origin: string, browser: string, errors: string[] }} Visit */

const MORE = ['endless', 'yields', 'chatty', 'crash'];

/** @type {Promise<string> | undefined} */
let built;

/** The browsers share it. */
export const prepare = () =>
  (built ??= buildPage({
    output: path.join(ROOT, FOLDER),
    more: MORE.map((name) => ({ name, title: name, hook: name, text: name, source: path.join(ROOT, `tests/page/web/${name}.c`) })),
  }));

/** @param {Visit} visit @param {string} [name] of an example */
async function open({ page, origin }, name = '') {
  await page.setViewport({ width: 1440, height: 900 });
  await page.goto(`${origin}/${FOLDER}/${name && `#${name}`}`);
  await page.waitForFunction(() => document.querySelectorAll('#editor li').length > 3);
}

/** @param {import('puppeteer-core').Page} page @param {string} id */
const text = (page, id) => page.$eval(`#${id}`, (element) => element.textContent ?? '');

/** Of the program's own lines, by stream. @param {import('puppeteer-core').Page} page @param {string} stream */
const printed = (page, stream) =>
  page.$$eval(`#console .${stream} > span`, (rows) => rows.map((row) => `${row.textContent}\n`).join(''));

/** @param {import('puppeteer-core').Page} page @param {RegExp} pattern of the status line */
const untilStatus = (page, pattern) =>
  page.waitForFunction((source) => new RegExp(source).test(document.getElementById('status')?.textContent ?? ''), { timeout: 20_000 }, pattern.source);

/** @param {import('puppeteer-core').Page} page @param {string} line */
const untilPrinted = (page, line) =>
  page.waitForFunction((wanted) => document.getElementById('console')?.textContent?.includes(wanted), { timeout: 20_000 }, line);

/** @param {import('puppeteer-core').Page} page */
async function pressRun(page) {
  await page.keyboard.down('Control');
  await page.keyboard.press('Enter');
  await page.keyboard.up('Control');
}

/** @param {string} name */
const golden = (name) => readFileSync(path.join(ROOT, 'examples', `${name}.out`), 'utf8');

/** Without tenths of seconds, which the clock of a busy machine changes. @param {string} output */
const stable = (output) => output.replace(/(\d)\.\d s$/gm, '$1 s');

/** @type {Record<string, (visit: Visit) => Promise<void>>} */
export const tests = {
  async 'loads under its policy, without errors'(visit) {
    const { page, errors } = visit;
    await open(visit);
    const policy = await page.$eval('meta[http-equiv]', (meta) => meta.getAttribute('content') ?? '');
    for (const part of ["default-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", "connect-src 'self'"]) assert.ok(policy.includes(part), part);
    assert.equal(await page.$$eval('[style*=background], style, script:not([src])', (found) => found.length), 0);
    assert.equal(await text(page, 'title'), 'Three fetches at once');
    assert.equal(await page.$$eval('#examples option', (options) => options.length), examples.filter(({ driver, nodeOnly }) => !driver && !nodeOnly).length + MORE.length);
    assert.ok((await page.$$('#editor .waits')).length >= 3, 'what waits is underlined');
    assert.match(await text(page, 'served'), /simulated server/);
    assert.deepEqual(errors, []);
  },

  ...Object.fromEntries(
    examples
      .filter(({ driver, nodeOnly }) => !driver && !nodeOnly)
      .map(({ name, server }) => [
        `runs ${name}`,
        async (/** @type {Visit} */ visit) => {
          const { page, errors } = visit;
          await open(visit, name);
          await page.click('#run');
          await untilStatus(page, /^Exit code 0 after/);
          assert.equal(stable(await printed(page, 'stdout')), stable(golden(name)));
          if (server) assert.match(await text(page, 'served'), /^simulated server: \d+ requests, at most \d+ at once/);
          assert.deepEqual(errors, []);
        },
      ]),
  ),

  async 'the simulated server sees what a real one would'(visit) {
    const { page } = visit;
    await open(visit, '06_group_failure');
    await page.click('#run-first');
    await untilStatus(page, /^Exit code 0/);
    assert.equal(await text(page, 'served'), 'simulated server: 3 requests, at most 3 at once, 2 given up');
  },

  async 'a deadlock is reported as a tree, with links into the source'(visit) {
    const { page } = visit;
    await open(visit, '12_deadlock');
    await pressRun(page);
    await untilStatus(page, /^Exit code 0/);
    assert.match(await page.$eval('.report h3', (title) => title.textContent ?? ''), /Deadlock: no task can ever wake/);
    const rows = await page.$$eval('.report .tree > div', (found) => found.map((row) => row.textContent));
    assert.equal(rows.length, 2);
    assert.match(rows[1] ?? '', /^Task-\d+ ben waits for semaphore \(0 free, 1 in line\)12_deadlock\.c:\d+$/);
    await page.click('.report .tree > div:last-child a');
    await page.waitForSelector('#editor li.here');
    assert.match(await page.$eval('#editor li.here', (line) => line.textContent ?? ''), /wio_semaphore_acquire/);
  },

  async 'the debug report is on stderr, in its own colour'(visit) {
    const { page } = visit;
    await open(visit, '08_blocking');
    await pressRun(page);
    await untilStatus(page, /^Exit code 0/);
    assert.match(await printed(page, 'stderr'), /\(blocking\) held the loop for (999|1\d{3}) ms/);
    const colour = (/** @type {string} */ stream) => page.$eval(`#console .${stream} > span`, (row) => getComputedStyle(row).color);
    assert.notEqual(await colour('stderr'), await colour('stdout'));
  },

  async 'Stop ends a program that never waits, and the page never froze'(visit) {
    const { page, errors } = visit;
    await open(visit, 'endless');
    await pressRun(page);
    await untilPrinted(page, 'spinning');
    assert.equal(await page.$eval('#stop', (button) => /** @type {HTMLButtonElement} */ (button).disabled), false);
    const frames = await page.evaluate(
      () => new Promise((resolve) => {
        let count = 0;
        const end = performance.now() + 500;
        const frame = () => (performance.now() < end ? (count++, requestAnimationFrame(frame)) : resolve(count));
        requestAnimationFrame(frame);
      }),
    );
    assert.ok(Number(frames) > 10, `${frames} frames in half a second`);
    await page.click('#stop');
    await untilStatus(page, /^Stopped after/);
    assert.equal(await page.$eval('#stop', (button) => /** @type {HTMLButtonElement} */ (button).disabled), true);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'run', 'the focus is not lost');
    await page.select('#examples', '09_run_in_run');
    await pressRun(page);
    await untilStatus(page, /^Exit code 0/); // and another runs
    assert.deepEqual(errors, []);
  },

  async 'a wio_yield loop lets timers go off, and the page animates'(visit) {
    const { page } = visit;
    await open(visit, 'yields');
    await pressRun(page);
    await untilPrinted(page, 'tick 3');
    const frames = await page.evaluate(
      () => new Promise((resolve) => {
        let count = 0;
        const end = performance.now() + 500;
        const frame = () => (performance.now() < end ? (count++, requestAnimationFrame(frame)) : resolve(count));
        requestAnimationFrame(frame);
      }),
    );
    assert.ok(Number(frames) > 10, `${frames} frames in half a second`);
    await pressRun(page); // restarts
    await untilPrinted(page, 'tick 2');
    await page.keyboard.down('Control');
    await page.keyboard.press('.');
    await page.keyboard.up('Control');
    await untilStatus(page, /^Stopped after/);
  },

  async 'output is text, and there may be too much of it'(visit) {
    const { page, errors } = visit;
    await open(visit, 'chatty');
    await pressRun(page);
    await untilStatus(page, /^Exit code 3 after/);
    assert.equal((await page.$$('#console img')).length, 0);
    const lines = await page.$$eval('#console .stdout > span', (rows) => rows.map((row) => row.textContent));
    assert.equal(lines[0], '<img src=x onerror=alert(1)>␛[31m');
    assert.equal(lines[1], 'line 1');
    assert.equal(lines.at(-1), 'no end of line');
    assert.ok(lines.includes('line 60000'));
    assert.ok(lines.length <= 10_001, `${lines.length} lines are kept`);
    assert.match(await text(page, 'console'), /\d+,\d+ lines left out/);
    assert.equal(await printed(page, 'stderr'), 'on stderr\n');
    assert.deepEqual(errors, []);
  },

  async 'a crash is named'(visit) {
    const { page } = visit;
    await open(visit, 'crash');
    await pressRun(page);
    await untilStatus(page, /^Failed after/);
    assert.match(await page.$eval('.report', (report) => report.textContent ?? ''), /EFAULT.* crashed: .*unreachable/);
  },

  async 'the keyboard reaches everything, and what runs is said'(visit) {
    const { page } = visit;
    await open(visit);
    assert.equal(await page.$eval('#status', (status) => status.getAttribute('role')), 'status');
    const reached = new Set();
    for (let i = 0; i < 14; i++) {
      await page.keyboard.press('Tab');
      reached.add(await page.evaluate(() => document.activeElement?.id));
    }
    for (const id of ['examples', 'next', 'run', 'theme', 'tab-c', 'editor', 'run-first']) assert.ok(reached.has(id), `Tab reaches #${id}: ${[...reached]}`);
    await page.focus('#tab-c');
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => document.getElementById('editor')?.textContent?.includes('import asyncio'));
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'tab-py');
  },

  async 'choosing an example ends the one that runs'(visit) {
    const { page } = visit;
    await open(visit, 'yields');
    await pressRun(page);
    await untilPrinted(page, 'tick 1');
    await page.select('#examples', '02_call_or_task');
    await page.waitForFunction(() => document.getElementById('editor')?.textContent?.includes('boil'));
    assert.equal(await text(page, 'console'), '');
    assert.equal(await page.$eval('#first', (first) => /** @type {HTMLElement} */ (first).hidden), false);
    assert.match(await page.evaluate(() => location.hash), /02_call_or_task/);
  },

  async 'nothing is cut off, from a phone to a desk'(visit) {
    const { page } = visit;
    await open(visit, '07_fetch_limited');
    for (const [width, height] of [[320, 600], [360, 780], [768, 1024], [960, 700], [1024, 768], [1400, 900], [1920, 1080]]) {
      await page.setViewport({ width, height });
      const sideways = await page.evaluate(() => [document.documentElement, document.body, ...document.querySelectorAll('.top, .work, .left, .right, .editor, .first, .lesson')].filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className || box.tagName));
      assert.deepEqual(sideways, [], `at ${width} px`);
    }
    await page.setViewport({ width: 360, height: 780 });
    await page.click('#run');
    assert.equal(await page.$eval('body', (body) => body.dataset.view), 'output', 'Run shows the output');
    assert.ok(await page.$eval('#stop', (stop) => /** @type {HTMLElement} */ (stop).offsetWidth > 60), 'Stop has taken its place');
    await page.click('#stop');
    await page.click('.views [data-view=code]');
    assert.ok(await page.$eval('#editor', (editor) => /** @type {HTMLElement} */ (editor).offsetHeight > 300));
  },

  async '`make web` serves it without any headers, on the next free port'(visit) {
    const { page, browser, errors } = visit;
    if (browser !== 'chromium') return; // it is built into one place
    const taken = net.createServer().listen(0, 'localhost');
    await new Promise((resolve) => taken.on('listening', resolve));
    const { port } = /** @type {net.AddressInfo} */ (taken.address());
    const child = spawn(process.execPath, [path.join(ROOT, 'web/serve.js'), '--port', String(port)], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const said = await new Promise((resolve, reject) => {
        child.stdout.once('data', (data) => resolve(String(data)));
        child.once('exit', (code) => reject(new Error(`web/serve.js ended with ${code}`)));
      });
      const url = said.split('\n')[0];
      assert.match(url, /^http:\/\/localhost:\d+$/);
      assert.ok(Number(new URL(url).port) > port);
      await page.goto(`${url}/#09_run_in_run`);
      await page.waitForSelector('#editor li');
      await page.click('#run');
      await untilStatus(page, /^Exit code 0/);
      assert.equal((await fetch(`${url}/%2e%2e/%2e%2e/package.json`)).status, 404);
      assert.deepEqual(errors, []);
    } finally {
      child.kill();
      taken.close();
    }
  },

  async 'light and dark, remembered'(visit) {
    const { page } = visit;
    await open(visit);
    const paper = () => page.$eval('.left', (left) => getComputedStyle(left).backgroundColor);
    const before = await paper();
    await page.click('#theme');
    const after = await paper();
    assert.notEqual(after, before);
    await page.reload();
    await page.waitForSelector('#editor li');
    assert.equal(await paper(), after);
    await page.evaluate(() => localStorage.clear());
  },
};
